/**
 * @file matmulFused: a matrix product with its epilogue, activation(a · b + bias + residual), as one operation.
 *
 * Programs never record it: the fusing pass makes it, after autograd, of a product and what follows.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, Op } from '../types.ts';
import type { Epilogue } from './conv2d-fused.ts';
import { activate } from './conv2d-fused.ts';
import { matmul } from './matmul.ts';

export interface MatmulFusedAttrs extends Attrs {
  readonly epilogue: Epilogue;
}

/**
 * Inputs: a, b, then the bias, a number a column, and the residual, of the result's shape, if the epilogue has them.
 */
export const matmulFused: Op<MatmulFusedAttrs> = {
  name: 'matmulFused',
  infer: ([a, b]) => matmul.infer([a, b], {}),
  reference: ([a, b, ...more], { epilogue: { bias, residual, activation } }, output) => {
    const columns = output.shape.at(-1)!;
    const shift = bias ? more[0].data : undefined;
    const skip = residual ? more.at(-1)!.data : undefined;
    return matmul.reference!([a, b], {}, output).map((sum, i) => {
      const biased = shift ? sum + shift[i % columns] : sum;
      return activate(activation, skip ? biased + skip[i] : biased);
    });
  },
  gradient: 'none',
  sums: sumsOf(2, ([a], _, { shape }) => sizeOf(shape) * a.shape.at(-1)!),
  python: () => fail('matmulFused: print the graph before it is fused'),
};
