/**
 * @file A profile as plain data.
 */
import type { Shape } from '../base/shape.ts';
import type { KernelPlace } from './compilation.ts';

/** A module's call, its gradient, or a range that the program named. */
export interface ProfiledLayer {
  /** `'SimpleCNN.features.0 (Conv2d)'`. */
  readonly name: string;
  /** Equal for what one call did. */
  readonly call: string;
}

export interface ProfiledEvent {
  readonly device: 'webgpu' | 'cpu';
  /** The kernel's; on the cpu, the operation's. */
  readonly name: string;
  /** What the program recorded, `'conv2d'`; `'conv2d+relu'` where passes made one of several. */
  readonly operation: string;
  /** Equal for what one call of the operation did. */
  readonly call: string;
  /** In which it was recorded, the outermost first. */
  readonly layers: readonly ProfiledLayer[];
  readonly inputShapes: readonly Shape[];
  readonly bytes: number;
  readonly flops: number;
  /** The kernel in the records of compilations, where those are kept. */
  readonly kernel?: KernelPlace;
  /** Milliseconds on the host's clock. */
  readonly start: number;
  readonly end: number;
}

/**
 * What the adapter reaches in kernels that do nothing else: operations a nanosecond, and bytes a nanosecond from its
 * memory and from workgroup memory.
 */
export interface Ceilings {
  readonly flops: number;
  readonly bytes: number;
  readonly workgroup: number;
}

/** A profile that was taken: plain data. */
export interface ProfileData {
  readonly events: readonly ProfiledEvent[];
  /** From start to stop, in milliseconds. */
  readonly wallMs: number;
  /** Absent where nothing ran on a device. */
  readonly device?: {
    readonly adapter: string;
    readonly software: boolean;
    readonly clock: 'timestamp-query' | 'wall';
    readonly quantumNs: number;
  };
  readonly ceilings?: Ceilings;
  /** Kernels and operations beyond the most that it notes. */
  readonly leftOut: number;
}
