/**
 * @file How far rounding moves a graph's results: the graph is run again in float64, and each result is rounded, once
 * to nearest and then up or down at random, to the bits that the arithmetic has. What moves then, moves on every right
 * machine.
 *
 * That is stochastic arithmetic (Vignes 1993; Parker 1997). It needs no rule for any operation: where errors grow,
 * cancel, or take the other side of a corner, the run shows it. What already has no more bits than that stays exact, as
 * in a maximum or a copy.
 */
import { isFloat } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import { rootMeanSquare } from '../../compare/compare.ts';
import type { Arithmetic } from '../../dnn/tolerance.ts';
import { arithmetics, toleranceOf } from '../../dnn/tolerance.ts';
import type { Disturbance } from '../../graph/evaluate.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { fullOp } from '../../graph/ops/full.ts';
import type { Node, Operand } from '../../graph/types.ts';
import { costOf, inOrder, lengthOf } from './sum-length.ts';

/** How a node may have been computed, by whichever side rounds more. */
export interface Way {
  readonly arithmetic: Arithmetic;
  /** What the algorithm declares for a sum, where it rounds more than a plain one does. */
  readonly declared?: number;
}

/** Runs of a small graph; a large one gets fewer, as many as the float64 machine has time for. */
const maxRuns = 8;
const maxProductsInAll = 1e9;

/**
 * What is allowed is so many times what moved: a few numbers in a few runs show less of what rounding can do than many.
 */
const allowance = (count: number): number => 1.5 + 7 / Math.sqrt(count);

/** A side that rounds less may be off by that where the coarser one is exact. */
const least = toleranceOf({ arithmetic: 'float32', length: 1 });

/** The |error| that rounding may make, by node; `exact` are their float64 values. */
export function allowedByRounding(
  exact: ReadonlyMap<Node, Float64Array>,
  wayOf: (node: Node) => Way,
): Map<Node, number> {
  const targets = [...exact.keys()];
  const runs = Math.max(1, Math.min(maxRuns, Math.floor(maxProductsInAll / Math.max(1, costOf(targets)))));
  const moved = new Map(targets.map((node) => [node, 0]));
  for (let run = 0; run < runs; run++) {
    evaluate(targets, 'float64', disturbance(targets, wayOf, run)).forEach((values, i) => {
      const node = targets[i];
      moved.set(node, Math.max(moved.get(node)!, largestMove(values, exact.get(node)!)));
    });
  }
  return new Map(
    targets.map((node) => {
      const error = moved.get(node)! * allowance(runs * sizeOf(node.shape));
      return [node, isFloat(node.dtype) ? Math.max(error, least * rootMeanSquare(exact.get(node)!)) : error];
    }),
  );
}

/** Where a run has no number, it shows nothing. */
function largestMove(values: Float64Array, exact: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const move = Math.abs(values[i] - exact[i]);
    if (Number.isFinite(move) && move > most) most = move;
  }
  return most;
}

/**
 * In the middle of what may be drawn: numbers are rounded to nearest, as machines do it, so that what ties there ties
 * here.
 */
const middle = (): number => 0.5;

function disturbance(targets: readonly Node[], wayOf: (node: Node) => Way, run: number): Disturbance {
  const random = run === 0 ? middle : stream(run);
  const recorded = new Set(inOrder(targets));
  const rounded = (values: Float64Array, bits: number, least: number): Float64Array =>
    values.map(randomRounding(bits, least, random));
  return {
    operands(node, operands) {
      const { factor, stored } = arithmetics[wayOf(node).arithmetic];
      const { sums } = node.op;
      if (factor === stored || sums === 'none' || sums.factors === 1) return operands;
      return operands.map((operand, i) =>
        i < sums.factors ? { ...operand, data: rounded(operand.data, factor, 0) } : operand,
      );
    },
    result(node, operands, values) {
      // A constant of a formula has the bits that a kernel gives it.
      if (!isFloat(node.dtype) || (node.shape.length === 0 && operands.length === 0) || node.op === fullOp)
        return values;
      const way = wayOf(node);
      const summed = operands.length > 0 && lengthOf(node) > 1 ? summing(node, operands, values, way, random) : values;
      // Within an operation numbers are float32; what it gives is stored.
      const { stored, slack, least } = arithmetics[recorded.has(node) ? way.arithmetic : 'float32'];
      return rounded(summed, stored - slack, least);
    },
  };
}

/** A sum's own error, anywhere within what is allowed to it. */
function summing(
  node: Node,
  operands: readonly Operand[],
  values: Float64Array,
  { arithmetic, declared }: Way,
  random: () => number,
): Float64Array {
  const length = lengthOf(node);
  const { sums } = node.op;
  if (sums === 'none') return values;
  const kept = arithmetic === 'float16 sums' ? arithmetic : arithmetic === 'float64' ? 'float64' : 'float32';
  const usual = sums.size(
    operands.slice(0, sums.factors).map(({ data }) => rootMeanSquare(data)),
    length,
  );
  const most = toleranceOf({
    arithmetic: kept,
    length,
    ...(sums.factors > 1 && declared !== undefined && { declared }),
  });
  return values.map((y) => y + most * Math.max(usual, Math.abs(y)) * (2 * random() - 1));
}

/**
 * A number as one of its two neighbours of so many bits, the nearer one the more likely; a number of no more bits
 * stays. `least` is the smallest step.
 */
export function randomRounding(bits: number, least: number, random: () => number): (x: number) => number {
  const steps = Float64Array.from({ length: 2047 }, (_, exponent) =>
    Math.max(2 ** (exponent - 1023 + 1 - bits), least),
  );
  return (x) => {
    if (x === 0 || !Number.isFinite(x)) return x;
    parts[0] = x;
    const step = steps[(words[1] >>> 20) & 0x7ff];
    const whole = x / step;
    const below = Math.floor(whole);
    return whole === below ? x : (below + Number(random() < whole - below)) * step;
  };
}

const parts = new Float64Array(1);
const words = new Uint32Array(parts.buffer);

/** Numbers in [0, 1) by xorshift (Marsaglia 2003): as many are drawn as the graph has numbers. */
function stream(seed: number): () => number {
  let state = 0x9e3779b9 ^ Math.imul(seed + 1, 0x85ebca6b);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
