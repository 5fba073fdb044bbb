/**
 * @file The tile that workgroups share in workgroup memory (shaders/block/shared.wgsl): 8 rows and 8 columns an
 * invocation.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';

export interface TileShape {
  /** Invocations along the rows and along the columns. Their product is a multiple of 8·threadsN. */
  readonly threadsM: number;
  readonly threadsN: number;
}

const shapes: readonly TileShape[] = [
  { threadsM: 8, threadsN: 8 },
  { threadsM: 8, threadsN: 16 },
  { threadsM: 16, threadsN: 16 },
];

/** Steps of the sum in workgroup memory at a time: TILE_K in shaders/block/shared.wgsl. */
const tileSteps = 8;

/** Bytes of workgroup memory, in float32. */
const bytesOf = (tile: TileShape): number => 4 * tileSteps * (tileRows(tile) + tileColumns(tile));

export const tileRows = ({ threadsM }: TileShape): number => 8 * threadsM;
export const tileColumns = ({ threadsN }: TileShape): number => 8 * threadsN;

/** Tiles that the device can hold and that a result of `rows`×`columns` fills at least half, the smallest always. */
export function tileShapes(rows: number, columns: number, { limits }: DeviceTraits): TileShape[] {
  return shapes.filter(
    (tile, i) =>
      tile.threadsM * tile.threadsN <= limits.maxComputeInvocationsPerWorkgroup &&
      bytesOf(tile) <= limits.maxComputeWorkgroupStorageSize &&
      (i === 0 || (2 * rows >= tileRows(tile) && 2 * columns >= tileColumns(tile))),
  );
}

export const tileLabel = (tile: TileShape): string =>
  `${tileRows(tile)}×${tileColumns(tile)} a workgroup, 8×8 a thread`;

export const tilePart = ({ threadsM, threadsN }: TileShape): KernelPart => ({
  const: { THREADS_M: threadsM, THREADS_N: threadsN, THREADS: threadsM * threadsN },
  files: ['block/unit.wgsl', 'block/shared.wgsl'],
  traits: { group: threadsM * threadsN, tileSteps },
});
