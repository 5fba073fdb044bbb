/**
 * @file A side of the bench: a library, and how it is used.
 */
import type { PreparedCall } from '../prepared-call.ts';
import type { Data } from './parameters.ts';
import type { Workload } from './workloads.ts';

export interface Side {
  /** With its version. */
  readonly name: string;
  /** What it was asked to do that is not its default. */
  readonly flags: string;
  /** Throws where it cannot express the workload; the message says why. */
  readonly prepare: (workload: Workload, data: Data) => Promise<PreparedCall>;
}
