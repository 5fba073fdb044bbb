/**
 * @file WINOGRAD_NONFUSED, forward and backward data: F(4×4, 3×3), or F(2×2, 5×5) for 5×5 filters, in four kernels.
 *
 * Filters and input tiles are transformed into the workspace, multiplied there as one matrix product a point, and
 * transformed back. Where the transformed tiles of the whole batch would not fit one storage buffer, the last three
 * kernels run on one part of the tiles after the other.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Direction } from '../choice/records.ts';
import type { ConvAlgorithm, ConvConfig, DeviceTraits } from './algorithm.ts';
import { convAlgorithm, epilogueParts, mathTypes } from './algorithm.ts';
import type { ProductConfig } from './batched-product.ts';
import { leastPadded, padTo, productConfigs, productStage } from './batched-product.ts';
import type { Correlation } from './correlation.ts';
import { correlation, correlationSlots, floatMath, tooLarge } from './correlation.ts';
import { pointsOfSix, winogradMatrices } from './winograd-matrices.ts';
import { alpha, filterStage, outputStage, points, tilesStage, transformParts } from './winograd-stages.ts';
import { transformedBytes, winogradFilterSize, winogradTolerance } from './winograd-support.ts';

interface NonfusedConfig extends ProductConfig, ConvConfig {
  /** Tiles in one pass over the workspace. */
  readonly tilesAtOnce: number;
}

const matrices = { 3: winogradMatrices(4, 3, pointsOfSix), 5: winogradMatrices(2, 5, pointsOfSix) };
const matricesOf = (f: Correlation) => matrices[f.R as 3 | 5];

const nonfused = (direction: Direction): ConvAlgorithm =>
  convAlgorithm<NonfusedConfig>({
    name: 'WINOGRAD_NONFUSED',
    direction,
    determinism: 'deterministic',
    spreads: 'tile',
    supports: (d, device) => {
      const refused = winogradFilterSize(d, [3, 5]);
      if (refused) return refused;
      return tooLarge(partBytes(correlation(d), { ...leastPadded, mathType: floatMath(d) }, 1), device) ?? true;
    },
    configs: (d, device) => {
      const f = correlation(d);
      return mathTypes(d)
        .flatMap((mathType) =>
          productConfigs(f.K, tileCount(f).total, device).map((product) => ({ ...product, mathType })),
        )
        .map((config) => ({ ...config, tilesAtOnce: tilesThatFit(f, config, device) }))
        .filter(({ tilesAtOnce }) => tilesAtOnce > 0);
    },
    workspace: (d, config) => Object.values(partBytes(correlation(d), config, config.tilesAtOnce)),
    tolerance: winogradTolerance,
    operations: (d, config) => {
      const f = correlation(d);
      return 2 * points * f.groups * f.C * padTo(f.K, config.alignM) * padTo(tileCount(f).total, config.alignN);
    },
    launches: (d, config, slots) => {
      const f = correlation(d);
      const { m, r, g, bt, at } = matricesOf(f);
      const { source, target } = correlationSlots(d, slots);
      const [u, v, products] = slots.workspace;
      const paddedK = padTo(f.K, config.alignM);
      const { rows, columns, total } = tileCount(f);
      const inputs = {
        N: f.N,
        groups: f.groups,
        channels: f.C,
        H: f.H,
        W: f.W,
        padTop: f.padTop,
        padLeft: f.padLeft,
        rows,
        columns,
        step: m,
      };
      const outputs = { ...inputs, channels: f.K, H: f.P, W: f.Q, padTop: 0, padLeft: 0 };
      const inputTransform = transformParts(d, config.mathType, bt, { STEP: m, TAPS: alpha });
      const outputTransform = transformParts(d, floatMath(d), at, { M: m });
      const epilogue = epilogueParts(d.epilogue, slots);

      const launches: Launch[] = [filterStage(transformParts(d, config.mathType, g, { R: r }), f, paddedK, slots.w, u)];
      for (let first = 0; first < total; first += config.tilesAtOnce) {
        const count = Math.min(config.tilesAtOnce, total - first);
        const padded = padTo(count, config.alignN);
        /** A row of tiles a channel: point, group, channel, tile. */
        const range = (channels: number) => ({
          first,
          count,
          strides: [f.groups * channels * padded, channels * padded, padded, 1] as const,
        });
        launches.push(
          tilesStage(inputTransform, inputs, range(f.C), source, v),
          productStage(
            config,
            { a: u, b: v, c: products },
            { M: paddedK, N: padded, depth: f.C, count: points * f.groups },
          ),
          outputStage(outputTransform, outputs, range(paddedK), products, target, epilogue),
        );
      }
      return launches;
    },
  });

export const winogradNonfused = nonfused('forward');
export const winogradNonfusedBackwardData = nonfused('backward data');

function tileCount(f: Correlation): { rows: number; columns: number; total: number } {
  const { m } = matricesOf(f);
  const [rows, columns] = [ceilDiv(f.P, m), ceilDiv(f.Q, m)];
  return { rows, columns, total: f.N * rows * columns };
}

/** Bytes of the transformed filters, of `count` transformed input tiles, and of as many products. */
function partBytes(
  f: Correlation,
  config: ProductConfig & ConvConfig,
  count: number,
): { filters: number; tiles: number; products: number } {
  const point = points * f.groups;
  const bytes = transformedBytes(config.mathType);
  const [k, t] = [padTo(f.K, config.alignM), padTo(count, config.alignN)];
  return { filters: bytes * point * f.C * k, tiles: bytes * point * f.C * t, products: 4 * point * k * t };
}

/** All tiles, or as many as one storage buffer holds; 0 where it does not even hold the filters. */
function tilesThatFit(f: Correlation, config: ProductConfig & ConvConfig, device: DeviceTraits): number {
  const limit = device.limits.maxStorageBufferBindingSize;
  const { filters, tiles, products } = partBytes(f, config, config.alignN);
  if (filters > limit) return 0;
  return Math.min(Math.floor(limit / Math.max(tiles, products)) * config.alignN, tileCount(f).total);
}
