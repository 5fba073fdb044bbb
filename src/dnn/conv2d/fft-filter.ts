/**
 * @file FFT and FFT_TILING, backward filter: the filter's gradient is a correlation of x with dy, so the spectra of
 * dy's tiles take the filters' place, and the sum over images and tiles is the depth of the product.
 *
 * Only R×S outputs a plane are wanted. Output channels go through the workspace in portions, and so do tiles; the
 * products of later tiles are added to those of the first.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { noEpilogue } from '../kernels/epilogue.ts';
import type { ConvAlgorithm, DeviceTraits } from './algorithm.ts';
import { convAlgorithm, epilogueParts } from './algorithm.ts';
import { padTo } from './batched-product.ts';
import { floatMath } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import type { FftConfig } from './fft-config.ts';
import { fftConfigs } from './fft-config.ts';
import type { FftName, FftParts, Portion, Tiling } from './fft-plan.ts';
import { fftRefuses, noHalfArithmetic, portionThatFits, portions, spreads, tilingOf } from './fft-plan.ts';
import type { Alignment } from './fft-product.ts';
import { fftProductOperations, fftProductStage, leastPadded } from './fft-product.ts';
import type { Planes } from './fft-stages.ts';
import { forwardStages, halfBytes, inverseHalfBytes, inverseStages, pointsOf } from './fft-stages.ts';

const filterFft = (name: FftName): ConvAlgorithm =>
  convAlgorithm<FftConfig>({
    name,
    direction: 'backward filter',
    determinism: 'deterministic',
    spreads: spreads[name],
    noHalfArithmetic,
    supports: (d, device) => {
      const refused = fftRefuses(name, d, d);
      if (refused) return refused;
      const portion = portionOf(name, d, leastPadded, device);
      return typeof portion === 'string' ? portion : true;
    },
    configs: (d, device) => {
      const { Cg, Kg } = groupChannels(d);
      return fftConfigs(tilingOf(name, d).size, { M: Kg, N: Cg }, floatMath(d), device, (alignment) =>
        portionOf(name, d, alignment, device),
      );
    },
    workspace: (d, config) => Object.values(partBytes(name, d, config, config.portion)),
    operations: (d, config) => {
      const { size, total } = tilingOf(name, d);
      const { Cg, Kg } = groupChannels(d);
      return pointsOf(size) * d.groups * fftProductOperations(config, Kg, Cg, total);
    },
    launches: (d, config, slots) => {
      const tiling = tilingOf(name, d);
      const { Cg, Kg } = groupChannels(d);
      const { alignA, alignB, portion } = config;
      const context = { dtype: d.dtype, config, size: tiling.size };
      const extents = extentsOf(d, tiling);
      const [gradients, inputs, products, half] = slots.workspace;
      const tilePortions = portions(tiling.total, portion.tiles);
      return portions(Kg, portion.channels).flatMap(([firstChannel, channels], part) => [
        ...tilePortions.flatMap(([first, tiles], tilePart): Launch[] => [
          // A single portion of tiles keeps the inputs' spectra for all channels.
          ...(part === 0 || tilePortions.length > 1
            ? forwardStages(context, inputPlanes(d, tiling, first, tiles, alignB), extents.inputs, {
                x: slots.x,
                half,
                spectrum: inputs,
              })
            : []),
          ...forwardStages(
            context,
            gradientPlanes(d, tiling, [firstChannel, channels], [first, tiles], alignA),
            extents.gradients,
            { x: slots.y, half, spectrum: gradients },
          ),
          fftProductStage(
            config,
            { a: gradients, b: inputs, c: products },
            {
              M: padTo(channels, alignA),
              N: padTo(Cg, alignB),
              depth: tiles,
              count: pointsOf(tiling.size) * d.groups,
              accumulate: tilePart > 0,
            },
          ),
        ]),
        ...inverseStages(
          context,
          filterPlanes(d, [firstChannel, channels], config),
          extents.filters,
          { spectrum: products, half, y: slots.w },
          epilogueParts(noEpilogue, slots),
        ),
      ]);
    },
  });

export const fftBackwardFilter = filterFft('FFT');
export const fftTilingBackwardFilter = filterFft('FFT_TILING');

const portionOf = (name: FftName, d: ConvDescriptor, alignment: Alignment, device: DeviceTraits): Portion | string =>
  portionThatFits(
    { channels: groupChannels(d).Kg, tiles: tilingOf(name, d).total },
    (portion) => partBytes(name, d, alignment, portion),
    device,
  );

/** Which part of a tile's plane holds numbers. */
const extentsOf = (d: ConvDescriptor, { size, valid }: Tiling) => ({
  inputs: { rows: size.height, columns: size.width },
  gradients: valid,
  filters: { rows: d.R, columns: d.S },
});

