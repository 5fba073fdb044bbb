/**
 * @file Views: the same elements under another shape and other strides; nothing is copied.
 *
 * `view` says how a layout changes, or that it cannot (a reshape of a transposed tensor), in which case a copy is made.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { contiguousStrides, formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import type { Attrs, Layout, Op, Operand, TensorType } from '../types.ts';

/** Reads an operand through a layout over its own storage. */
function gather(input: Operand, layout: Layout): Float64Array {
  const out = new Float64Array(sizeOf(layout.shape));
  const index = new Array<number>(layout.shape.length).fill(0);
  let at = layout.offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = input.data[at];
    for (let d = layout.shape.length - 1; d >= 0; d--) {
      at += layout.strides[d];
      if (++index[d] < layout.shape[d]) break;
      at -= layout.strides[d] * layout.shape[d];
      index[d] = 0;
    }
  }
  return out;
}

const contiguous = (shape: Shape): Layout => ({ shape, strides: contiguousStrides(shape), offset: 0 });

type ViewRule<A> = (input: Layout, attrs: A, output: TensorType) => Layout | undefined;

/** Completes an operation whose elements are its input's under other strides. */
export function view<A extends Attrs>(op: Omit<Op<A>, 'reference' | 'sums' | 'view'>, rule: ViewRule<A>): Op<A> {
  return {
    ...op,
    sums: 'none',
    view: rule,
    reference: ([x], attrs, output) => gather(x, rule(contiguous(x.shape), attrs, output)!),
  };
}

export interface ReshapeAttrs extends Attrs {
  readonly shape: Shape;
}

/** Another shape of as many elements. */
export const reshape: Op<ReshapeAttrs> = view<ReshapeAttrs>(
  {
    name: 'reshape',
    infer: ([x], { shape }) => {
      if (sizeOf(shape) !== sizeOf(x.shape))
        fail(
          `reshape: ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements, ${formatShape(shape)} needs ${sizeOf(shape)}`,
        );
      return { shape, dtype: x.dtype };
    },
    gradient: ({ inputs: [x], grad }) => [e.reshape(grad, x.shape)],
    python: ([x], { shape }) => `${x}.reshape(${tuple(shape)})`,
  },
  (input, { shape }) => reshapeLayout(input, shape),
);

/**
 * The strides under a new shape, from the last dimension on: runs of dimensions that lie together in memory are
 * regrouped, else
 * `undefined`. PyTorch's computeStride, which gives dimensions of size 1 their strides too.
 */
function reshapeLayout({ shape, strides, offset }: Layout, target: Shape): Layout | undefined {
  if (sizeOf(target) === 0) return contiguous(target);
  const out = new Array<number>(target.length).fill(1);
  let t = target.length - 1;
  let step = strides.at(-1) ?? 1;
  let [held, taken] = [1, 1];
  for (let d = shape.length - 1; d >= 0; d--) {
    held *= shape[d];
    const runsOn = d > 0 && (shape[d - 1] === 1 || strides[d - 1] === held * step);
    if (runsOn) continue;
    for (; t >= 0 && (taken < held || target[t] === 1); t--) {
      out[t] = taken * step;
      taken *= target[t];
    }
    if (taken !== held) return undefined;
    if (d > 0) step = strides[d - 1];
    [held, taken] = [1, 1];
  }
  return { shape: target, strides: out, offset };
}

export interface PermuteAttrs extends Attrs {
  readonly dims: readonly number[];
}

/** Dimensions in another order. */
export const permute: Op<PermuteAttrs> = view<PermuteAttrs>(
  {
    name: 'permute',
    infer: ([x], { dims }) => {
      if (dims.length !== x.shape.length || dims.toSorted((a, b) => a - b).some((d, i) => d !== i)) {
        fail(
          `permute: dims ${formatShape(dims)} are not an order of the ${x.shape.length} dimensions of ${formatShape(x.shape)}`,
        );
      }
      return { shape: dims.map((d) => x.shape[d]), dtype: x.dtype };
    },
    gradient: ({ attrs: { dims }, grad }) => [
      e.permute(
        grad,
        dims.map((_, d) => dims.indexOf(d)),
      ),
    ],
    python: ([x], { dims }) => `${x}.permute(${dims.join(', ')})`,
  },
  ({ strides, offset }, { dims }, { shape }) => ({ shape, strides: dims.map((d) => strides[d]), offset }),
);

