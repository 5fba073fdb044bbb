/**
 * @file A convolution with stride 1 and dilation 1 as one correlation, whatever the direction: the view that the
 * transform algorithms (Winograd, FFT) share.
 *
 * Forward is a correlation of x with w. Backward data is one too: dx[c] = Σ_k dy[k] ⋆ (w[k,c] turned by 180°), with the
 * channels' roles exchanged and R − 1 − pad zeros around dy. Turning the filter is a matter of negative strides, so one
 * kernel reads either.
 */
import type { Binding, KernelPart, Slot } from '../../gpu/kernel.ts';
import { params } from '../../gpu/kernel.ts';
import type { MathType } from '../choice/records.ts';
import type { ConvSlots, DeviceTraits } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';

/** Strides of the filter in its buffer, in elements, and where tap (0, 0) of the first filter lies. */
export interface FilterStrides {
  readonly origin: number;
  readonly group: number;
  readonly k: number;
  readonly c: number;
  readonly row: number;
  readonly column: number;
}

/** y[n, g, k, p, q] = Σ_{c,r,s} x[n, g, c, p − padTop + r, q − padLeft + s] · w[g, k, c, r, s]. */
export interface Correlation {
  readonly N: number;
  readonly groups: number;
  /** Channels of one group, read and written. */
  readonly C: number;
  readonly K: number;
  readonly H: number;
  readonly W: number;
  readonly R: number;
  readonly S: number;
  readonly P: number;
  readonly Q: number;
  /** May be negative in backward data, where padding reaches over more than the filter. */
  readonly padTop: number;
  readonly padLeft: number;
  readonly filter: FilterStrides;
}

/** The correlation that computes `d`, a descriptor of forward or backward data with stride 1 and dilation 1. */
export function correlation(d: ConvDescriptor): Correlation {
  const { Cg, Kg } = groupChannels(d);
  const { N, groups, R, S } = d;
  const taps = R * S;
  if (d.direction === 'forward') {
    const filter = { origin: 0, group: Kg * Cg * taps, k: Cg * taps, c: taps, row: S, column: 1 };
    return {
      N,
      groups,
      C: Cg,
      K: Kg,
      H: d.H,
      W: d.W,
      R,
      S,
      P: d.P,
      Q: d.Q,
      padTop: d.padTop,
      padLeft: d.padLeft,
      filter,
    };
  }
  const filter = { origin: taps - 1, group: Kg * Cg * taps, k: taps, c: Cg * taps, row: -S, column: -1 };
  return {
    N,
    groups,
    C: Kg,
    K: Cg,
    H: d.P,
    W: d.Q,
    R,
    S,
    P: d.H,
    Q: d.W,
    padTop: R - 1 - d.padTop,
    padLeft: S - 1 - d.padLeft,
    filter,
  };
}

/** What is read and what is written. */
export const correlationSlots = (d: ConvDescriptor, slots: ConvSlots): { source: Slot; target: Slot } =>
  d.direction === 'forward' ? { source: slots.x, target: slots.y } : { source: slots.y, target: slots.x };

/** Arithmetic in float32, whatever the operands are stored as. */
export const floatMath = (d: ConvDescriptor): MathType => (d.dtype === 'float16' ? 'HALF' : 'FMA');

/** A kernel that finds its elements by `struct Correlation`. */
export const correlationPart: KernelPart = { files: ['lib/correlation.wgsl'], traits: { gathers: true } };

/** The uniform `struct Correlation` of shaders/lib/correlation.wgsl. */
export const correlationParams = (c: Correlation): Binding =>
  params(
    c.N,
    c.groups,
    c.C,
    c.K,
    c.H,
    c.W,
    c.R,
    c.S,
    c.P,
    c.Q,
    c.padTop,
    c.padLeft,
    c.filter.origin,
    c.filter.group,
    c.filter.k,
    c.filter.c,
    c.filter.row,
    c.filter.column,
  );

/** Why a transform algorithm cannot run this descriptor, or `undefined`. */
export function strideOrDilation(d: ConvDescriptor): string | undefined {
  if (d.strideH !== 1 || d.strideW !== 1) return `needs stride 1, got ${d.strideH}×${d.strideW}`;
  if (d.dilationH !== 1 || d.dilationW !== 1) return `needs dilation 1, got ${d.dilationH}×${d.dilationW}`;
  return undefined;
}

/** Why a part of the workspace is too large for one storage buffer, or `undefined`. */
export function tooLarge(parts: Readonly<Record<string, number>>, device: DeviceTraits): string | undefined {
  const limit = device.limits.maxStorageBufferBindingSize;
  const found = Object.entries(parts).find(([, bytes]) => bytes > limit);
  return (
    found &&
    `the workspace for ${found[0]} would take ${found[1]} bytes, and this adapter's storage buffers hold ${limit}`
  );
}
