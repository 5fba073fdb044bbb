/**
 * @file The kernels of FFT and FFT_TILING, which the three directions put together: rows, columns, and, after the
 * product (fft-product.ts), columns back, rows back.
 *
 * A stage is two files: what a line is (`forward_rows.wgsl` and the others), and how a line of that length is
 * transformed: up to 32 numbers in registers (`lines_32.wgsl`), more of them in two steps (`two_steps.wgsl`), by one
 * invocation (`lines_alone.wgsl`) or by several, through workgroup memory (`lines_shared.wgsl`).
 */
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ConvConfig } from './algorithm.ts';
import { elementPart, sumPart } from './algorithm.ts';
import type { EpilogueParts, FloatType } from '../kernels/epilogue.ts';

/** Lengths that a line may have. */
export const lengths = [16, 32, 64, 128, 256] as const;
export type Length = (typeof lengths)[number];

/** A transform of planes of `height`×`width` numbers. */
export interface Plane2d {
  readonly height: Length;
  readonly width: Length;
}

/** Complex numbers in the spectrum of a real plane: the other half mirrors these. */
export const pointsOf = ({ height, width }: Plane2d): number => height * (width / 2 + 1);

/** Planes in a tensor, and where their spectra lie: `struct Planes` of shaders/lib/fft_planes.wgsl. */
export interface Planes {
  readonly groups: number;
  /** Planes by channel and by tile (or filter). */
  readonly A: number;
  readonly B: number;
  readonly channels: number;
  readonly firstChannel: number;
  /** Strides in the tensor, in elements. */
  readonly origin: number;
  readonly image: number;
  readonly group: number;
  readonly a: number;
  readonly row: number;
  readonly column: number;
  readonly H: number;
  readonly W: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly stepH: number;
  readonly stepW: number;
  readonly rows: number;
  readonly columns: number;
  readonly first: number;
  readonly spectrum: SpectrumStrides;
}

/** In complex numbers. */
export interface SpectrumStrides {
  readonly point: number;
  readonly group: number;
  readonly a: number;
  readonly b: number;
}

/** How many rows and columns of each plane hold numbers; the rest is zero, or not wanted. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

const planeCount = (p: Planes): number => p.groups * p.A * p.B;
const pairsOf = ({ rows }: Extent): number => ceilDiv(rows, 2);

/** Bytes between the row and column stages, on the way there and back. */
export const halfBytes = (size: Plane2d, extent: Extent, planes: number): number =>
  8 * planes * size.width * pairsOf(extent);
export const inverseHalfBytes = (size: Plane2d, extent: Extent, planes: number): number =>
  8 * planes * (size.width / 2 + 1) * extent.rows;

/** Lines of this length and less are transformed in the registers of one invocation. */
const inRegisters = 32;

/** How longer ones are: by one invocation without barriers, or by several through workgroup memory. */
export type LongLines = 'alone' | 'shared';

/** Whether a transform has lines that are too long for registers. */
export const hasLongLines = ({ height, width }: Plane2d): boolean => Math.max(height, width) > inRegisters;

/** What the stages of one algorithm share. */
export interface FftContext {
  readonly dtype: FloatType;
  readonly config: ConvConfig & { readonly lines: LongLines };
  readonly size: Plane2d;
}

/** From planes to their spectra, through `half`. */
export function forwardStages(
  context: FftContext,
  planes: Planes,
  extent: Extent,
  slots: { x: Slot; half: Slot; spectrum: Slot },
): Launch[] {
  const { size } = context;
  return [
    lineStage(context, 'forward_rows', size.width, extent, planeCount(planes) * pairsOf(extent), [
      reads(slots.x),
      writes(slots.half),
      planeParams(planes),
    ]),
    lineStage(context, 'forward_columns', size.height, extent, planeCount(planes) * (size.width / 2 + 1), [
      reads(slots.half),
      writes(slots.spectrum),
      planeParams(planes),
    ]),
  ];
}

