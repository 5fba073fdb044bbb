/**
 * @file The matrix products in the middle of WINOGRAD_NONFUSED: a batch of c = aᵀ·b, both operands depth first, rows padded
 * to whole blocks. The general matmul (../gemm) takes any strides; this one has none to take, and so reads vectors.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';

/** How the products are cut into blocks; rows of a and b are padded to multiples of `alignM` and `alignN`. */
export interface ProductConfig {
  readonly label: string;
  readonly alignM: number;
  readonly alignN: number;
}

/** Sizes as padded; `depth` is what is summed over, `count` the number of products. */
export interface ProductSizes {
  readonly M: number;
  readonly N: number;
  readonly depth: number;
  readonly count: number;
  /** Adds to c instead of replacing it. */
  readonly accumulate?: boolean;
}

const group = 64;

export const padTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

const inRegisters = (alignM: 4 | 8 | 16): ProductConfig => ({ label: `${alignM}×8 a thread`, alignM, alignN: 8 });

/** Blocks that waste less than half of their rows on `M` rows; the smallest always. */
export const productConfigs = (M: number): readonly ProductConfig[] =>
  ([8, 16, 4] as const).filter((rows) => rows === 4 || rows < 2 * M).map(inRegisters);

export function productStage(config: ProductConfig, { a, b, c }: { a: Slot; b: Slot; c: Slot }, sizes: ProductSizes): Launch {
  const { M, N, depth, count, accumulate = false } = sizes;
  return {
    kernel: {
      label: 'conv2d/7_winograd_product',
      spec: { const: { GROUP: group, QUADS: config.alignM / 4 } },
      files: ['lib/grid.wgsl', 'conv2d/winograd/7_winograd_product.wgsl'],
    },
    bindings: [reads(a), reads(b), writes(c), params(M / 4, N / 4, depth, count, accumulate ? 1 : 0)],
    workgroups: linearGrid(ceilDiv((M / config.alignM) * (N / config.alignN) * count, group)),
  };
}
