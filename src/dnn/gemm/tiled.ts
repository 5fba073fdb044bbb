/**
 * @file TILED: workgroups share square tiles of a and b in workgroup memory.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';

interface TiledConfig extends Config {
  readonly tile: number;
}

export const tiled = gemmAlgorithm<TiledConfig>({
  name: 'TILED',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) =>
    mathTypes(d).flatMap((mathType) => [16, 8].map((tile) => ({ label: `${tile}×${tile}`, mathType, tile }))),
  workspace: () => [],
  launches: (d, config, slots) => [
    gemmLaunch(d, slots, config, {
      name: '2_tiled',
      part: { const: { TILE: config.tile }, traits: { group: config.tile ** 2, tileSteps: config.tile } },
      workgroups: ceilDiv(d.M, config.tile) * ceilDiv(d.N, config.tile) * d.outer * d.inner,
    }),
  ],
});
