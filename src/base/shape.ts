/**
 * @file Shapes, strides and NumPy's broadcasting.
 */
import { fail } from './errors.ts';

/** Sizes by dimension, outermost first. A scalar is `[]`. */
export type Shape = readonly number[];

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/** Row-major strides, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a === b || (a.length === b.length && a.every((d, i) => d === b[i]));
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The common shape of several, by NumPy's rules; throws with both shapes where there is none. */
export function broadcastShapes(what: string, ...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const lead = rank - shape.length;
    shape.forEach((d, i) => {
      if (d === 1) return;
      if (out[lead + i] === 1) out[lead + i] = d;
      else if (out[lead + i] !== d) {
        fail(
          `${what}: shapes ${shapes.map(formatShape).join(' and ')} do not broadcast; dimension ${lead + i} is ${out[lead + i]} and ${d}`,
        );
      }
    });
  }
  return out;
}

/** Turns a possibly negative dimension into 0…rank−1; a scalar accepts 0 and −1, as in PyTorch. */
export function normalizeDim(what: string, dim: number, rank: number): number {
  const span = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -span || dim >= span) {
    fail(`${what}: dim ${dim} is out of range; the tensor has ${rank} dimensions, so use ${-span} to ${span - 1}`);
  }
  return dim < 0 ? dim + span : dim;
}

/** Several dims, normalised, without repetition; `undefined` means all. */
export function normalizeDims(what: string, dims: number | readonly number[] | undefined, rank: number): number[] {
  if (dims === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof dims === 'number' ? [dims] : dims).map((d) => normalizeDim(what, d, rank));
  if (new Set(list).size !== list.length) fail(`${what}: dims ${formatShape(list)} name a dimension twice`);
  return list.toSorted((a, b) => a - b);
}

/** Throws unless every size is a whole number of at least 0. */
export function checkShape(what: string, shape: Shape): void {
  for (const d of shape) {
    if (!Number.isInteger(d) || d < 0)
      fail(`${what}: shape ${formatShape(shape)} has the size ${d}; sizes are whole numbers from 0`);
  }
}
