/**
 * @file Writing through views: what the memory holds after one of its views was given other elements.
 */
import { fail } from '../base/errors.ts';
import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import * as e from '../graph/expr.ts';
import type { viewOps } from '../graph/ops/index.ts';
import type { DiagonalAttrs, FlipAttrs } from '../graph/ops/strides.ts';
import { flip, onDiagonal } from '../graph/ops/strides.ts';
import type { PermuteAttrs, SliceAttrs } from '../graph/ops/views.ts';
import { sliceBackward } from '../graph/ops/views.ts';
import { detached } from '../graph/ops/identity.ts';
import { leaf, record } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import type { Place } from './memory.ts';

/** The whole memory's value after `value` was written to a place in it. */
export function writeBack({ memory, steps }: Place, value: Node): Node {
  const under = [memory.node];
  for (const { op, attrs } of steps.slice(0, -1)) under.push(record(op, [under.at(-1)!], attrs));
  return steps.reduceRight<Node>(
    (written, { op, attrs }, i) => inverses[op.name as keyof typeof viewOps](under[i], written, attrs as never),
    value,
  );
}

const notAView = (): never => fail('writeBack: this value has memory of its own');

/** By view: what lies underneath once the view has been written to. Elements that the view does not show stay. */
const inverses: Record<keyof typeof viewOps, (under: Node, written: Node, attrs: never) => Node> = {
  assign: notAView,
  overwrite: notAView,
  detach: (_, written) => detached(written),
  reshape: (under, written) => e.reshape(written, under.shape),
  expand: (under, written) => (sizeOf(written.shape) === 0 ? under : e.reshape(written, under.shape)),
  permute: (_, written, { dims }: PermuteAttrs) =>
    e.permute(
      written,
      dims.map((_d, d) => dims.indexOf(d)),
    ),
  flip: (_, written, attrs: FlipAttrs) => record(flip, [written], attrs),
  slice: writeSlice,
  diagonal: (under, written, attrs: DiagonalAttrs) =>
    e.where(e.ne(onDiagonal(e.fullLike(written, 1), under, attrs), 0), onDiagonal(written, under, attrs), under),
  windows: () => fail('unfold: windows cannot be written to in place; change a copy (x.clone())'),
};

function writeSlice(under: Node, written: Node, attrs: SliceAttrs): Node {
  const { dim, start, step } = attrs;
  const size = under.shape[dim];
  const count = written.shape[dim];
  if (count === 0) return under;
  const inside = (i: number): boolean => i >= start && (i - start) % step === 0 && (i - start) / step < count;
  const along: Shape = under.shape.map((_, d) => (d === dim ? size : 1));
  const mask = leaf(
    { shape: along, dtype: 'bool' },
    under.device,
    Uint8Array.from({ length: size }, (_, i) => Number(inside(i))),
  );
  return e.where(mask, record(sliceBackward, [written], { ...attrs, size }), under);
}
