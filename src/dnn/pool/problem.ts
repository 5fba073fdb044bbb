/**
 * @file A pooling as a problem: its operands by role, and single output elements by the definition, in float64.
 */
import type { Operand, Problem } from '../problem.ts';
import type { PoolSlots } from './algorithm.ts';
import type { PoolDescriptor } from './descriptor.ts';
import { describePool, outputSize, poolOperations } from './descriptor.ts';
import { poolAlgorithms } from './table.ts';

export function poolProblem(d: PoolDescriptor): Problem<PoolDescriptor, PoolSlots> {
  return {
    operation: 'pool2d',
    direction: d.direction,
    desc: d,
    key: `pool2d ${JSON.stringify(d)}`,
    description: describePool(d),
    algorithms: poolAlgorithms(d.direction),
    operands: d.direction === 'forward' ? forwardOperands(d) : backwardOperands(d),
    flops: poolOperations(d),
    reference: ({ x, y, places }, at) =>
      Float64Array.from(at, d.direction === 'forward' ? forwardElements(d, x) : backwardElements(d, y, places)),
  };
}

const planes = ({ N, C, H, W }: PoolDescriptor, access: Operand['access'], dtype: Operand['dtype']): Operand => ({
  role: 'x',
  shape: [N, C, H, W],
  elements: N * C * H * W,
  access,
  dtype,
});
const outputs = ({ N, C, P, Q }: PoolDescriptor, access: Operand['access'], dtype: Operand['dtype']): Operand => ({
  role: 'y',
  shape: [N, C, P, Q],
  elements: N * C * P * Q,
  access,
  dtype,
});

const forwardOperands = (d: PoolDescriptor): Operand[] => [
  planes(d, 'read', d.dtype),
  outputs(d, 'write', d.keeps === 'place' ? 'int32' : d.dtype),
];

function backwardOperands(d: PoolDescriptor): Operand[] {
  const places: Operand = { ...outputs(d, 'read', 'int32'), role: 'places', example: () => examplePlaces(d) };
  return [outputs(d, 'read', d.dtype), planes(d, 'write', d.dtype), ...(d.mode === 'max' ? [places] : [])];
}

/** Which elements of one dimension lie under each window, and which windows over each element; both in order. */
interface Line {
  readonly under: readonly (readonly number[])[];
  readonly over: readonly (readonly number[])[];
}

function lineOf(windows: number, taps: number, stride: number, pad: number, dilation: number, size: number): Line {
  const under = Array.from({ length: windows }, (_, p) =>
    Array.from({ length: taps }, (_t, r) => p * stride - pad + r * dilation).filter((h) => h >= 0 && h < size),
  );
  const over: number[][] = Array.from({ length: size }, () => []);
  under.forEach((elements, p) => elements.forEach((h) => over[h].push(p)));
  return { under, over };
}

const rowsOf = (d: PoolDescriptor): Line => lineOf(d.P, d.R, d.strideH, d.padH, d.dilationH, d.H);
const columnsOf = (d: PoolDescriptor): Line => lineOf(d.Q, d.S, d.strideW, d.padW, d.dilationW, d.W);

/** For each window some place under it, not the same for all; −1 where it sees only padding. */
function examplePlaces(d: PoolDescriptor): Float64Array {
  const [rows, columns] = [rowsOf(d).under, columnsOf(d).under];
  const some = (elements: readonly number[], i: number): number => elements[i % elements.length];
  return Float64Array.from({ length: outputSize(d) }, (_, i) => {
    const [hs, vs] = [rows[Math.floor(i / d.Q) % d.P], columns[i % d.Q]];
    return hs.length && vs.length ? some(hs, i) * d.W + some(vs, Math.floor(i / 3)) : -1;
  });
}

/** What the sum of window (p, q) is divided by. */
function divisorOf(d: PoolDescriptor, rows: Line, columns: Line): (p: number, q: number) => number {
  if (d.mode === 'average count exclude padding') return (p, q) => rows.under[p].length * columns.under[q].length;
  // What ceil_mode lets hang over beyond the padding never counts.
  const within = (first: number, taps: number, size: number, pad: number): number =>
    Math.min(first + taps, size + 2 * pad) - first;
  return (p, q) => within(p * d.strideH, d.R, d.H, d.padH) * within(q * d.strideW, d.S, d.W, d.padW);
}

/** y at a flat index. */
function forwardElements(d: PoolDescriptor, x: Float64Array): (i: number) => number {
  const [rows, columns] = [rowsOf(d), columnsOf(d)];
  const divisor = divisorOf(d, rows, columns);
  return (i) => {
    const [p, q] = [Math.floor(i / d.Q) % d.P, i % d.Q];
    const plane = Math.floor(i / (d.P * d.Q)) * d.H * d.W;
    let [sum, best, place] = [0, -Infinity, -1];
    for (const h of rows.under[p]) {
      for (const v of columns.under[q]) {
        const element = x[plane + h * d.W + v];
        sum += element;
        if (place >= 0 && !(element > best || Number.isNaN(element))) continue;
        best = element;
        place = h * d.W + v;
      }
    }
    if (d.mode !== 'max') return sum / divisor(p, q);
    return d.keeps === 'place' ? place : best;
  };
}

/** dx at a flat index: its shares of all windows over it. */
function backwardElements(d: PoolDescriptor, dy: Float64Array, places: Float64Array): (i: number) => number {
  const [rows, columns] = [rowsOf(d), columnsOf(d)];
  const divisor = divisorOf(d, rows, columns);
  return (i) => {
    const [h, v] = [Math.floor(i / d.W) % d.H, i % d.W];
    const first = Math.floor(i / (d.H * d.W)) * d.P * d.Q;
    let sum = 0;
    for (const p of rows.over[h]) {
      for (const q of columns.over[v]) {
        const window = first + p * d.Q + q;
        if (d.mode !== 'max') sum += dy[window] / divisor(p, q);
        else if (places[window] === h * d.W + v) sum += dy[window];
      }
    }
    return sum;
  };
}
