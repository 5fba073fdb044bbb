/**
 * @file How the result of a product is cut among workgroups: blocks in registers, without barriers (block.ts), or tiles in workgroup
 * memory (tile.ts). Algorithms that have both kinds of kernel offer both, and measuring decides.
 */
import type { DeviceTraits } from '../algorithm.ts';
import type { BlockShape } from './block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from './block.ts';
import type { TileShape } from './tile.ts';
import { tileColumns, tileConstants, tileFiles, tileLabel, tileRows, tileShapes } from './tile.ts';

export type Cut =
  | { readonly block: BlockShape; readonly tile?: undefined }
  | { readonly tile: TileShape; readonly block?: undefined };

/** A configuration of an algorithm that also has a kernel without a cut. */
export type CutOrNot = Cut | { readonly block?: undefined; readonly tile?: undefined };

export const isCut = <C extends CutOrNot>(config: C): config is C & Cut =>
  config.block !== undefined || config.tile !== undefined;

/** Fitting cuts of a result of `rows`×`columns`, blocks first, with the words for them. */
export const cuts = (rows: number, columns: number, device: DeviceTraits): (Cut & { readonly label: string })[] => [
  ...blockShapes(rows, columns, device).map((block) => ({ label: blockLabel(block), block })),
  ...tileShapes(rows, columns, device).map((tile) => ({ label: tileLabel(tile), tile })),
];

/** Rows and columns of the result that a workgroup makes. */
export const covered = ({ block, tile }: Cut): [rows: number, columns: number] =>
  block ? [block.rows, blockColumns * block.group] : [tileRows(tile), tileColumns(tile)];

/** `byFour`: the kernel offers the rows of blocks that are read alone as vectors of four. */
export const cutFiles = ({ block }: Cut, byFour = false): readonly string[] =>
  block ? blockFiles(block, byFour) : tileFiles;

export const cutConstants = ({ block, tile }: Cut): Record<string, number> =>
  block ? blockConstants(block) : tileConstants(tile);

export const cutExtensions = ({ block }: Cut): string[] => (block ? blockExtensions(block) : []);