/** From spectra to planes, through `half`, and out through the epilogue. */
export function inverseStages(
  context: FftContext,
  planes: Planes,
  extent: Extent,
  slots: { spectrum: Slot; half: Slot; y: Slot },
  epilogue: EpilogueParts,
): Launch[] {
  const { size } = context;
  const rows = lineStage(
    context,
    'inverse_rows',
    size.width,
    extent,
    planeCount(planes) * pairsOf(extent),
    [reads(slots.half), writes(slots.y), planeParams(planes)],
    epilogue.part,
  );
  return [
    lineStage(context, 'inverse_columns', size.height, extent, planeCount(planes) * (size.width / 2 + 1), [
      reads(slots.spectrum),
      writes(slots.half),
      planeParams(planes),
    ]),
    { ...rows, epilogue: epilogue.bindings },
  ];
}

const group = 64;

/**
 * Which sizes each stage depends on, and whether it sees elements: no more is specialised, so that pipelines are
 * shared. And what else it is linked with.
 */
const stages = {
  forward_rows: { uses: ['WIDTH', 'ROWS', 'COLUMNS'], elements: true, with: [] },
  forward_columns: { uses: ['HEIGHT', 'WIDTH', 'ROWS'], elements: false, with: ['conv2d/fft/columns.wgsl'] },
  inverse_columns: { uses: ['HEIGHT', 'WIDTH', 'ROWS'], elements: false, with: ['conv2d/fft/columns.wgsl'] },
  inverse_rows: { uses: ['HEIGHT', 'WIDTH', 'ROWS', 'COLUMNS'], elements: true, with: [] },
} as const;

function lineStage(
  { dtype, config, size }: FftContext,
  stage: keyof typeof stages,
  length: Length,
  extent: Extent,
  lines: number,
  bindings: readonly Binding[],
  part: KernelPart = {},
): Launch {
  const { uses, elements, with: own } = stages[stage];
  const known = { HEIGHT: size.height, WIDTH: size.width, ROWS: extent.rows, COLUMNS: extent.columns };
  const sizes = Object.fromEntries(uses.map((name) => [name, known[name]]));
  const common: KernelPart[] = [
    ...(elements ? [elementPart(dtype), sumPart(config.mathType)] : []),
    { const: sizes, files: ['lib/grid.wgsl', 'lib/fft.wgsl', 'lib/fft_planes.wgsl', ...own] },
    part,
  ];
  const name = `conv2d/fft/${stage}`;
  if (length <= inRegisters) {
    return {
      kernel: kernel(name, ...common, linear(group), { files: [`conv2d/fft/lines_${length}.wgsl`] }),
      bindings,
      workgroups: linearGrid(ceilDiv(lines, group)),
    };
  }
  const [first, second] = length === 64 ? [8, 8] : length === 128 ? [16, 8] : [16, 16];
  const linesAtOnce = config.lines === 'alone' ? group : group / first;
  const lineGroup: KernelPart =
    config.lines === 'alone'
      ? linear(group)
      : { const: { LINES: linesAtOnce }, traits: { group: linesAtOnce * first } };
  return {
    kernel: kernel(name, ...common, lineGroup, {
      const: { FIRST: first, SECOND: second },
      files: ['conv2d/fft/two_steps.wgsl', `conv2d/fft/lines_${config.lines}.wgsl`],
    }),
    bindings: [...bindings, { params: circle(length) }],
    workgroups: linearGrid(ceilDiv(lines, linesAtOnce)),
  };
}

/** exp(−2πi·n/length) for n below `length`, rounded once. */
function circle(length: number): ArrayBuffer {
  const points = new Float32Array(2 * length);
  for (let n = 0; n < length; n++) {
    points[2 * n] = Math.cos((-2 * Math.PI * n) / length);
    points[2 * n + 1] = Math.sin((-2 * Math.PI * n) / length);
  }
  return points.buffer;
}

const planeParams = (p: Planes): Binding =>
  params(
    p.groups,
    p.A,
    p.B,
    p.channels,
    p.firstChannel,
    p.origin,
    p.image,
    p.group,
    p.a,
    p.row,
    p.column,
    p.H,
    p.W,
    p.padTop,
    p.padLeft,
    p.stepH,
    p.stepW,
    p.rows,
    p.columns,
    p.first,
    p.spectrum.point,
    p.spectrum.group,
    p.spectrum.a,
    p.spectrum.b,
  );
