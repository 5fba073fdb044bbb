/**
 * @file Reading and writing by index tensors. Three operations carry all of PyTorch's: gather reads, scatterSum adds
 * up, lastPlace tells who wrote last. Indices are integers, of the same rank as the data; they run along one dimension,
 * and are in range: who records these operations checks that (`elementwise/checks.ts`).
 *
 * On a GPU, adding up by atomics would depend on chance; here the indices are sorted, and each result adds what belongs
 * to it in the order of the source, so the sum is the same every time.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { eachElement, sumsOf } from '../sums.ts';
import type { Attrs, Op, Operand, TensorType } from '../types.ts';

export interface DimAttrs extends Attrs {
  readonly dim: number;
}

export interface ScatterAttrs extends DimAttrs {
  /** The result's size along the dimension. */
  readonly size: number;
}

function checkIndex(what: string, index: TensorType): void {
  if (dtypes[index.dtype].kind !== 'int')
    fail(`${what}: the index is ${index.dtype}; indices are whole numbers, convert with .long()`);
}

function checkSame(what: string, a: Shape, b: Shape, dim: number): void {
  if (a.length !== b.length || a.some((size, d) => d !== dim && size !== b[d])) {
    fail(`${what}: input ${formatShape(a)} and index ${formatShape(b)} differ in another dimension than ${dim}`);
  }
}

/** Calls `visit` with the flat position in the index and in data of `size` along the dimension. */
function eachIndex(index: Operand, { dim, size }: ScatterAttrs, visit: (at: number, place: number) => void): void {
  const inner = sizeOf(index.shape.slice(dim + 1));
  const count = index.shape[dim];
  index.data.forEach((k, at) => visit(at, (Math.floor(at / (inner * count)) * size + k) * inner + (at % inner)));
}

/** The elements of x at the given indices along one dimension; the other sizes of x and index are equal. */
export const gather: Op<DimAttrs> = {
  name: 'gather',
  infer: ([x, index], { dim }) => {
    checkIndex('gather', index);
    checkSame('gather', x.shape, index.shape, dim);
    return { shape: index.shape, dtype: x.dtype };
  },
  reference: ([x, index], { dim }, { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    eachIndex(index, { dim, size: x.shape[dim] }, (at, place) => {
      out[at] = x.data[place];
    });
    return out;
  },
  gradient: ({ inputs: [x, index], attrs: { dim }, grad }) => [
    record(scatterSum, [grad, index], { dim, size: x.shape[dim] }),
    undefined,
  ],
  sums: 'none',
  python: ([x, index], { dim }) => `torch.gather(${x}, ${dim}, ${index}.long())`,
};

/** Zeros, to which each element of the source is added at its index along one dimension. */
export const scatterSum: Op<ScatterAttrs> = {
  name: 'scatterSum',
  infer: ([source, index], { dim, size }) => {
    checkIndex('scatterAdd', index);
    checkSame('scatterAdd', source.shape, index.shape, dim);
    if (source.shape[dim] !== index.shape[dim])
      fail(`scatterAdd: source ${formatShape(source.shape)} and index ${formatShape(index.shape)} differ`);
    return { shape: source.shape.with(dim, size), dtype: source.dtype };
  },
  reference: ([source, index], attrs, { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    eachIndex(index, attrs, (at, place) => {
      out[place] += source.data[at];
    });
    return out;
  },
  gradient: ({ inputs: [, index], attrs: { dim }, grad }) => [record(gather, [grad, index], { dim }), undefined],
  sums: sumsOf(1, eachElement),
  python: ([source, index], { dim }, { shape, dtype: _ }) =>
    `torch.zeros(${shape.join(', ')}, dtype=${source}.dtype, device=${source}.device).scatter_add(${dim}, ${index}.long(), ${source})`,
};

/** For each place along the dimension, the last position in the index that names it, or −1. */
export const lastPlace: Op<ScatterAttrs> = {
  name: 'lastPlace',
  infer: ([index], { dim, size }) => {
    checkIndex('scatter', index);
    return { shape: index.shape.with(dim, size), dtype: 'int32' };
  },
  reference: ([index], attrs, { shape }) => {
    const out = new Float64Array(sizeOf(shape)).fill(-1);
    const inner = sizeOf(index.shape.slice(attrs.dim + 1));
    eachIndex(index, attrs, (at, place) => {
      out[place] = Math.floor(at / inner) % index.shape[attrs.dim];
    });
    return out;
  },
  gradient: 'none',
  sums: 'none',
  python: ([index], { dim }, { shape }) => {
    const places = `torch.arange(${index}.shape[${dim}], device=${index}.device).reshape(${shape.map((_, d) => (d === dim ? -1 : 1)).join(', ')}).expand_as(${index})`;
    return `torch.full((${shape.join(', ')},), -1, device=${index}.device).scatter_reduce(${dim}, ${index}.long(), ${places}, 'amax')`;
  },
};

export interface EmbeddingAttrs extends Attrs {
  /** The row that gets no gradient. */
  readonly paddingIdx?: number;
}

/** Rows of a table: weight [V, D], index […] give […, D]. */
export const embedding: Op<EmbeddingAttrs> = {
  name: 'embedding',
  infer: ([weight, index]) => {
    checkIndex('embedding', index);
    if (weight.shape.length !== 2)
      fail(`embedding: weight has shape ${formatShape(weight.shape)}; expected 2 dimensions`);
    return { shape: [...index.shape, weight.shape[1]], dtype: weight.dtype };
  },
  decompose: ([weight, index]) => {
    const rows = sizeOf(index.shape);
    const columns = weight.shape[1];
    const places = e.expand(e.reshape(index, [rows, 1]), [rows, columns]);
    return e.reshape(record(gather, [weight, places], { dim: 0 }), [...index.shape, columns]);
  },
  gradient: ({ inputs: [weight, index], attrs: { paddingIdx }, grad }) => {
    const [size, columns] = weight.shape;
    const flat = e.reshape(index, [sizeOf(index.shape), 1]);
    const rows = e.reshape(grad, [flat.shape[0], columns]);
    const kept = paddingIdx === undefined ? rows : e.where(e.ne(flat, paddingIdx), rows, 0);
    return [record(scatterSum, [kept, e.expand(flat, kept.shape)], { dim: 0, size }), undefined];
  },
  sums: 'none',
  python: ([weight, index], { paddingIdx }) =>
    `F.embedding(${index}, ${weight}${paddingIdx === undefined ? '' : `, padding_idx=${paddingIdx}`})`,
};
