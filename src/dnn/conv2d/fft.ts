/**
 * @file FFT and FFT_TILING, forward and backward data: a correlation of planes is a product of their spectra.
 *
 * Filters and input tiles are transformed into the workspace, multiplied there as one complex matrix product a point,
 * and transformed back. Spectra are large, so output channels, and if need be tiles, go through the workspace in
 * portions.
 */
import type { Launch } from '../../gpu/kernel.ts';
import type { Direction } from '../choice/records.ts';
import type { ConvAlgorithm, DeviceTraits } from './algorithm.ts';
import { convAlgorithm, epilogueParts, refusesPool } from './algorithm.ts';
import { padTo } from './batched-product.ts';
import type { Correlation } from './correlation.ts';
import { correlation, correlationSlots, floatMath } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import type { FftConfig } from './fft-config.ts';
import { fftConfigs } from './fft-config.ts';
import type { FftName, FftParts, Portion, Tiling } from './fft-plan.ts';
import { fftRefuses, noHalfArithmetic, portionThatFits, portions, spreads, tilingOf } from './fft-plan.ts';
import type { Alignment } from './fft-product.ts';
import { fftProductOperations, fftProductStage, leastPadded } from './fft-product.ts';
import type { Planes } from './fft-stages.ts';
import { forwardStages, halfBytes, inverseHalfBytes, inverseStages, pointsOf } from './fft-stages.ts';

const correlationFft = (name: FftName, direction: Direction): ConvAlgorithm =>
  convAlgorithm<FftConfig>({
    name,
    direction,
    determinism: 'deterministic',
    spreads: spreads[name],
    noHalfArithmetic,
    supports: (d, device) => {
      const refused = fftRefuses(name, d, correlation(d));
      if (refused) return refused;
      const portion = portionOf(name, d, leastPadded, device);
      if (typeof portion === 'string') return portion;
      return refusesPool(d, 'its last kernel makes single rows, and a window lies in two of them') ?? true;
    },
    configs: (d, device) => {
      const f = correlation(d);
      const { size, total } = tilingOf(name, f);
      return fftConfigs(size, { M: f.K, N: total }, floatMath(d), device, (alignment) =>
        portionOf(name, d, alignment, device),
      );
    },
    workspace: (d, config) => Object.values(partBytes(name, correlation(d), config, config.portion)),
    operations: (d, config) => {
      const f = correlation(d);
      const { size, total } = tilingOf(name, f);
      return pointsOf(size) * f.groups * fftProductOperations(config, f.K, total, f.C);
    },
    launches: (d, config, slots) => {
      const f = correlation(d);
      const tiling = tilingOf(name, f);
      const { alignA, alignB, portion } = config;
      const context = { dtype: d.dtype, config, size: tiling.size };
      const extents = extentsOf(f, tiling);
      const [filters, inputs, products, half] = slots.workspace;
      const { source, target } = correlationSlots(d, slots);
      const epilogue = epilogueParts(d.epilogue, slots);
      const channelPortions = portions(f.K, portion.channels);

      return portions(tiling.total, portion.tiles).flatMap(([firstTile, tiles], part) => [
        ...forwardStages(context, inputPlanes(f, tiling, firstTile, tiles, alignB), extents.inputs, {
          x: source,
          half,
          spectrum: inputs,
        }),
        ...channelPortions.flatMap(([firstChannel, channels]): Launch[] => [
          // A single portion of channels keeps its filters' spectra for all tiles.
          ...(part === 0 || channelPortions.length > 1
            ? forwardStages(context, filterPlanes(f, firstChannel, channels, alignA), extents.filters, {
                x: slots.w,
                half,
                spectrum: filters,
              })
            : []),
          fftProductStage(
            config,
            { a: filters, b: inputs, c: products },
            {
              M: padTo(channels, alignA),
              N: padTo(tiles, alignB),
              depth: f.C,
              count: pointsOf(tiling.size) * f.groups,
            },
          ),
          ...inverseStages(
            context,
            outputPlanes(f, tiling, [firstChannel, channels], [firstTile, tiles], config),
            extents.outputs,
            { spectrum: products, half, y: target },
            epilogue,
          ),
        ]),
      ]);
    },
  });

