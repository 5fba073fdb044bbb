/**
 * @file What a convolution algorithm is: one value, in one file beside its WGSL.
 *
 * An algorithm says whether it can run a descriptor (or why not), which configurations it offers, how many bytes of
 * workspace each takes, and which launches it makes. It runs nothing: running, measuring and choosing are others' work.
 */
import type { Binding, Launch, Param, Slot } from '../../gpu/kernel.ts';
import { params, reads } from '../../gpu/kernel.ts';
import type { DeviceLimits } from '../../gpu/device.ts';
import type { Determinism, Direction, MathType } from '../records.ts';
import type { ConvDescriptor, Epilogue } from './descriptor.ts';

/** What an algorithm may ask about the device. */
export interface DeviceTraits {
  readonly features: ReadonlySet<string>;
  readonly limits: DeviceLimits;
}

/** A way to run an algorithm: tile sizes, vector widths; `label` tells people and the cache which. */
export interface ConvConfig {
  readonly label: string;
  readonly mathType: MathType;
}

/** x, w and y by role; the direction says which of them is written. */
export interface ConvSlots {
  readonly x: Slot;
  readonly w: Slot;
  readonly y: Slot;
  /** As many as `workspace()` has entries. WebGPU forbids reading and writing one buffer in a dispatch, so each part is its own. */
  readonly workspace: readonly Slot[];
  readonly bias?: Slot;
  readonly residual?: Slot;
}

export interface ConvAlgorithm<C extends ConvConfig = ConvConfig> {
  /** cuDNN's name without its prefix, `'IMPLICIT_GEMM'`. */
  readonly name: string;
  readonly direction: Direction;
  readonly determinism: Determinism;
  /** `true`, or the reason in one line, with the values. */
  readonly supports: (desc: ConvDescriptor, device: DeviceTraits) => true | string;
  /** At least one where `supports` is true; the likely best first. */
  readonly configs: (desc: ConvDescriptor, device: DeviceTraits) => readonly C[];
  /** Bytes of each part of the workspace. */
  readonly workspace: (desc: ConvDescriptor, config: C) => readonly number[];
  readonly launches: (desc: ConvDescriptor, config: C, slots: ConvSlots) => readonly Launch[];
}

/** Keeps an algorithm's own configuration type while the tables hold them all alike. */
export function convAlgorithm<C extends ConvConfig>(algorithm: ConvAlgorithm<C>): ConvAlgorithm {
  return algorithm as unknown as ConvAlgorithm;
}

/** The uniform `struct Conv` of shaders/lib/conv.wgsl; more fields may follow. */
export function convParams(d: ConvDescriptor, ...more: readonly Param[]): Binding {
  return params(
    d.N, d.C, d.H, d.W, d.K, d.R, d.S, d.P, d.Q,
    d.strideH, d.strideW, d.padTop, d.padLeft, d.dilationH, d.dilationW, d.groups,
    ...more,
  );
}

/** Files and bindings of an epilogue: `@group(1)` and `fn epilogue(value, index, k)`. */
export function epilogueParts(epilogue: Epilogue, slots: ConvSlots): { files: string[]; bindings: Binding[] | undefined } {
  const kind = epilogue.residual ? (epilogue.bias ? 'bias_residual' : 'residual') : epilogue.bias ? 'bias' : 'none';
  const bindings: Binding[] = [];
  if (epilogue.bias) bindings.push(reads(slots.bias!));
  if (epilogue.residual) bindings.push(reads(slots.residual!));
  return {
    files: [`activation/${epilogue.activation}.wgsl`, `epilogue/${kind}.wgsl`],
    bindings: bindings.length ? bindings : undefined,
  };
}

/** `Elem` is what buffers hold, `Acc` what sums are kept in. */
export function elementAliases(dtype: ConvDescriptor['dtype'], mathType: MathType): { enable: string[]; alias: Record<string, string> } {
  const half = dtype === 'float16';
  return { enable: half ? ['f16'] : [], alias: { Elem: half ? 'f16' : 'f32', Acc: mathType === 'HALF_ARITHMETIC' ? 'f16' : 'f32' } };
}

/** FMA for float32; for float16 both kinds of arithmetic, accumulation in float32 first. */
export const mathTypes = (d: ConvDescriptor): readonly MathType[] => (d.dtype === 'float16' ? ['HALF', 'HALF_ARITHMETIC'] : ['FMA']);

export const elementBytes = (d: ConvDescriptor): number => (d.dtype === 'float16' ? 2 : 4);
