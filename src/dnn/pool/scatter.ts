/**
 * @file SCATTER: each window adds its gradient at the place of its maximum, by atomics; non-deterministic.
 */
import { ceilDiv, kernel, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { atomicWorkspace, sumByAtomics } from '../kernels/split-sum.ts';
import { group, poolAlgorithm, poolMath, poolPart } from './algorithm.ts';
import { inputSize, outputSize, poolParams } from './descriptor.ts';

export const scatter = poolAlgorithm({
  name: 'SCATTER',
  direction: 'backward data',
  determinism: 'non-deterministic',
  supports: (d) => (d.mode === 'max' ? true : 'scatters to one element a window; an average goes to all of them'),
  configs: (d) => [{ label: '', mathType: poolMath(d) }],
  workspace: (d) => atomicWorkspace(d.dtype, inputSize(d)),
  // An atomic addition reads, compares and writes.
  work: (d) => ({ reads: 5 * outputSize(d), indexArithmetic: outputSize(d) }),
  launches: (d, _, slots) =>
    sumByAtomics(slots.x, slots.workspace[0], inputSize(d), d.dtype, (sums) => [
      {
        kernel: kernel('pool/backward/3_scatter', poolPart(d), { files: ['lib/atomic_add.wgsl'] }),
        bindings: [reads(slots.y), writes(sums), poolParams(d), reads(slots.places!)],
        workgroups: linearGrid(ceilDiv(outputSize(d), group)),
      },
    ]),
});
