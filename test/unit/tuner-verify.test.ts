/**
 * Intent: verification lets right outputs pass and finds wrong ones, wherever they are wrong, and says who is wrong.
 */
import { describe, expect, test } from 'vitest';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { toleranceOfPlan } from '../../src/dnn/choice/candidates.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import { Verifier, randomNumbers, samplePlaces, storedOperand } from '../../src/dnn/tuner/verify.ts';

const plan = (tolerance?: number): Plan => ({
  algorithm: {
    name: 'X',
    determinism: 'deterministic',
    supports: () => true,
    configs: () => [],
    workspace: () => [],
    launches: () => [],
    tolerance: tolerance === undefined ? undefined : () => tolerance,
  },
  config: { label: '', mathType: 'FMA' },
  workspace: [],
});

/** Small: all of the output is compared. Large: samples. */
const small = convProblem(convolutionDescriptor({ x: [2, 3, 8, 8], w: [4, 3, 3, 3], padding: 1 }));
const large = convProblem(convolutionDescriptor({ x: [1, 64, 40, 40], w: [64, 64, 3, 3], padding: 1 }));

function inputsOf(problem: Problem): Record<string, Float64Array> {
  const reads = problem.operands.filter((o) => o.access === 'read');
  return Object.fromEntries(
    reads.map(({ role, dtype, elements }, i) => [role, storedOperand(dtype, randomNumbers(elements, i + 1)).values]),
  );
}

const elementsOf = (problem: Problem): number => problem.operands.find((o) => o.access === 'write')!.elements;

const answer = (problem: Problem): Float64Array =>
  problem.reference(
    inputsOf(problem),
    Uint32Array.from({ length: elementsOf(problem) }, (_, i) => i),
  );

describe('which elements are compared', () => {
  test('all, where that is cheap', () => {
    expect(samplePlaces(small)).toHaveLength(elementsOf(small));
  });

  test('samples without repetition elsewhere, with every corner and many edges', () => {
    const places = samplePlaces(large);
    const [K, P, Q] = [64, 40, 40];
    expect(places.length).toBeLessThan(elementsOf(large));
    expect(new Set(places).size).toBe(places.length);
    for (const k of [0, K - 1])
      for (const p of [0, P - 1]) for (const q of [0, Q - 1]) expect(places).toContain((k * P + p) * Q + q);
    const onEdge = places.filter(
      (i) => [0, Q - 1].includes(i % Q) || [0, P - 1].includes(Math.floor(i / Q) % P),
    ).length;
    expect(onEdge).toBeGreaterThan(places.length / 4);
  });
});

describe('a check of an output', () => {
  const right = answer(small);
  const changed = (at: number, value: number): Float64Array => right.map((v, i) => (i === at ? value : v));
  const verifier = (): Verifier => new Verifier(small, inputsOf(small));

  test('passes the answer, and one that is as exact as float32', () => {
    expect(verifier().check(0, plan(), right)).toEqual({ maxError: 0 });
    const { wrong, maxError } = verifier().check(0, plan(), right.map(Math.fround));
    expect(wrong).toBeUndefined();
    expect(maxError).toBeLessThan(1e-6);
  });

  test.for([
    ['a wrong number', 3],
    ['NaN', NaN],
    ['infinity', Infinity],
  ] as const)('refuses %s in a single element and names its place', ([, value]) => {
    const { wrong, firstWrong } = verifier().check(0, plan(), changed(17, value));
    expect(wrong).toMatch(
      /^differs from the float64 reference by .* of its rms at element 17, allowed are 2\.0e-5; the first wrong output is y\[0, 0, 2, 1\]: /,
    );
    expect(firstWrong).toMatchObject({ element: 17, place: 'y[0, 0, 2, 1]', got: value, expected: right[17] });
  });

  test('allows an algorithm the error that it declares', () => {
    const rms = Math.sqrt(right.reduce((sum, v) => sum + v * v, 0) / right.length);
    const off = changed(5, right[5] + 6e-5 * rms);
    expect(verifier().check(0, plan(), off).wrong).toBeDefined();
    expect(verifier().check(0, plan(1e-4), off).wrong).toBeUndefined();
  });

  test('allows more for longer sums and for float16', () => {
    const long = convProblem(
      convolutionDescriptor({ x: [8, 4, 64, 64], w: [4, 4, 3, 3], padding: 1, direction: 'backward filter' }),
    );
    expect(toleranceOfPlan(small, plan())).toBe(2e-5);
    expect(toleranceOfPlan(long, plan())).toBeGreaterThan(2e-5);
    expect(toleranceOfPlan(small, { ...plan(), config: { label: '', mathType: 'HALF' } })).toBe(3e-3);
  });
});

describe('an element that is not among the samples', () => {
  const right = answer(large);
  const sampled = new Set(samplePlaces(large));
  const hidden = right.findIndex((_, i) => !sampled.has(i));
  const flawed = right.map((v, i) => (i === hidden ? v + 1 : v));

  test('is found wrong by comparison with an output that has passed', () => {
    const verifier = new Verifier(large, inputsOf(large));
    expect(verifier.check(0, plan(), right).wrong).toBeUndefined();
    expect(verifier.check(1, plan(), flawed).wrong).toContain(`at element ${hidden}`);
  });

  test('disproves an output that had passed and was wrong there, not the candidate that is right', () => {
    const verifier = new Verifier(large, inputsOf(large));
    expect(verifier.check(0, plan(), flawed).wrong).toBeUndefined();
    const { wrong, disproved } = verifier.check(1, plan(), right);
    expect(wrong).toBeUndefined();
    expect(disproved).toMatchObject({
      candidate: 0,
      reason: expect.stringContaining(`at element ${hidden}`),
      firstWrong: { element: hidden },
    });
    expect(verifier.check(2, plan(), right)).toEqual({ maxError: 0 });
  });
});
