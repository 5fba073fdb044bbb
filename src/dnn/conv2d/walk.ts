/**
 * @file Depthwise convolutions by walking down the rows (shaders/conv2d/direct/4_walking_depthwise.wgsl): the rows
 * under a strip of outputs stay in registers, so a step down reads only what comes new. DIRECT's forward, and ALGO_1's
 * gradient by x.
 */
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config, Work } from '../algorithm.ts';
import { convParams, convPart, elementPart, sumPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { isDepthwise } from './descriptor.ts';

const group = 64;

/** Outputs of a row that an invocation makes side by side. */
const strip = 8;

/** Rows of the filter that are kept in registers, and columns that the cells beside a strip reach over. */
const largestFilter = 5;

/** The rows that an invocation walks down: long walks read less, short ones keep more invocations busy. */
const heights = [16, 4];

export interface WalkShape {
  /** Rows of outputs. */
  readonly rows: number;
}

/** Walks of about equal height, the longest first. */
export function walkShapes(d: ConvDescriptor): WalkShape[] {
  if (!walks(d)) return [];
  const rows = heights.map((height) => ceilDiv(d.P, ceilDiv(d.P, height)));
  return [...new Set(rows)].map((height) => ({ rows: height }));
}

function walks(d: ConvDescriptor): boolean {
  const stride = d.strideH;
  return (
    isDepthwise(d) &&
    !d.epilogue.pool &&
    d.strideW === stride &&
    (stride === 1 || stride === 2) &&
    d.dilationH === 1 &&
    d.dilationW === 1 &&
    d.R >= stride &&
    Math.max(d.R, d.S) <= largestFilter &&
    d.padLeft < d.S
  );
}

/** Whether rows of x and of y lie so that vectors of four can be read and stored. */
const byFour = (d: ConvDescriptor): boolean => d.W % 4 === 0 && d.Q % 4 === 0;

export const walkLabel = (d: ConvDescriptor, { rows }: WalkShape): string =>
  `${rows}×${strip} outputs a thread${byFour(d) ? ' by fours' : ''}, depthwise`;

/** From an image to a result: x to y, or dy to dx, where filters are `turned` and `d` is what `turnedConv` says. */
export interface WalkSlots {
  readonly image: Slot;
  readonly w: Slot;
  readonly result: Slot;
  readonly turned?: boolean;
}

export function walkLaunch(
  d: ConvDescriptor,
  { rows }: WalkShape,
  { mathType }: Config,
  { image, w, result, turned = false }: WalkSlots,
  epilogue: { readonly part: KernelPart; readonly bindings?: readonly Binding[] },
): Launch {
  return {
    kernel: kernel(
      'conv2d/direct/4_walking_depthwise',
      elementPart(d.dtype),
      sumPart(mathType),
      convPart,
      epilogue.part,
      linear(group),
      {
        const: { ROWS: rows, FILTER_H: d.R, FILTER_W: d.S, PAD: String(d.padLeft), TURNED: String(turned) },
        files: [
          'block/unit.wgsl',
          'conv2d/walk/cells.wgsl',
          `conv2d/walk/stride_${d.strideH}.wgsl`,
          `conv2d/walk/${byFour(d) ? 'by_four' : 'by_one'}.wgsl`,
        ],
        traits: { vectorResults: byFour(d) },
      },
    ),
    bindings: [reads(image), reads(w), writes(result), convParams(d)],
    epilogue: epilogue.bindings,
    workgroups: linearGrid(ceilDiv(walksOf(d, { rows }), group)),
  };
}

/** The convolution of dy that makes dx, with filters turned by 180°; undefined where none with stride 1 does. */
export function turnedConv(d: ConvDescriptor): ConvDescriptor | undefined {
  if (d.K !== d.C || d.strideH !== 1 || d.strideW !== 1 || d.padTop >= d.R || d.padLeft >= d.S) return undefined;
  return { ...d, H: d.P, W: d.Q, P: d.H, Q: d.W, padTop: d.R - 1 - d.padTop, padLeft: d.S - 1 - d.padLeft };
}

const walksOf = (d: ConvDescriptor, { rows }: WalkShape): number =>
  d.N * d.K * ceilDiv(d.Q, strip) * ceilDiv(d.P, rows);

/** The filter once, and of each row its strip and what taps reach beside it. */
export function walkWork(d: ConvDescriptor, shape: WalkShape): Work {
  const invocations = padToGroup(walksOf(d, shape));
  const rowsRead = invocations * (shape.rows * d.strideH + d.R - d.strideH);
  const [columns, beside] = [strip * d.strideW, Math.max(0, d.S - d.strideW)];
  const filters = invocations * d.R * d.S;
  return byFour(d)
    ? { reads: filters + rowsRead * beside, vectors: (rowsRead * columns) / 4 }
    : { reads: filters + rowsRead * (columns + beside) };
}

const padToGroup = (invocations: number): number => ceilDiv(invocations, group) * group;
