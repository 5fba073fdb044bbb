/**
 * @file Assertions: what an operation may find wrong only when it is computed. Integers that 32 bits do not hold:
 * PyTorch's int64 does, so such a result is an error and never another number. And numbers that an
 * operation cannot work with: an index beyond the end, a probability above 1 (`ops/elementwise/checks.ts`).
 */
import type { DType } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import type { Node, Operand } from './types.ts';

/** A result that cannot be; `node` is the operation, where its error has not been placed at its line yet. */
export class AssertionError extends Error {
  readonly node?: Node;
  constructor(message: string, node?: Node) {
    super(message);
    this.node = node;
  }
}

/** What must hold of an operation's result, or of an operand, number by number. */
export interface Assertion {
  /**
   * The error's; `{value}`, or `{about}` for six digits of it, and `{place}` stand for a number of which it does not
   * hold, and for where it is.
   */
  readonly message: string;
  readonly holds: (value: number) => boolean;
  /** The number of the operand; absent where it is the result. */
  readonly operand?: number;
}

export interface Range {
  readonly least: number;
  readonly greatest: number;
  /** A number that may be there too. */
  readonly allowed?: number;
}

export const isWithin = (value: number, { least, greatest, allowed }: Range): boolean =>
  (value >= least && value <= greatest) || value === allowed;

/** The message for a number at a flat position of a shape: `index 7 at [2, 0] is out of range`. */
export function assertionMessage(message: string, value: number, at: number, shape: Shape): string {
  const place = shape.map((size, d) => Math.floor(at / sizeOf(shape.slice(d + 1))) % size);
  return message
    .replace('{value}', String(value))
    .replace('{about}', String(Number(value.toPrecision(6))))
    .replace('{place}', place.length ? ` at [${place.join(', ')}]` : '');
}

/** Throws where the operation's assertion does not hold. */
export function checkAssertion(node: Node, operands: readonly Operand[], values: Float64Array): void {
  const assertion = node.op.assertion?.(node.inputs, node.attrs);
  if (!assertion) return;
  const { data, shape } =
    assertion.operand === undefined ? { data: values, shape: node.shape } : operands[assertion.operand];
  const at = data.findIndex((v) => !assertion.holds(v));
  if (at >= 0) throw new AssertionError(assertionMessage(assertion.message, data[at], at, shape), node);
}

const least = -(2 ** 31);
const greatest = 2 ** 31 - 1;

/** The greatest magnitude of an integer. */
const magnitude: Readonly<Partial<Record<DType, number>>> = {
  bool: 1,
  uint8: 255,
  int8: 128,
  int32: -least,
  int64: -least,
};

const wholeRange: Range = { least, greatest };

const fits = (name: string): Assertion => ({
  message: `${name}: a result is beyond int32, ${least} to ${greatest}; int64 has 32 bits here, so use float32: x.float().${name}(…)`,
  holds: (value) => isWithin(value, wholeRange),
});

/** How many numbers are brought together to one. */
export interface Total {
  readonly start: number;
  readonly step: (total: number, x: number) => number;
  /** The step of integers, which stays exact or is infinite. */
  readonly whole: (total: number, x: number) => number;
  /** What must hold of a total of so many integers of the dtype; `undefined` where it does anyway. */
  readonly assertion: (name: string, dtype: DType, count: number) => Assertion | undefined;
}

/** With the greatest magnitude of so many elements together. */
const assertionOf =
  (together: (each: number, count: number) => number): Total['assertion'] =>
  (name, dtype, count) => {
    const each = magnitude[dtype];
    return each !== undefined && count > 1 && together(each, count) > greatest ? fits(name) : undefined;
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
