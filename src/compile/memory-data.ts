/**
 * @file The device memory of a run as plain data: at each submission, who held how much, and what its intermediates
 * take from kernel to kernel.
 */
import type { KernelPlace } from './compilation.ts';

/** Who holds device memory. `intermediates`: what lives within a submission alone. */
export const memoryOwners = [
  'parameters',
  'optimizer state',
  'inputs',
  'gradients',
  'activations',
  'intermediates',
  'other',
] as const;

export type MemoryOwner = (typeof memoryOwners)[number];

/** Bytes of intermediates that are needed while a kernel runs, computed from the memory plan. */
export interface LiveBytes {
  readonly activations: number;
  readonly gradients: number;
  readonly workspace: number;
}

/** What a schedule plans for its intermediates. */
export interface MemoryPlan {
  /** Of its first kernel in the records of compilations, where those are kept. */
  readonly place?: KernelPlace;
  /** By kernel. */
  readonly live: readonly LiveBytes[];
  /** Of all pieces of memory that intermediates share. */
  readonly planned: number;
  /** Of all intermediates, if none shared memory with another. */
  readonly unshared: number;
}

/** The memory in use while a submission was recorded, counted by the pool in its size classes. */
export interface MemorySample {
  /** By number, in the list of plans. */
  readonly plan: number;
  /** On the host's clock, in milliseconds. */
  readonly at: number;
  /** They add up to all that was in use. */
  readonly held: Readonly<Record<MemoryOwner, number>>;
  /** On the device in all, in use or kept for reuse. */
  readonly reserved: number;
}

export interface MemoryData {
  readonly plans: readonly MemoryPlan[];
  readonly samples: readonly MemorySample[];
  /** Submissions beyond the most that are noted. */
  readonly leftOut: number;
}
