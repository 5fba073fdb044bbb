/**
 * @file The complex matrix products in the middle of the FFTs, c = conj(a)ᵀ·b at every point of the spectra: in
 * registers, or by tiles in workgroup memory. No subgroup shares rows of a: its lanes would stand side by side along
 * the tiles, which are few.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';
import type { TileShape } from '../kernels/tile.ts';
import { tileColumns, tileRows, tileShapes } from '../kernels/tile.ts';
import type { ProductSizes, ProductSlots } from './batched-product.ts';
import { padTo, tiledProductStage } from './batched-product.ts';

/** What rows of a and of b are padded to: whole blocks. */
export interface Alignment {
  readonly alignA: 4 | 8;
  readonly alignB: 2 | 4;
}

export interface FftProduct extends Alignment {
  readonly label: string;
  /** Tiles in workgroup memory, counted in real numbers. */
  readonly shared?: TileShape;
}

/** The one with the least padding. */
export const leastPadded = inRegisters(4, 2);

/**
 * For results of `M`×`N` complex numbers: blocks that waste less than half of their rows and columns, the likely best
 * first, and tiles.
 */
export const fftProducts = (M: number, N: number, device: DeviceTraits): FftProduct[] => [
  ...[inRegisters(8, 4), inRegisters(4, 4)].filter(({ alignA, alignB }) => alignA < 2 * M && alignB < 2 * N),
  leastPadded,
  ...tileShapes(2 * M, 2 * N, device).map(
    (shared) => ({ label: tiledLabel(shared), alignA: 4, alignB: 2, shared }) as const,
  ),
];

function inRegisters(alignA: Alignment['alignA'], alignB: Alignment['alignB']): FftProduct {
  return { label: `${alignA}×${alignB} a thread`, alignA, alignB };
}

const tiledLabel = (tile: TileShape): string =>
  `${tileRows(tile) / 2}×${tileColumns(tile) / 2} a workgroup, 4×4 a thread`;

/**
 * Multiplications and additions of one product of `M`×`N` complex numbers, with the padding that is stored; a tile's
 * own comes on top.
 */
export const fftProductOperations = ({ alignA, alignB }: FftProduct, M: number, N: number, depth: number): number =>
  8 * depth * padTo(M, alignA) * padTo(N, alignB);

const group = 64;

/** Sizes as padded, in complex numbers. */
export function fftProductStage(
  { alignA, alignB, shared }: FftProduct,
  slots: ProductSlots,
  sizes: ProductSizes,
): Launch {
  const { M, N, depth, count, accumulate } = sizes;
  if (shared) return tiledProductStage(shared, 'complex', 'FMA', slots, { ...sizes, M: 2 * M, N: 2 * N });
  return {
    kernel: kernel('conv2d/fft/product', linear(group), {
      const: { QUADS: alignA / 4, PAIRS: alignB / 2 },
      traits: { vectorRows: true, vectorColumns: true, vectorResults: true },
    }),
    bindings: [reads(slots.a), reads(slots.b), writes(slots.c), params(M / 2, N / 2, depth, count, accumulate ? 1 : 0)],
    workgroups: linearGrid(ceilDiv((M / alignA) * (N / alignB) * count, group)),
  };
}
