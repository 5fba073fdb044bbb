/**
 * @file A kernel of a compilation's record, for tests of what is shown of it.
 */
import type { KernelRecord } from '../../src/compile/compilation.ts';

export const kernelRecord = (nodes: readonly number[], more: Partial<KernelRecord> = {}): KernelRecord => ({
  name: 'kernel',
  operations: [],
  once: false,
  nodes,
  buffers: 1,
  workgroups: [1, 1, 1],
  files: [],
  bytesRead: 4,
  bytesWritten: 4,
  flops: 1,
  ...more,
});
