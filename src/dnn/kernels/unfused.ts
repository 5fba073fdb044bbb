/**
 * @file The other way to run a fused group: all but its last step by any algorithm that can, then the last step in a
 * launch of its own. What lies between is written to the workspace and read again.
 *
 * So whether to fuse is a choice like any other: both ways stand among the candidates of one problem. Fusing saves a
 * launch and traffic, but the kernel that ends in everything may be a slower one, and some algorithms have none.
 */
import { dtypes } from '../../base/dtype.ts';
import type { Slot } from '../../gpu/kernel.ts';
import type { Algorithm, Config, DeviceTraits, Slots } from '../algorithm.ts';
import { candidates } from '../choice/candidates.ts';
import type { Plan, Problem, Step } from '../problem.ts';

/** A fused group, split before its last step: `last` reads as x what `first` writes as y. */
export interface UnfusedGroup<D, S extends Slots> {
  readonly first: Problem<D, S>;
  readonly last: Problem;
  /** The last step's name, for people: `'pool'`. */
  readonly name: string;
}

interface UnfusedConfig extends Config {
  readonly steps: readonly [first: Step, last: Step];
}

/** The algorithm of the first part as one of the whole group. */
export function unfusedAlgorithm<D, S extends Slots & { readonly y: Slot }>(
  algorithm: Algorithm<D, S>,
  { first, last, name }: UnfusedGroup<D, S>,
): Algorithm<D, S> {
  const between = bytesWritten(first);
  const way: Algorithm<D, S, UnfusedConfig> = {
    name: algorithm.name,
    determinism: algorithm.determinism,
    own: algorithm.own,
    spreads: algorithm.spreads,
    noHalfArithmetic: algorithm.noHalfArithmetic,
    supports: (_, device) => {
      const supported = algorithm.supports(first.desc, device);
      if (supported !== true) return supported;
      const { maxStorageBufferBindingSize: limit } = device.limits;
      return (
        between <= limit ||
        `would keep ${between} bytes for an unfused ${name}, and this adapter's storage buffers hold ${limit}`
      );
    },
    configs: (_, device) =>
      algorithm.configs(first.desc, device).map((config) => ({
        label: [config.label, `${name} unfused`].filter(Boolean).join(', '),
        mathType: config.mathType,
        unfused: name,
        steps: [
          { problem: first, plan: { algorithm, config, workspace: algorithm.workspace(first.desc, config) } },
          { problem: last, plan: likelyBest(last, device) },
        ],
      })),
    workspace: (_, { steps: [before, after] }) => [between, ...before.plan.workspace, ...after.plan.workspace],
    tolerance: algorithm.tolerance && ((_, { steps: [{ plan }] }) => algorithm.tolerance!(first.desc, plan.config)),
    steps: (_, { steps }) => steps,
    launches: (_, { steps: [before, after] }, slots) => {
      const [kept, ...workspace] = slots.workspace;
      const own = before.plan.workspace.length;
      return [
        ...algorithm.launches(first.desc, before.plan.config, {
          ...slots,
          y: kept,
          workspace: workspace.slice(0, own),
        }),
        ...after.plan.algorithm.launches(last.desc, after.plan.config, {
          x: kept,
          y: slots.y,
          workspace: workspace.slice(own),
        } as Slots),
      ];
    },
  };
  return way as unknown as Algorithm<D, S>;
}

/** The plan that its algorithms list first. */
const likelyBest = (problem: Problem, device: DeviceTraits): Plan =>
  candidates(problem, device, { deterministic: true }).plans[0];

function bytesWritten({ operands }: Problem): number {
  const { elements, dtype } = operands.find(({ access }) => access === 'write')!;
  return elements * dtypes[dtype].deviceBytes;
}
