/**
 * @file Logical and bitwise operations: a row each. Whatever is not 0 is true.
 */
import type { Attrs, Op } from '../../types.ts';
import { binary, call, infix, unary } from './define.ts';

/** Not != 0, which is false of NaN on the GPU. */
const truth = (x: string): string => `!(${x} == 0)`;

const logical = (name: string, python: string, js: (a: boolean, b: boolean) => boolean, symbol: string): Op<Attrs> =>
  binary(name, {
    js: (a, b) => Number(js(a !== 0, b !== 0)),
    wgsl: (a, b) => `select(0i, 1i, ${truth(a)} ${symbol} ${truth(b)})`,
    python: call(python),
    derivatives: 'none',
    result: 'bool',
  });

export const logicalAnd = logical('logicalAnd', 'torch.logical_and', (a, b) => a && b, '&&');
export const logicalOr = logical('logicalOr', 'torch.logical_or', (a, b) => a || b, '||');
export const logicalXor = logical('logicalXor', 'torch.logical_xor', (a, b) => a !== b, '!=');

const bitwise = (name: string, symbol: string, js: (a: number, b: number) => number): Op<Attrs> =>
  binary(name, { js, wgsl: infix(symbol), python: infix(symbol), derivatives: 'none' });

export const bitwiseAnd = bitwise('bitwiseAnd', '&', (a, b) => a & b);
export const bitwiseOr = bitwise('bitwiseOr', '|', (a, b) => a | b);
export const bitwiseXor = bitwise('bitwiseXor', '^', (a, b) => a ^ b);
/** All bits turned over; of a bool, its opposite, as the result keeps one bit. */
export const bitwiseNot = unary('bitwiseNot', {
  js: (x) => ~x,
  wgsl: (x) => `(~${x})`,
  python: 'bitwise_not',
  derivative: 'none',
});
