/**
 * @file WINOGRAD_NONFUSED, backward filter: F(3×3, 4×4), or F(5×5, 2×2) for 5×5 filters.
 *
 * The filter's gradient is a correlation of x with dy whose outputs are the taps. Tiles of dy take the filter's place,
 * tiles of x stay inputs, and the sum over images and tiles is the depth of the products. Where the tiles do not fit
 * the workspace at once, the products of later parts are added to those of the first.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { ConvConfig, DeviceTraits } from './algorithm.ts';
import { convAlgorithm, mathTypes } from './algorithm.ts';
import type { ProductConfig } from './batched-product.ts';
import { leastPadded, padTo, productConfigs, productStage } from './batched-product.ts';
import { floatMath, tooLarge } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import { pointsOfSix, winogradMatrices } from './winograd-matrices.ts';
import { alpha, gradientStage, points, tilesStage, transformParts } from './winograd-stages.ts';
import { transformedBytes, winogradFilterSize, winogradTolerance } from './winograd-support.ts';

interface FilterConfig extends ProductConfig, ConvConfig {
  /** Tiles in one pass over the workspace. */
  readonly tilesAtOnce: number;
}

/** F(taps, dy's tile). */
const matrices = { 3: winogradMatrices(3, 4, pointsOfSix), 5: winogradMatrices(5, 2, pointsOfSix) };
const matricesOf = (d: ConvDescriptor) => matrices[d.R as 3 | 5];

export const winogradNonfusedBackwardFilter = convAlgorithm<FilterConfig>({
  name: 'WINOGRAD_NONFUSED',
  direction: 'backward filter',
  determinism: 'deterministic',
  spreads: 'tile',
  supports: (d, device) => {
    const refused = winogradFilterSize(d, [3, 5]);
    if (refused) return refused;
    return tooLarge(partBytes(d, { ...leastPadded, mathType: floatMath(d) }, 1), device) ?? true;
  },
  configs: (d, device) => {
    const { Cg, Kg } = groupChannels(d);
    return mathTypes(d)
      .flatMap((mathType) => productConfigs(Kg, Cg, device).map((product) => ({ ...product, mathType })))
      .map((config) => ({ ...config, tilesAtOnce: tilesThatFit(d, config, device) }))
      .filter(({ tilesAtOnce }) => tilesAtOnce > 0);
  },
  workspace: (d, config) => Object.values(partBytes(d, config, config.tilesAtOnce)),
  tolerance: winogradTolerance,
  operations: (d, config) => {
    const { Cg, Kg } = groupChannels(d);
    return 2 * points * d.groups * padTo(Cg, config.alignN) * padTo(Kg, config.alignM) * tileCount(d).total;
  },
  launches: (d, config, slots) => {
    const { m, r: step, g, bt, at } = matricesOf(d);
    const { Cg, Kg } = groupChannels(d);
    const { groups, N } = d;
    const [v, u, products] = slots.workspace;
    const [paddedC, paddedK] = [padTo(Cg, config.alignN), padTo(Kg, config.alignM)];
    const { rows, columns, total } = tileCount(d);
    const x = { N, groups, channels: Cg, H: d.H, W: d.W, padTop: d.padTop, padLeft: d.padLeft, rows, columns, step };
    const dy = { N, groups, channels: Kg, H: d.P, W: d.Q, padTop: 0, padLeft: 0, rows, columns, step };

    const launches: Launch[] = [];
    for (let first = 0; first < total; first += config.tilesAtOnce) {
      const count = Math.min(config.tilesAtOnce, total - first);
      /** A row of channels a tile: point, group, channel, tile. */
      const range = (channels: number) => ({
        first,
        count,
        strides: [groups * count * channels, count * channels, 1, channels] as const,
      });
      launches.push(
        tilesStage(transformParts(d, config.mathType, bt, { STEP: step, TAPS: alpha }), x, range(paddedC), slots.x, v),
        tilesStage(transformParts(d, config.mathType, g, { STEP: step, TAPS: step }), dy, range(paddedK), slots.y, u),
        productStage(
          config,
          { a: u, b: v, c: products },
          { M: paddedK, N: paddedC, depth: count, count: points * groups, accumulate: first > 0 },
        ),
      );
    }
    launches.push(
      gradientStage(
        transformParts(d, floatMath(d), at, { R: m }),
        { groups, C: Cg, K: Kg, paddedC, paddedK },
        products,
        slots.w,
      ),
    );
    return launches;
  },
});

function tileCount(d: ConvDescriptor): { rows: number; columns: number; total: number } {
  const { r: step } = matricesOf(d);
  const [rows, columns] = [ceilDiv(d.P, step), ceilDiv(d.Q, step)];
  return { rows, columns, total: d.N * rows * columns };
}

/** Bytes of `count` transformed tiles of x and of dy, and of the products. */
function partBytes(
  d: ConvDescriptor,
  config: ProductConfig & ConvConfig,
  count: number,
): { inputs: number; gradients: number; products: number } {
  const { Cg, Kg } = groupChannels(d);
  const point = points * d.groups;
  const bytes = transformedBytes(config.mathType);
  const [c, k] = [padTo(Cg, config.alignN), padTo(Kg, config.alignM)];
  return { inputs: bytes * point * count * c, gradients: bytes * point * count * k, products: 4 * point * k * c };
}

/** All tiles, or as many as one storage buffer holds; 0 where it does not even hold the products. */
function tilesThatFit(d: ConvDescriptor, config: ProductConfig & ConvConfig, device: DeviceTraits): number {
  const limit = device.limits.maxStorageBufferBindingSize;
  const { inputs, gradients, products } = partBytes(d, config, 1);
  if (products > limit) return 0;
  return Math.min(Math.floor(limit / Math.max(inputs, gradients)), tileCount(d).total);
}
