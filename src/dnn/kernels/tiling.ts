/**
 * @file Tiling: how the result of a product is divided among workgroups, as blocks in registers, without barriers
 * (block.ts), or as tiles in workgroup memory (tile.ts). Algorithms that have both kinds of kernel offer both, and
 * measuring decides.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';
import type { BlockShape } from './block.ts';
import { blockColumns, blockLabel, blockPart, blockShapes } from './block.ts';
import type { TileShape } from './tile.ts';
import { tileColumns, tileLabel, tilePart, tileRows, tileShapes } from './tile.ts';

export type Tiling =
  | { readonly block: BlockShape; readonly tile?: undefined }
  | { readonly tile: TileShape; readonly block?: undefined };

/** A configuration of an algorithm that also has a kernel without tiling. */
export type OptionalTiling = Tiling | { readonly block?: undefined; readonly tile?: undefined };

export const isTiled = <C extends OptionalTiling>(config: C): config is C & Tiling =>
  config.block !== undefined || config.tile !== undefined;

/** Fitting tilings of a result of `rows`×`columns`, blocks first, with the words for them. */
export const tilings = (
  rows: number,
  columns: number,
  device: DeviceTraits,
): (Tiling & { readonly label: string })[] => [
  ...blockShapes(rows, columns, device).map((block) => ({ label: blockLabel(block), block })),
  ...tileShapes(rows, columns, device).map((tile) => ({ label: tileLabel(tile), tile })),
];

/** Rows and columns of the result that a workgroup makes. */
export const workgroupShape = ({ block, tile }: Tiling): [rows: number, columns: number] =>
  block ? [block.rows, blockColumns * block.group] : [tileRows(tile), tileColumns(tile)];

/** `byFour`: the kernel offers the rows of blocks that are read alone as vectors of four. */
export const tilingPart = ({ block, tile }: Tiling, byFour = false): KernelPart =>
  block ? blockPart(block, byFour) : tilePart(tile);
