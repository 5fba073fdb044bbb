/**
 * @file Assertions: what an operation may find wrong only when it is computed. Integers, first: PyTorch sums and multiplies them in
 * int64, and the widest here is int32, so a result beyond that is an error and never another number.
 */
import type { DType } from '../base/dtype.ts';
import { isFloat } from '../base/dtype.ts';
import type { Node } from './types.ts';

/** A result that cannot be; `node` is the operation, where its error has not been placed at its line yet. */
export class AssertionError extends Error {
  readonly node?: Node;
  constructor(message: string, node?: Node) {
    super(message);
    this.node = node;
  }
}

const least = -(2 ** 31);
const greatest = 2 ** 31 - 1;

/** The greatest magnitude of an integer. */
const magnitude: Readonly<Partial<Record<DType, number>>> = { bool: 1, uint8: 255, int8: 128, int32: -least };

const beyond = (name: string): string =>
  `${name}: a result is beyond int32, ${least} to ${greatest}, and there is no int64 here, as PyTorch's has; use float32: x.float().${name}(…)`;

/** How many numbers are brought together to one. */
export interface Total {
  readonly start: number;
  readonly step: (total: number, x: number) => number;
  /** The step of integers, which stays exact or is infinite. */
  readonly whole: (total: number, x: number) => number;
  /** What is wrong where a total of so many integers of the dtype is beyond int32; `undefined` where none can be. */
  readonly assertion: (name: string, dtype: DType, count: number) => string | undefined;
}

/** With the greatest magnitude of so many elements together. */
const assertionOf =
  (together: (each: number, count: number) => number): Total['assertion'] =>
  (name, dtype, count) => {
    const each = magnitude[dtype];
    return each !== undefined && count > 1 && together(each, count) > greatest ? beyond(name) : undefined;
  };

export const adding: Total = {
  start: 0,
  step: (total, x) => total + x,
  whole: (total, x) => (Number.isSafeInteger(total + x) ? total + x : Infinity),
  assertion: assertionOf((each, count) => each * count),
};

export const multiplying: Total = {
  start: 1,
  step: (total, x) => total * x,
  whole: (total, x) => (total === 0 || x === 0 ? 0 : total * x),
  assertion: assertionOf((each, count) => each ** count),
};

/** Throws where an integer result of an operation with an assertion is beyond int32. */
export function checkWhole(node: Node, values: Float64Array): void {
  if (isFloat(node.dtype)) return;
  const message = node.op.assertion?.(node.inputs, node.attrs);
  if (message !== undefined && !values.every((v) => v >= least && v <= greatest))
    throw new AssertionError(message, node);
}
