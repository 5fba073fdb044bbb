/**
 * @file The matrix products in the middle of WINOGRAD_NONFUSED and of the FFTs: a batch of c = aᵀ·b, both operands
 * depth first. The general matmul (../gemm) takes any strides; these have none to take.
 *
 * In real numbers, for Winograd, there are blocks in registers, rows padded to whole ones, which each invocation reads
 * for itself or a subgroup together, and tiles in workgroup memory; and each of them again for operands in float16. The
 * FFTs' own kernel is in fft-product.ts; the tiles are common.
 */
import type { KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';
import { sumPart } from '../kernels/epilogue.ts';
import type { MathType } from '../choice/records.ts';
import type { TileShape } from '../kernels/tile.ts';
import { tileColumns, tileLabel, tilePart, tileRows, tileShapes } from '../kernels/tile.ts';

/** How the products are tiled; rows of a and b are padded to multiples of `alignM` and `alignN`. */
export interface ProductConfig {
  readonly label: string;
  readonly alignM: number;
  readonly alignN: number;
  /** Lanes of the subgroups that read rows together. */
  readonly lanes?: number;
  /** Tiles in workgroup memory. */
  readonly tile?: TileShape;
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

export interface ProductSlots {
  readonly a: Slot;
  readonly b: Slot;
  readonly c: Slot;
}

const group = 64;

export const padTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

const inRegisters = (alignM: 4 | 8 | 16): ProductConfig => ({ label: `${alignM}×8 a thread`, alignM, alignN: 8 });

/** The one with the least padding. */
export const leastPadded = inRegisters(4);

/**
 * For results of `M`×`N`: blocks that waste less than half of their rows, the smallest always; with subgroups, where a
 * block of 16 rows is not mostly waste; tiles.
 */
export function productConfigs(M: number, N: number, device: DeviceTraits): ProductConfig[] {
  const lanes = device.subgroupSize ?? 1;
  return [
    ...([8, 16] as const).filter((rows) => rows < 2 * M).map(inRegisters),
    ...(lanes >= 4 && M > 8 ? [{ ...inRegisters(16), label: `16×8 a thread, subgroups of ${lanes}`, lanes }] : []),
    leastPadded,
    ...tileShapes(M, N, device).map((tile) => ({ label: tileLabel(tile), alignM: 8, alignN: 8, tile })),
  ];
}

/**
 * `mathType` is the arithmetic; operands are float16 in HALF_ARITHMETIC, and the result never is, so one pipeline
 * serves all others.
 */
export function productStage(
  { alignM, alignN, lanes, tile, mathType }: ProductConfig & { readonly mathType: MathType },
  slots: ProductSlots,
  sizes: ProductSizes,
): Launch {
  if (tile) return tiledProductStage(tile, 'real', mathType, slots, sizes);
  const { a, b, c } = slots;
  const { M, N, depth, count, accumulate } = sizes;
  const name = mathType === 'HALF_ARITHMETIC' ? 'nonfused_product_half' : 'nonfused_product';
  const folder = 'conv2d/winograd';
  const blocksN = N / alignN;
  const rows: KernelPart = lanes
    ? {
        enable: ['subgroups'],
        const: { LANES: lanes },
        files: [`${folder}/rows_together.wgsl`],
        traits: { group: lanes, rowLanes: lanes },
      }
    : { const: { GROUP: group }, files: [`${folder}/rows_alone.wgsl`] };
  return {
    kernel: kernel(`${folder}/${name}`, sumPart(mathType), rows, {
      const: { QUADS: alignM / 4 },
      files: ['lib/grid.wgsl', `${folder}/product_rows.wgsl`],
      traits: { vectorRows: true, vectorColumns: true, vectorResults: true },
    }),
    bindings: [reads(a), reads(b), writes(c), params(M / 4, N / 4, depth, count, accumulate ? 1 : 0)],
    workgroups: linearGrid(
      lanes ? (M / alignM) * ceilDiv(blocksN, lanes) * count : ceilDiv((M / alignM) * blocksN * count, group),
    ),
  };
}

/**
 * The products by tiles in workgroup memory. A complex row is twice as many real numbers, and `M` and `N` count those;
 * multiples of 8 and 2.
 */
export function tiledProductStage(
  tile: TileShape,
  numbers: 'real' | 'complex',
  mathType: MathType,
  { a, b, c }: ProductSlots,
  sizes: ProductSizes,
): Launch {
  const { M, N, depth, count, accumulate } = sizes;
  const sums = mathType === 'HALF_ARITHMETIC' ? 'by_tile' : 'whole';
  return {
    kernel: kernel('conv2d/product/shared', sumPart(mathType), tilePart(tile), {
      files: [`conv2d/product/sums_${sums}.wgsl`, `conv2d/product/${numbers}.wgsl`],
    }),
    bindings: [reads(a), reads(b), writes(c), params(M, N, depth, count, accumulate ? 1 : 0)],
    workgroups: linearGrid(ceilDiv(M, tileRows(tile)) * ceilDiv(N, tileColumns(tile)) * count),
  };
}
