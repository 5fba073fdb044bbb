/**
 * @file How a fused reduction may run: as one kernel, as two, or each of its reductions by itself (apart.ts).
 */
import type { Algorithm, Config, Work } from '../../dnn/algorithm.ts';
import type { MathType } from '../../dnn/choice/records.ts';
import { inWorkgroups } from '../../dnn/reduce/algorithm.ts';
import type { SplitConfig } from '../../dnn/reduce/split.ts';
import { chunksOf, leastToSplit } from '../../dnn/reduce/split.ts';
import { barriersOfTree } from '../../dnn/reduce/workgroup.ts';
import type { FusedDescriptor, FusedSlots } from './descriptor.ts';
import { lengthOf, rowsOf } from './descriptor.ts';
import { fusedLaunch, partialBytes, splitLaunches, usualGroup } from './kernel.ts';
import type { RowWalk, Values } from './values.ts';
import { valuesOf, walksOf } from './values.ts';

export type FusedAlgorithm<C extends Config = Config> = Algorithm<FusedDescriptor, FusedSlots, C>;

/** Keeps an algorithm's own configuration type while the table holds them all alike. */
export function fusedAlgorithm<C extends Config>(algorithm: FusedAlgorithm<C>): FusedAlgorithm {
  return algorithm as unknown as FusedAlgorithm;
}

/** Registers are float32 whatever is stored. */
export const fusedMath = (d: FusedDescriptor): MathType =>
  d.inputs.some(({ dtype }) => dtype === 'float16') ? 'HALF' : 'FMA';

/** Formulas may carry rounding further than a sum does. What is wrong is off by more. */
export const fusedTolerance = (): number => 1e-3;

interface Counted {
  readonly values: Values;
  readonly walks: readonly RowWalk[];
}

const counted = (d: FusedDescriptor): Counted => {
  const values = valuesOf(d);
  return { values, walks: walksOf(d, values) };
};

const total = (walks: readonly RowWalk[], of: (walk: RowWalk) => number): number =>
  walks.reduce((sum, walk) => sum + of(walk), 0);

/** What all walks do, where `elements` are walked over in each. */
function workOf(d: FusedDescriptor, elements: number): Work {
  const { values, walks } = counted(d);
  const dimensions = Math.max(1, d.dims.length);
  return {
    reads: elements * total(walks, ({ needs }) => needs.filter((i) => values.all[i].kind === 'input').length),
    exponentials:
      elements *
      total(
        walks,
        ({ needs }) =>
          needs.filter((i) => {
            const value = values.all[i];
            return value.kind === 'formula' && value.exponential;
          }).length,
      ),
    indexArithmetic: elements * (dimensions - 1) * walks.length,
  };
}

/** Formulas and folds of all walks. */
const operationsOf = (d: FusedDescriptor, elements: number): number =>
  elements * total(counted(d).walks, ({ needs, folds }) => needs.length + folds.length);

interface SharedConfig extends Config {
  readonly threads: number;
}

/** Invocations that share a row. */
const shares = [usualGroup, 8, 1, 256];

const walkedBy = (d: FusedDescriptor, threads: number): number =>
  inWorkgroups(rowsOf(d), threads) * Math.max(threads, lengthOf(d));

export const oneKernel = fusedAlgorithm<SharedConfig>({
  name: 'ONE_KERNEL',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) =>
    shares
      .filter((threads) => threads === usualGroup || threads <= lengthOf(d))
      .map((threads) => ({
        label: threads === 1 ? 'one thread a row' : `${threads} threads a row`,
        mathType: fusedMath(d),
        threads,
      })),
  workspace: () => [],
  tolerance: fusedTolerance,
  operations: (d, { threads }) => operationsOf(d, walkedBy(d, threads)),
  work: (d, { threads }) => ({
    ...workOf(d, walkedBy(d, threads)),
    barriers:
      threads === 1
        ? 0
        : rowsOf(d) *
          threads *
          barriersOfTree(threads) *
          counted(d).walks.filter(({ folds }) => folds.length > 0).length,
  }),
  launches: (d, { threads }, slots) => [fusedLaunch(d, slots, { group: Math.max(usualGroup, threads), threads })],
});

export const twoKernels = fusedAlgorithm<SplitConfig>({
  name: 'TWO_KERNELS',
  determinism: 'deterministic',
  supports: (d) => {
    const walks = counted(d).walks.length;
    if (walks > 1) return `splits rows that are walked over once; these are walked over ${walks} times`;
    return (
      lengthOf(d) >= leastToSplit ||
      `needs rows of at least ${leastToSplit} elements for two workgroups; these have ${lengthOf(d)}`
    );
  },
  configs: (d) =>
    chunksOf(lengthOf(d), rowsOf(d)).map((chunks) => ({
      label: `${chunks} workgroups a row`,
      mathType: fusedMath(d),
      chunks,
    })),
  workspace: (d, { chunks }) => [partialBytes(d, chunks)],
  tolerance: fusedTolerance,
  operations: (d) => operationsOf(d, rowsOf(d) * lengthOf(d)),
  work: (d, { chunks }) => ({
    ...workOf(d, rowsOf(d) * lengthOf(d)),
    barriers: rowsOf(d) * (chunks + 1) * usualGroup * barriersOfTree(usualGroup),
  }),
  launches: (d, { chunks }, slots) => splitLaunches(d, slots, chunks),
});
