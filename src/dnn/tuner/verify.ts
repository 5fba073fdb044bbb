/**
 * @file Verification: is what a kernel wrote the answer?
 *
 * Where the float64 reference of every element is cheap, all are compared; otherwise those at the corners, on edges,
 * and at random places. Beyond the samples, whole outputs of two candidates are compared with each other, and where
 * they disagree the reference is computed there: it alone says which of the two is wrong.
 */
import type { DType } from '../../base/dtype.ts';
import { decode, encode } from '../../base/dtype.ts';
import { formatNumber } from '../../base/format.ts';
import type { Plan, Problem } from '../problem.ts';
import type { WrongOutput } from '../choice/records.ts';
import { toleranceOfPlan } from '../choice/candidates.ts';

/** Multiplications and additions that a verification spends on references. */
const referenceFlops = 8e6;
const leastSamples = 64;

/** How many elements of a disagreement are looked at. */
const mostDisagreements = 32;

export interface OutputCheck {
  /** Largest |error| over the rms of the reference. */
  readonly maxError: number;
  readonly wrong?: string;
  readonly firstWrong?: WrongOutput;
  readonly disproved?: Disproof;
}

/** That a candidate is wrong which had passed. */
export interface Disproof {
  readonly candidate: number;
  readonly reason: string;
  readonly firstWrong?: WrongOutput;
}

export class Verifier {
  private readonly problem: Problem;
  private readonly inputs: Readonly<Record<string, Float64Array>>;
  private readonly places: Uint32Array;
  private readonly expected: Float64Array;
  private readonly rms: number;
  /** The whole output of a candidate that has passed. */
  private passed: { candidate: number; output: Float64Array; tolerance: number } | undefined;

  constructor(problem: Problem, inputs: Readonly<Record<string, Float64Array>>) {
    this.problem = problem;
    this.inputs = inputs;
    this.places = samplePlaces(problem);
    this.expected = problem.reference(inputs, this.places);
    const finite = this.expected.filter(Number.isFinite); // a maximum over nothing is −∞
    this.rms = Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / finite.length) || 1;
  }

  check(candidate: number, plan: Plan, output: Float64Array): OutputCheck {
    const tolerance = toleranceOfPlan(this.problem, plan);
    const worst = this.worst(output, this.places, this.expected, tolerance);
    const { error } = worst;
    if (!(error <= tolerance)) return { maxError: error, ...this.complaint(worst, tolerance) };
    const passed = this.passed;
    const next = { candidate, output, tolerance };
    if (!passed || passed.candidate === candidate) {
      this.passed = next;
      return { maxError: error };
    }
    const places = this.disagreements(output, tolerance);
    if (places.length === 0) return { maxError: error };
    const truth = this.problem.reference(this.inputs, places);
    const mine = this.worst(output, places, truth, tolerance);
    if (!(mine.error <= tolerance)) return { maxError: mine.error, ...this.complaint(mine, tolerance) };
    const theirs = this.worst(passed.output, places, truth, passed.tolerance);
    this.passed = next;
    const { wrong: reason, firstWrong } = this.complaint(theirs, passed.tolerance);
    return {
      maxError: Math.max(error, mine.error),
      disproved: { candidate: passed.candidate, reason, ...(firstWrong && { firstWrong }) },
    };
  }

  private worst(output: Float64Array, places: Uint32Array, expected: Float64Array, tolerance: number): Worst {
    let error = 0;
    let at = places[0];
    let first: Worst['first'];
    places.forEach((place, i) => {
      const isRight = Object.is(output[place], expected[i]) || output[place] === expected[i];
      const here = isRight ? 0 : Math.abs(output[place] - expected[i]) / this.rms;
      if (!(here <= tolerance)) first ??= { element: place, expected: expected[i], got: output[place] };
      if (here <= error) return;
      error = Number.isNaN(here) ? Infinity : here;
      at = place;
    });
    return { error, at, first };
  }

  /** Where this output and the one that has passed differ by more than both tolerances together. */
  private disagreements(output: Float64Array, tolerance: number): Uint32Array {
    const { output: other, tolerance: theirs } = this.passed!;
    const allowed = (tolerance + theirs) * this.rms;
    const places: number[] = [];
    for (let i = 0; i < output.length && places.length < mostDisagreements; i++) {
      if (!Object.is(output[i], other[i]) && !(output[i] === other[i] || Math.abs(output[i] - other[i]) <= allowed))
        places.push(i);
    }
    return Uint32Array.from(places);
  }

  private complaint({ error, at, first }: Worst, tolerance: number): { wrong: string; firstWrong?: WrongOutput } {
    const wrong = `differs from the float64 reference by ${error.toExponential(1)} of its rms at element ${at}, allowed are ${tolerance.toExponential(1)}`;
    const story = first && this.problem.describeElement?.(first.element);
    if (!story) return { wrong };
    const firstWrong = { ...first, ...story };
    return { wrong: `${wrong}; ${wrongOutputText(firstWrong)}`, firstWrong };
  }
}

interface Worst {
  readonly error: number;
  readonly at: number;
  /** The first place that is beyond the tolerance. */
  readonly first: Pick<WrongOutput, 'element' | 'expected' | 'got'> | undefined;
}

/** `'the first wrong output is y[0, 3, 5, 7]: 0.25, expected 0.5, the sum over x[…] × w[…]'`. */
export const wrongOutputText = ({ place, expected, got, reads }: WrongOutput): string =>
  `the first wrong output is ${place}: ${formatNumber(got)}, expected ${formatNumber(expected)}${reads === undefined ? '' : `, the sum over ${reads}`}`;

/** An operand's numbers as it stores them: the host's bytes, and the same numbers as doubles. */
export function storedOperand(
  dtype: DType,
  numbers: Float64Array,
): { bytes: ArrayBufferView<ArrayBuffer>; values: Float64Array } {
  const bytes = encode(dtype, numbers);
  return { bytes: bytes as ArrayBufferView<ArrayBuffer>, values: decode(dtype, bytes) };
}

/** Random numbers in (−1, 1). */
export function randomNumbers(count: number, seed: number): Float64Array {
  const next = randomStream(seed);
  return Float64Array.from({ length: count }, () => next() * 2 - 1);
}

/** Which elements of the output are compared with the reference. */
export function samplePlaces(problem: Problem): Uint32Array {
  const output = problem.operands.find((o) => o.access === 'write')!;
  const wanted = Math.max(
    leastSamples,
    Math.floor(referenceFlops / (problem.elementFlops ?? problem.flops / output.elements)),
  );
  if (wanted >= output.elements) return Uint32Array.from({ length: output.elements }, (_, i) => i);
  const shape = output.shape ?? [output.elements];
  const next = randomStream(1);
  const places = new Set<number>(corners(shape));
  for (let edge = true; places.size < wanted; edge = !edge) {
    const index = shape.map((size) => Math.floor(next() * size));
    if (edge) {
      const dimension = Math.floor(next() * shape.length);
      index[dimension] = next() < 0.5 ? 0 : shape[dimension] - 1;
    }
    places.add(flatten(index, shape));
  }
  return Uint32Array.from(places).sort();
}

function corners(shape: readonly number[]): number[] {
  return Array.from({ length: 2 ** shape.length }, (_, bits) =>
    flatten(
      shape.map((size, d) => ((bits >> d) & 1 ? size - 1 : 0)),
      shape,
    ),
  );
}

const flatten = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((sum, i, d) => sum * shape[d] + i, 0);

/** Numbers in [0, 1); equal seeds, equal numbers. */
function randomStream(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
