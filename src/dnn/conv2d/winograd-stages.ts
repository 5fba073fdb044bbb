/**
 * @file The kernels around the product of WINOGRAD_NONFUSED, which the three directions put together: transforms of
 * filters, of image tiles, and back to outputs or to a filter's gradient. All have α = 6.
 */
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import { elementPart, sumPart } from './algorithm.ts';
import type { EpilogueParts } from '../kernels/epilogue.ts';
import type { MathType } from '../choice/records.ts';
import type { Correlation } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import type { RationalMatrix } from './winograd-matrices.ts';
import { filledUp, wgslMatrix } from './winograd-matrices.ts';

export const alpha = 6;

/** Points of a transformed tile, and so matrix products by group. */
export const points = alpha ** 2;

const group = 64;

/** Images N×(groups·channels)×H×W as a grid of tiles with `step` elements between them. */
export interface TiledImages {
  readonly N: number;
  readonly groups: number;
  /** Of one group. */
  readonly channels: number;
  readonly H: number;
  readonly W: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
}

/** Tiles `first` to `first + count` of all images, and where they are kept: strides by point, group, channel, tile. */
export interface TileRange {
  readonly first: number;
  readonly count: number;
  readonly strides: readonly [point: number, group: number, channel: number, tile: number];
}

/**
 * What every transform's kernel is specialised for: element type, what transformed numbers are stored as, matrix, sizes
 * as plain integers. The transform itself is float32 always: it costs little, and it is where rounding errors are
 * multiplied.
 */
export function transformParts(
  d: ConvDescriptor,
  mathType: MathType,
  matrix: RationalMatrix,
  sizes: Readonly<Record<string, number>>,
): KernelPart[] {
  const plain = Object.fromEntries(Object.entries(sizes).map(([name, value]) => [name, String(value)]));
  return [
    elementPart(d.dtype),
    sumPart(mathType),
    linear(group),
    { const: { T: wgslMatrix(filledUp(matrix, alpha)), ...plain }, files: ['lib/transform6.wgsl'] },
  ];
}

/** u = G·g·Gᵀ for every filter; `paddedK` is the row length in the workspace. */
export function filterStage(
  transform: readonly KernelPart[],
  f: Correlation,
  paddedK: number,
  w: Slot,
  u: Slot,
): Launch {
  const { origin, group: g, k, c, row, column } = f.filter;
  return {
    kernel: kernel('conv2d/winograd/nonfused_filter', ...transform),
    bindings: [reads(w), writes(u), params(f.groups, f.C, f.K, paddedK, origin, g, k, c, row, column)],
    workgroups: linearGrid(ceilDiv(f.groups * f.C * f.K, group)),
  };
}

/** v = T·d·Tᵀ for every tile of a range. */
export function tilesStage(
  transform: readonly KernelPart[],
  images: TiledImages,
  range: TileRange,
  x: Slot,
  v: Slot,
): Launch {
  return {
    kernel: kernel('conv2d/winograd/nonfused_tiles', ...transform, { files: ['lib/winograd.wgsl'] }),
    bindings: [reads(x), writes(v), tileParams(images, range)],
    workgroups: tileGrid(images, range),
  };
}

/** y = epilogue(Aᵀ·m·A) for every tile of a range. */
export function outputStage(
  transform: readonly KernelPart[],
  images: TiledImages,
  range: TileRange,
  m: Slot,
  y: Slot,
  { part, bindings, stores }: EpilogueParts,
): Launch {
  return {
    kernel: kernel('conv2d/winograd/nonfused_output', ...transform, part, {
      files: ['lib/winograd.wgsl', `conv2d/winograd/nonfused_store_${stores}.wgsl`],
    }),
    bindings: [reads(m), writes(y), tileParams(images, range)],
    epilogue: bindings,
    workgroups: tileGrid(images, range),
  };
}

/** dw = Aᵀ·m·A for every filter. */
export function gradientStage(
  transform: readonly KernelPart[],
  sizes: { groups: number; C: number; K: number; paddedC: number; paddedK: number },
  m: Slot,
  dw: Slot,
): Launch {
  const { groups, C, K, paddedC, paddedK } = sizes;
  return {
    kernel: kernel('conv2d/winograd/nonfused_filter_gradient', ...transform),
    bindings: [reads(m), writes(dw), params(groups, C, K, paddedC, paddedK)],
    workgroups: linearGrid(ceilDiv(groups * K * C, group)),
  };
}

/** `struct Tiles` of shaders/lib/winograd.wgsl. */
const tileParams = (t: TiledImages, { first, count, strides }: TileRange): Binding =>
  params(t.groups, t.channels, t.H, t.W, t.padTop, t.padLeft, t.rows, t.columns, first, count, ...strides);

const tileGrid = (t: TiledImages, { count }: TileRange) => linearGrid(ceilDiv(t.groups * t.channels * count, group));
