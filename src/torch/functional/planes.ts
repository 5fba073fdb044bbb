/**
 * @file Fewer dimensions than an operation on batches of planes takes: one image, or lines.
 */
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { Tensor } from '../tensor.ts';

/** Applies `f`, which takes [N, C, H, W], to that or to one image [C, H, W]. */
export function overPlanes(input: Tensor, f: (x: Node) => Node): Tensor {
  if (input.ndim !== 3) return new Tensor(f(input.node));
  const y = f(e.reshape(input.node, [1, ...input.shape]));
  return new Tensor(e.reshape(y, y.shape.slice(1)));
}

/** Applies `f`, which takes planes [.., 1, L], to lines [.., L]. */
export function asPlanes(lines: Tensor, f: (planes: Tensor) => Tensor): Tensor {
  const { shape } = lines.node;
  const y = f(new Tensor(e.reshape(lines.node, [...shape.slice(0, -1), 1, ...shape.slice(-1)]))).node;
  return new Tensor(e.reshape(y, y.shape.toSpliced(-2, 1)));
}
