/**
 * @file The complex matrix products in the middle of the FFTs, c = conj(a)ᵀ·b at every point of the spectra: in registers, or
 * by tiles in workgroup memory. A step of the sum takes two vectors of a, too few for a subgroup to share with profit.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileRows, tileShapes } from '../tile.ts';
import type { ProductSizes, ProductSlots } from './batched-product.ts';
import { padTo, tiledProductStage } from './batched-product.ts';

/** Rows of a are padded to whole blocks of 4, rows of b to the block's width. */
export const alignA = 4;

export interface FftProduct {
  readonly label: string;
  readonly alignB: 2 | 4;
  /** Tiles in workgroup memory, counted in real numbers. */
  readonly shared?: TileShape;
}

/** The one with the least padding. */
export const leastPadded: FftProduct = { label: '4×2 a thread', alignB: 2 };

/** For results of `M`×`N` complex numbers: blocks no wider than the result, the likely best first, and tiles. */
export const fftProducts = (M: number, N: number, device: DeviceTraits): FftProduct[] => [
  ...(N > 2 ? [{ label: '4×4 a thread', alignB: 4 } as const] : []),
  leastPadded,
  ...tileShapes(2 * M, 2 * N, device).map((shared) => ({ label: tiledLabel(shared), alignB: 2, shared }) as const),
];

const tiledLabel = (tile: TileShape): string => `${tileRows(tile) / 2}×${tileColumns(tile) / 2} a workgroup, 4×4 a thread`;

/** Multiplications and additions of one product of `M`×`N` complex numbers, padding included. */
export const fftProductOperations = ({ alignB, shared }: FftProduct, M: number, N: number, depth: number): number =>
  8 * depth * (shared ? padTo(M, tileRows(shared) / 2) * padTo(N, tileColumns(shared) / 2) : padTo(M, alignA) * padTo(N, alignB));

const group = 64;

/** Sizes as padded, in complex numbers. */
export function fftProductStage({ alignB, shared }: FftProduct, slots: ProductSlots, sizes: ProductSizes): Launch {
  const { M, N, depth, count, accumulate } = sizes;
  if (shared) return tiledProductStage(shared, 'complex', slots, { ...sizes, M: 2 * M, N: 2 * N });
  return {
    kernel: { label: 'conv2d/4_fft_product', spec: { const: { GROUP: group, PAIRS: alignB / 2 } }, files: ['lib/grid.wgsl', 'conv2d/fft/4_fft_product.wgsl'] },
    bindings: [reads(slots.a), reads(slots.b), writes(slots.c), params(M / 2, N / 2, depth, count, accumulate ? 1 : 0)],
    workgroups: linearGrid(ceilDiv((M / alignA) * (N / alignB) * count, group)),
  };
}
