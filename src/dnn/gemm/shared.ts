/**
 * @file SHARED: tiles of a and b in workgroup memory, a block of c in each invocation's registers. The matmul of GPUs.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import type { TileShape } from '../kernels/tile.ts';
import { tileColumns, tileLabel, tilePart, tileRows, tileShapes } from '../kernels/tile.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';

interface SharedConfig extends Config {
  readonly tile: TileShape;
}

export const shared = gemmAlgorithm<SharedConfig>({
  name: 'SHARED',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType) =>
      tileShapes(d.M, d.N, device).map((tile) => ({ label: tileLabel(tile), mathType, tile })),
    ),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { tile } = config;
    const workgroups = ceilDiv(d.M, tileRows(tile)) * ceilDiv(d.N, tileColumns(tile)) * d.outer * d.inner;
    return [gemmLaunch(d, slots, config, { name: '5_shared', part: tilePart(tile), workgroups })];
  },
});