export const fft = correlationFft('FFT', 'forward');
export const fftTiling = correlationFft('FFT_TILING', 'forward');
export const fftBackwardData = correlationFft('FFT', 'backward data');
export const fftTilingBackwardData = correlationFft('FFT_TILING', 'backward data');

const portionOf = (name: FftName, d: ConvDescriptor, alignment: Alignment, device: DeviceTraits): Portion | string => {
  const f = correlation(d);
  return portionThatFits(
    { channels: f.K, tiles: tilingOf(name, f).total },
    (portion) => partBytes(name, f, alignment, portion),
    device,
  );
};

/** Which part of a tile's plane holds numbers. */
const extentsOf = (f: Correlation, { size, valid }: Tiling) => ({
  inputs: { rows: size.height, columns: size.width },
  filters: { rows: f.R, columns: f.S },
  outputs: valid,
});

function partBytes(
  name: FftName,
  f: Correlation,
  { alignA, alignB }: Alignment,
  { channels, tiles }: Portion,
): FftParts {
  const tiling = tilingOf(name, f);
  const { size } = tiling;
  const extents = extentsOf(f, tiling);
  const point = 8 * pointsOf(size) * f.groups;
  const [k, t] = [padTo(channels, alignA), padTo(tiles, alignB)];
  return {
    filters: point * f.C * k,
    inputs: point * f.C * t,
    products: point * k * t,
    rows: Math.max(
      halfBytes(size, extents.inputs, f.groups * f.C * tiles),
      halfBytes(size, extents.filters, f.groups * f.C * channels),
      inverseHalfBytes(size, extents.outputs, f.groups * channels * tiles),
    ),
  };
}

/** Spectra by point, group, input channel, tile. */
function inputPlanes(f: Correlation, tiling: Tiling, first: number, tiles: number, alignB: number): Planes {
  const t = padTo(tiles, alignB);
  const { stepH, stepW, rows, columns } = tiling;
  return {
    groups: f.groups,
    A: f.C,
    B: tiles,
    channels: f.C,
    firstChannel: 0,
    origin: 0,
    image: f.groups * f.C * f.H * f.W,
    group: f.C * f.H * f.W,
    a: f.H * f.W,
    row: f.W,
    column: 1,
    H: f.H,
    W: f.W,
    padTop: f.padTop,
    padLeft: f.padLeft,
    stepH,
    stepW,
    rows,
    columns,
    first,
    spectrum: { point: f.groups * f.C * t, group: f.C * t, a: t, b: 1 },
  };
}

/** Spectra by point, group, input channel, output channel; each filter is an image of one tile. */
function filterPlanes(f: Correlation, first: number, channels: number, alignA: number): Planes {
  const k = padTo(channels, alignA);
  const { origin, group, k: image, c: a, row, column } = f.filter;
  return {
    groups: f.groups,
    A: f.C,
    B: channels,
    channels: f.C,
    firstChannel: 0,
    origin,
    image,
    group,
    a,
    row,
    column,
    H: f.R,
    W: f.S,
    padTop: 0,
    padLeft: 0,
    stepH: f.R,
    stepW: f.S,
    rows: 1,
    columns: 1,
    first,
    spectrum: { point: f.groups * f.C * k, group: f.C * k, a: k, b: 1 },
  };
}

/** Spectra by point, group, output channel, tile. */
function outputPlanes(
  f: Correlation,
  tiling: Tiling,
  [firstChannel, channels]: [number, number],
  [first, tiles]: [number, number],
  { alignA, alignB }: Alignment,
): Planes {
  const [k, t] = [padTo(channels, alignA), padTo(tiles, alignB)];
  const plane = f.P * f.Q;
  const { stepH, stepW, rows, columns } = tiling;
  return {
    groups: f.groups,
    A: channels,
    B: tiles,
    channels: f.K,
    firstChannel,
    origin: firstChannel * plane,
    image: f.groups * f.K * plane,
    group: f.K * plane,
    a: plane,
    row: f.Q,
    column: 1,
    H: f.P,
    W: f.Q,
    padTop: 0,
    padLeft: 0,
    stepH,
    stepW,
    rows,
    columns,
    first,
    spectrum: { point: f.groups * k * t, group: k * t, a: t, b: 1 },
  };
}
