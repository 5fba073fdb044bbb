/**
 * @file cat: tensors one after another along one dimension.
 */
import { fail } from '../../base/errors.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { record } from '../record.ts';
import type { Op } from '../types.ts';
import type { DimAttrs } from './indexing.ts';
import { slice } from './views.ts';

export const cat: Op<DimAttrs> = {
  name: 'cat',
  infer: (inputs, { dim }) => {
    const [first] = inputs;
    for (const x of inputs) {
      if (x.dtype !== first.dtype) fail(`cat: operands are ${first.dtype} and ${x.dtype}; convert one with .to()`);
      if (x.shape.length !== first.shape.length || x.shape.some((size, d) => d !== dim && size !== first.shape[d])) {
        fail(
          `cat: shapes ${formatShape(first.shape)} and ${formatShape(x.shape)} differ in another dimension than ${dim}`,
        );
      }
    }
    return {
      shape: first.shape.with(
        dim,
        inputs.reduce((n, x) => n + x.shape[dim], 0),
      ),
      dtype: first.dtype,
    };
  },
  reference: (inputs, { dim }, { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    const row = sizeOf(shape.slice(dim));
    let before = 0;
    for (const x of inputs) {
      const length = sizeOf(x.shape.slice(dim));
      for (let o = 0; length > 0 && o < x.data.length / length; o++)
        out.set(x.data.subarray(o * length, (o + 1) * length), o * row + before);
      before += length;
    }
    return out;
  },
  gradient: ({ inputs, attrs: { dim }, grad, needs }) => {
    let end = 0;
    return inputs.map((x, i) => {
      const start = end;
      end += x.shape[dim];
      return needs(i) ? record(slice, [grad], { dim, start, end, step: 1 }) : undefined;
    });
  },
  sums: 'none',
  python: (inputs, { dim }) => `torch.cat([${inputs.join(', ')}], dim=${dim})`,
};