export interface ExpandAttrs extends Attrs {
  readonly shape: Shape;
}

/** Dimensions of size 1 repeated, and new ones in front, with stride 0. */
export const expand: Op<ExpandAttrs> = view<ExpandAttrs>(
  {
    name: 'expand',
    infer: ([x], { shape }) => {
      const lead = shape.length - x.shape.length;
      if (lead < 0 || x.shape.some((size, d) => size !== 1 && size !== shape[lead + d])) {
        fail(
          `expand: ${formatShape(x.shape)} does not expand to ${formatShape(shape)}; only dimensions of size 1 repeat`,
        );
      }
      return { shape, dtype: x.dtype };
    },
    gradient: ({ inputs: [x], grad }) => [e.sumTo(grad, x.shape)],
    python: ([x], { shape }) => `${x}.expand(${tuple(shape)})`,
  },
  (input, _, { shape }) => {
    const lead = shape.length - input.shape.length;
    return {
      shape,
      strides: shape.map((size, d) =>
        d < lead || (input.shape[d - lead] === 1 && size !== 1) ? 0 : input.strides[d - lead],
      ),
      offset: input.offset,
    };
  },
);

export interface SliceAttrs extends Attrs {
  readonly dim: number;
  readonly start: number;
  /** Exclusive, at most the size. */
  readonly end: number;
  readonly step: number;
}

/** Every step-th element from start to end along one dimension. Bounds are already resolved. */
export const slice: Op<SliceAttrs> = view<SliceAttrs>(
  {
    name: 'slice',
    infer: ([x], { dim, start, end, step }) => ({
      shape: x.shape.with(dim, Math.max(0, Math.ceil((end - start) / step))),
      dtype: x.dtype,
    }),
    gradient: ({ inputs: [x], attrs, grad }) => [record(sliceBackward, [grad], { ...attrs, size: x.shape[attrs.dim] })],
    python: ([x], { dim, start, end, step }) =>
      `${x}[${':, '.repeat(dim)}${start}:${end}${step === 1 ? '' : `:${step}`}]`,
  },
  ({ strides, offset }, { dim, start, step }, { shape }) => ({
    shape,
    strides: strides.with(dim, strides[dim] * step),
    offset: offset + start * strides[dim],
  }),
);

export interface SliceBackwardAttrs extends SliceAttrs {
  readonly size: number;
}

/** Puts a slice's gradient back among zeros. */
export const sliceBackward: Op<SliceBackwardAttrs> = {
  name: 'sliceBackward',
  infer: ([g], { dim, size }) => ({ shape: g.shape.with(dim, size), dtype: g.dtype }),
  reference: ([g], { dim, start, step }, { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    const inner = sizeOf(shape.slice(dim + 1));
    const count = g.shape[dim];
    const outer = sizeOf(shape.slice(0, dim));
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < inner; j++)
          out[(o * shape[dim] + start + i * step) * inner + j] = g.data[(o * count + i) * inner + j];
      }
    }
    return out;
  },
  gradient: ({ attrs: { size: _, ...attrs }, grad }) => [record(slice, [grad], attrs as SliceAttrs)],
  sums: 'none',
  python: ([g], { dim, start, end, step, size }, { shape }) =>
    `torch.zeros(${tuple(shape.with(dim, size))}, dtype=${g}.dtype, device=device).index_copy(${dim}, torch.arange(${start}, ${end}, ${step}, device=device), ${g})`,
};

const tuple = (shape: Shape): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
