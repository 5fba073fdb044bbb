/**
 * @file Attentions for the regret: short and long rows of keys, small and large heads, one query (a decoder's step) and
 * many, with and without a triangle.
 */
import type { AttentionDescriptor } from '../../src/dnn/attention/descriptor.ts';
import { attentionProblem } from '../../src/dnn/attention/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';

interface Sizes {
  readonly images?: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys?: number;
  /** Numbers of a query, a key and a value. */
  readonly size: number;
  readonly causal?: true;
}

const sizes: readonly Sizes[] = [
  { heads: 4, queries: 64, size: 16, causal: true }, // a small model of letters
  { images: 8, heads: 4, queries: 32, size: 16, causal: true },
  { heads: 6, queries: 128, size: 32, causal: true },
  { heads: 2, queries: 256, size: 64, causal: true },
  { heads: 3, queries: 197, size: 64 }, // a small vision transformer
  { images: 16, heads: 3, queries: 49, size: 32 }, // windows of 7×7
  { images: 64, heads: 1, queries: 16, size: 8 },
  { heads: 2, queries: 256, size: 40 },
  { heads: 8, queries: 64, size: 40, keys: 77 }, // an image that looks at a text
  { heads: 8, queries: 64, size: 64 },
  { heads: 4, queries: 64, size: 128 },
  { heads: 1, queries: 128, size: 256 },
  { heads: 1, queries: 512, size: 32 },
  { heads: 1, queries: 1024, size: 8 },
  { heads: 1, queries: 64, size: 64, keys: 1024 },
  { heads: 12, queries: 1, size: 64, keys: 64 }, // the steps of a decoder
  { heads: 12, queries: 1, size: 64, keys: 512 },
  { heads: 12, queries: 1, size: 64, keys: 2048 },
  { heads: 4, queries: 1, size: 128, keys: 1024 },
  { heads: 8, queries: 16, size: 64, keys: 512 },
];

export const attentions = (): Problem[] => sizes.map((each) => attentionProblem(describe(each)));

/** Heads lie interleaved in memory, as a linear layer writes them: images, rows, heads, numbers. */
function describe({ images = 1, heads, queries, keys = queries, size, causal }: Sizes): AttentionDescriptor {
  const matrix = (rows: number): AttentionDescriptor['q'] => ({
    offset: 0,
    outer: rows * heads * size,
    inner: size,
    row: heads * size,
    column: 1,
  });
  return {
    outer: images,
    inner: heads,
    L: queries,
    S: keys,
    E: size,
    Ev: size,
    q: matrix(queries),
    k: matrix(keys),
    v: matrix(keys),
    mask: causal ? 'causal' : 'none',
    scale: 1 / Math.sqrt(size),
    dtype: 'float32',
  };
}