/** `filters` are the spectra in the filters' place, those of dy. */
function partBytes(
  name: FftName,
  d: ConvDescriptor,
  { alignA, alignB }: Alignment,
  { channels, tiles }: Portion,
): FftParts {
  const tiling = tilingOf(name, d);
  const { size } = tiling;
  const { Cg } = groupChannels(d);
  const extents = extentsOf(d, tiling);
  const point = 8 * pointsOf(size) * d.groups;
  const [k, c] = [padTo(channels, alignA), padTo(Cg, alignB)];
  return {
    filters: point * tiles * k,
    inputs: point * tiles * c,
    products: point * k * c,
    rows: Math.max(
      halfBytes(size, extents.inputs, d.groups * Cg * tiles),
      halfBytes(size, extents.gradients, d.groups * channels * tiles),
      inverseHalfBytes(size, extents.filters, d.groups * channels * Cg),
    ),
  };
}

/** Spectra by point, group, tile, input channel. */
function inputPlanes(d: ConvDescriptor, tiling: Tiling, first: number, tiles: number, alignB: number): Planes {
  const { Cg } = groupChannels(d);
  const c = padTo(Cg, alignB);
  const plane = d.H * d.W;
  const { stepH, stepW, rows, columns } = tiling;
  return {
    groups: d.groups,
    A: Cg,
    B: tiles,
    channels: Cg,
    firstChannel: 0,
    origin: 0,
    image: d.C * plane,
    group: Cg * plane,
    a: plane,
    row: d.W,
    column: 1,
    H: d.H,
    W: d.W,
    padTop: d.padTop,
    padLeft: d.padLeft,
    stepH,
    stepW,
    rows,
    columns,
    first,
    spectrum: { point: d.groups * tiles * c, group: tiles * c, a: 1, b: c },
  };
}

/** Spectra by point, group, tile, output channel. */
function gradientPlanes(
  d: ConvDescriptor,
  tiling: Tiling,
  [firstChannel, channels]: [number, number],
  [first, tiles]: [number, number],
  alignA: number,
): Planes {
  const { Kg } = groupChannels(d);
  const k = padTo(channels, alignA);
  const plane = d.P * d.Q;
  const { stepH, stepW, rows, columns } = tiling;
  return {
    groups: d.groups,
    A: channels,
    B: tiles,
    channels: Kg,
    firstChannel,
    origin: firstChannel * plane,
    image: d.K * plane,
    group: Kg * plane,
    a: plane,
    row: d.Q,
    column: 1,
    H: d.P,
    W: d.Q,
    padTop: 0,
    padLeft: 0,
    stepH,
    stepW,
    rows,
    columns,
    first,
    spectrum: { point: d.groups * tiles * k, group: tiles * k, a: 1, b: k },
  };
}

/** Spectra by point, group, output channel, input channel; each filter is an image of one tile. */
function filterPlanes(
  d: ConvDescriptor,
  [firstChannel, channels]: [number, number],
  { alignA, alignB }: Alignment,
): Planes {
  const { Cg, Kg } = groupChannels(d);
  const [k, c] = [padTo(channels, alignA), padTo(Cg, alignB)];
  const taps = d.R * d.S;
  return {
    groups: d.groups,
    A: channels,
    B: Cg,
    channels: Kg,
    firstChannel,
    origin: firstChannel * Cg * taps,
    image: taps,
    group: Kg * Cg * taps,
    a: Cg * taps,
    row: d.S,
    column: 1,
    H: d.R,
    W: d.S,
    padTop: 0,
    padLeft: 0,
    stepH: d.R,
    stepW: d.S,
    rows: 1,
    columns: 1,
    first: 0,
    spectrum: { point: d.groups * k * c, group: k * c, a: c, b: 1 },
  };
}
