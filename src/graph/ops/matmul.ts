/**
 * @file matmul: (…, M, K) · (…, K, N) → (…, M, N), batched; leading dimensions broadcast.
 *
 * Vectors and the other cases of `torch.matmul` are reshaped to this by the torch layer.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, Node, Op } from '../types.ts';

export const matmul: Op<Attrs> = {
  name: 'matmul',
  infer: ([a, b]) => {
    if (a.dtype !== b.dtype) fail(`matmul: operands are ${a.dtype} and ${b.dtype}; convert one with .to()`);
    if (a.shape.length < 2 || b.shape.length < 2)
      fail(`matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} need at least 2 dimensions`);
    const [K, rows] = [a.shape.at(-1)!, b.shape.at(-2)!];
    if (K !== rows)
      fail(
        `matmul: ${formatShape(a.shape)} has ${K} columns and ${formatShape(b.shape)} has ${rows} rows; they must be equal`,
      );
    const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    return { shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!], dtype: a.dtype };
  },
  reference: ([a, b], _, { shape }) => {
    const [M, N, K] = [shape.at(-2)!, shape.at(-1)!, a.shape.at(-1)!];
    const batch = shape.slice(0, -2);
    const out = new Float64Array(sizeOf(shape));
    // Integers wrap, as PyTorch's do: the low 32 bits of each product, which doubles would round.
    const times = isFloat(a.dtype) ? (x: number, y: number): number => x * y : Math.imul;
    for (let i = 0; i < sizeOf(batch); i++) {
      const [a0, b0] = [batchOffset(i, batch, a.shape), batchOffset(i, batch, b.shape)];
      for (let m = 0; m < M; m++) {
        for (let k = 0; k < K; k++) {
          const x = a.data[a0 + m * K + k];
          for (let n = 0; n < N; n++) out[(i * M + m) * N + n] += times(x, b.data[b0 + k * N + n]);
        }
      }
    }
    return out;
  },
  gradient: ({ inputs: [a, b], grad, needs }) => [
    needs(0) ? e.sumTo(product(grad, e.transpose(b)), a.shape) : undefined,
    needs(1) ? e.sumTo(product(e.transpose(a), grad), b.shape) : undefined,
  ],
  sums: sumsOf(2, ([a], _, { shape }) => sizeOf(shape) * a.shape.at(-1)!),
  python: ([a, b]) => `(${a} @ ${b})`,
};

const product = (a: Node, b: Node): Node => record(matmul, [a, b], {});

/** Where the matrix of the i-th output batch starts in an operand whose leading dimensions may be 1 or absent. */
function batchOffset(i: number, batch: readonly number[], shape: readonly number[]): number {
  let step = shape.at(-2)! * shape.at(-1)!;
  let offset = 0;
  for (let d = batch.length - 1; d >= 0; d--) {
    const size = shape[d - batch.length + shape.length - 2] ?? 1;
    if (size !== 1) offset += (i % batch[d]) * step;
    step *= size;
    i = Math.floor(i / batch[d]);
  }
  return offset;
}
