/**
 * @file What an algorithm is: one value, in one file beside its WGSL; all operations share the form.
 *
 * An algorithm says whether it can run a descriptor (or why not), which configurations it offers, how many bytes of
 * workspace each takes, and which launches it makes. It runs nothing: running, measuring and choosing are others' work.
 */
import type { DeviceLimits } from '../gpu/device.ts';
import type { Launch, Slot } from '../gpu/kernel.ts';
import type { Step } from './problem.ts';
import type { Determinism, MathType, Spread } from './choice/records.ts';

/** What an algorithm may ask about the device. */
export interface DeviceTraits {
  /** WebGPU's, as `'shader-f16'`, and those of its shading language, as `'packed_4x8_integer_dot_product'`. */
  readonly features: ReadonlySet<string>;
  readonly limits: DeviceLimits;
  /** Lanes of a subgroup, where there are subgroups and all have the same size. */
  readonly subgroupSize?: number;
}

/** A way to run an algorithm: tile sizes, vector widths; `label` tells people and the cache which. */
export interface Config {
  readonly label: string;
  readonly mathType: MathType;
  /** The last step of a fused group, `'pool'`, where it is not fused but runs in a launch of its own. */
  readonly unfused?: string;
}

/** The buffers that every operation may have beside its operands. */
export interface Slots {
  /**
   * As many as `workspace()` has entries. WebGPU forbids reading and writing one buffer in a dispatch, so each part is
   * its own.
   */
  readonly workspace: readonly Slot[];
  readonly bias?: Slot;
  readonly residual?: Slot;
}

/**
 * What all invocations do that the model of products does not know of: what the model divides by the adapter's rates.
 */
export interface Work {
  /**
   * Elements read, one at a time, from caches unless `shared` says from workgroup memory; absent: what its products
   * read, and their barriers.
   */
  readonly reads?: number;
  readonly shared?: boolean;
  /** Vectors of four elements read or written, in caches or in arrays of an invocation's own that a loop indexes. */
  readonly vectors?: number;
  /**
   * Bounds-checked gathers: elements read under a window that moves with every step, so that its bounds are checked
   * each time.
   */
  readonly gathers?: number;
  /**
   * The same under a window that rests while the sum runs over channels, so that the check is hoisted out of the loop.
   */
  readonly hoistedGathers?: number;
  /** Index arithmetic: addresses worked out by divisions, where they count. Most kernels work out one an invocation. */
  readonly indexArithmetic?: number;
  readonly exponentials?: number;
  /** Barriers passed, counted by invocation. */
  readonly barriers?: number;
}

/** One of several matrix products that an algorithm is made of. */
export interface MatrixProduct {
  /** Multiplications and additions. */
  readonly operations: number;
  readonly config: Config;
}

/** Of an algorithm that a program brought: nothing of it is believed before it is verified. */
export interface Own {
  /** The stack of the call that brought it. */
  readonly stack?: string;
  /** Notes that it broke the device: it is left out from then on. */
  readonly broke: (reason: string) => void;
}

export interface Algorithm<D, S extends Slots, C extends Config = Config> {
  readonly name: string;
  readonly determinism: Determinism;
  readonly own?: Own;
  /** How far an element that is NaN or infinite reaches beyond the outputs it belongs to; absent: not at all. */
  readonly spreads?: Spread;
  /** `true`, or the reason in one line, with the values. */
  readonly supports: (desc: D, device: DeviceTraits) => true | string;
  /** Why none of its configurations is HALF_ARITHMETIC, in one line, where others of its operation have such. */
  readonly noHalfArithmetic?: string;
  /** At least one where `supports` is true; the likely best first. */
  readonly configs: (desc: D, device: DeviceTraits) => readonly C[];
  /** Bytes of each part of the workspace. */
  readonly workspace: (desc: D, config: C) => readonly number[];
  /** Largest |error| over the reference's rms, where it rounds more than a plain sum in the same arithmetic. */
  readonly tolerance?: (desc: D, config: C) => number;
  /** Multiplications and additions in its main kernel, where they are not those of the direct method. */
  readonly operations?: (desc: D, config: C) => number;
  /** Sums that its main kernel makes, where it adds several into one element by atomics. */
  readonly atomicSums?: (desc: D, config: C) => number;
  /** Its products in the order of their launches, where it has several that differ. */
  readonly products?: (desc: D, config: C) => readonly MatrixProduct[];
  /** For kernels that are no product, or do more. */
  readonly work?: (desc: D, config: C) => Work | undefined;
  /** Where its launches solve other problems, one after the other: the model adds up what it expects of each. */
  readonly steps?: (desc: D, config: C) => readonly Step[];
  readonly launches: (desc: D, config: C, slots: S) => readonly Launch[];
}
