/**
 * @file APART: the other way to run a fused reduction. Each of its reductions has a kernel of its own, by one of the
 * algorithms that it would have alone; pointwise operations share kernels between them. What lies between is written to
 * the workspace and read again.
 */
import { dtypes } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Config, DeviceTraits } from '../../dnn/algorithm.ts';
import { candidates } from '../../dnn/choice/candidates.ts';
import type { Operand, Plan, Problem, Step } from '../../dnn/problem.ts';
import { reduceProblem, storedAs } from '../../dnn/reduce/problem.ts';
import { rowsProblem } from '../../dnn/rows/problem.ts';
import type { Launch } from '../../gpu/kernel.ts';
import type { Layout } from '../../graph/types.ts';
import type { Chain, ChainInput } from '../elementwise.ts';
import { packsNone } from '../packed.ts';
import { elementwiseLaunch } from '../elementwise.ts';
import { contiguousLayout, isContiguous } from '../layout.ts';
import { reductionOver } from '../lower/reduce.ts';
import { maxBuffers } from '../passes/pass.ts';
import { fusedAlgorithm, fusedMath, fusedTolerance } from './algorithm.ts';
import type { FusedDescriptor, FusedSlots } from './descriptor.ts';
import { dtypeOf, isPointwise, isSoftmax, lengthOf, narrowShape, rowsOf, slotIn } from './descriptor.ts';

/** A kernel's steps: pointwise ones of one width and level, or a reduction. */
type Part = readonly number[];

interface ApartConfig extends Config {
  /** What reductions run by, where they can: a name and a configuration of it. */
  readonly style: string;
  readonly plans: ReadonlyMap<number, Step>;
}

export const apart = fusedAlgorithm<ApartConfig>({
  name: 'APART',
  determinism: 'deterministic',
  supports: (d) => {
    const reason = partsOf(d)
      .map((part) => whyNot(d, part))
      .find((why) => why !== undefined);
    return reason ?? true;
  },
  configs: (d, device) => {
    const reductions = partsOf(d)
      .flat()
      .filter((s) => !isPointwise(d.steps[s]));
    const problems = new Map(reductions.map((s) => [s, problemOf(d, s)!]));
    const plansOf = new Map([...problems].map(([s, problem]) => [s, plansBy(problem, device)]));
    const styles = new Set([...plansOf.values()].flatMap((plans) => [...plans.keys()]));
    return [...styles].map((style) => ({
      label: style,
      mathType: fusedMath(d),
      style,
      plans: new Map(
        [...problems].map(([s, problem]) => {
          const plans = plansOf.get(s)!;
          return [s, { problem, plan: plans.get(style) ?? plans.values().next().value! }];
        }),
      ),
    }));
  },
  workspace: (d, { plans }) => [
    ...between(d).map((s) => dtypes[d.steps[s].dtype].deviceBytes * sizeOfStep(d, s)),
    ...[...plans.values()].flatMap(({ plan }) => plan.workspace),
  ],
  tolerance: fusedTolerance,
  steps: (d, { plans }) => partsOf(d).map((part) => plans.get(part[0]) ?? chainStep(d, part)),
  launches: (d, { plans }, slots) => {
    const kept = between(d);
    const own = new Map(kept.map((s, i) => [s, slots.workspace[i]]));
    let used = kept.length;
    const slotOf = (s: number): number => own.get(s) ?? slotIn(slots, `y${s}`);
    const workspaces = new Map(
      [...plans].map(([s, { plan }]) => [s, slots.workspace.slice(used, (used += plan.workspace.length))]),
    );
    return partsOf(d).flatMap((part): readonly Launch[] => {
      const [s] = part;
      const step = plans.get(s);
      if (!step) return [elementwiseLaunch(chainOf(d, part, slots, slotOf))];
      const [arg] = d.steps[s].args;
      const x = arg < d.inputs.length ? slotIn(slots, `x${sourceOf(d, arg)}`) : slotOf(arg - d.inputs.length);
      const { algorithm, config } = step.plan;
      return algorithm.launches(step.problem.desc, config, { x, y: slotOf(s), workspace: workspaces.get(s)! } as never);
    });
  },
});

/** Plans by algorithm and configuration. Of those of several workgroups an output the first is enough. */
function plansBy(problem: Problem, device: DeviceTraits): Map<string, Plan> {
  const plans = new Map<string, Plan>();
  for (const plan of candidates(problem, device, { mathTypes: ['FMA', 'HALF'] }).plans) {
    const { name } = plan.algorithm;
    const style =
      name === 'WORKGROUP' ? `WORKGROUP, ${plan.config.label.replace(/ (an output|a row)$/, ' each')}` : name;
    if (!plans.has(style)) plans.set(style, plan);
  }
  return plans;
}

/** Kernels in the order in which they run. */
function partsOf(d: FusedDescriptor): Part[] {
  const levels: number[] = [];
  for (const step of d.steps) {
    const before = step.args.reduce((most, arg) => Math.max(most, levels[arg - d.inputs.length] ?? 0), 0);
    levels.push(before + (isPointwise(step) ? 0 : 1));
  }
  const at = (level: number): number[] => levels.flatMap((l, s) => (l === level ? [s] : []));
  return Array.from({ length: Math.max(...levels) + 1 }, (_, level) => {
    const all = at(level);
    const pointwise = all.filter((s) => isPointwise(d.steps[s]));
    return [
      ...all.filter((s) => !isPointwise(d.steps[s])).map((s) => [s]),
      ...[false, true].map((wide) => pointwise.filter((s) => d.steps[s].wide === wide)),
    ].filter((part) => part.length > 0);
  }).flat();
}

/** Steps that are neither results nor read within their own kernel alone. */
function between(d: FusedDescriptor): number[] {
  return partsOf(d)
    .flatMap((part) => part.filter((s) => isKept(d, part, s)))
    .filter((s) => !d.steps[s].written);
}

/** Whether a step's value is written, as a result or for another kernel. */
const isKept = (d: FusedDescriptor, part: Part, s: number): boolean =>
  d.steps[s].written ||
  d.steps.some(({ args }, reader) => !part.includes(reader) && args.includes(d.inputs.length + s));

const sizeOfStep = (d: FusedDescriptor, s: number): number => (d.steps[s].wide ? sizeOf(d.shape) : rowsOf(d));

const sourceOf = (d: FusedDescriptor, arg: number): number | undefined => {
  const input = d.inputs[arg];
  return 'source' in input ? input.source : undefined;
};

/** Where an argument lies. */
function layoutOf(d: FusedDescriptor, arg: number): Layout {
  const input = d.inputs[arg];
  if (input && 'source' in input) return input.layout;
  const step = d.steps[arg - d.inputs.length];
  return contiguousLayout(!step || step.wide ? d.shape : narrowShape(d));
}

function whyNot(d: FusedDescriptor, part: Part): string | undefined {
  const [s] = part;
  if (!isPointwise(d.steps[s]))
    return problemOf(d, s) ? undefined : `${d.steps[s].op.name} reads elements that lie in no order of its kernel`;
  const bound = new Set(part.flatMap((each) => d.steps[each].args).flatMap((arg) => bufferOf(d, part, arg)));
  const buffers = bound.size + part.filter((each) => isKept(d, part, each)).length;
  return buffers > maxBuffers
    ? `a kernel of what lies between would bind ${buffers} buffers; WebGPU guarantees ${maxBuffers}`
    : undefined;
}

/** The buffer that a kernel finds an argument in. */
function bufferOf(d: FusedDescriptor, part: Part, arg: number): string[] {
  const s = arg - d.inputs.length;
  if (s >= 0) return part.includes(s) ? [] : [`y${s}`];
  const source = sourceOf(d, arg);
  return source === undefined ? [] : [`x${source}`];
}

/** A reduction or softmax by itself; `undefined` where its argument would have to be copied first. */
function problemOf(d: FusedDescriptor, s: number): Problem | undefined {
  const { op, attrs, dtype, args } = d.steps[s];
  const [arg] = args;
  const x = { shape: d.shape, dtype: dtypeOf(d, arg) };
  const layout = layoutOf(d, arg);
  if (!isSoftmax(d.steps[s])) {
    const desc = reductionOver(op.name, x, layout, attrs, { dtype }, false);
    return desc && reduceProblem(desc);
  }
  if (!isContiguous(layout)) return undefined;
  const [dim] = d.dims;
  return rowsProblem({
    name: op.name as 'softmax' | 'logSoftmax',
    rows: rowsOf(d),
    length: lengthOf(d),
    inner: sizeOf(d.shape.slice(dim + 1)),
    dtype: x.dtype,
    result: dtype,
    asserts: false,
  });
}

/** A kernel of pointwise steps. */
function chainOf(d: FusedDescriptor, part: Part, slots: FusedSlots, slotOf: (s: number) => number): Chain {
  const { wide } = d.steps[part[0]];
  const shape = wide ? d.shape : narrowShape(d);
  const args = [...new Set(part.flatMap((s) => d.steps[s].args))].filter(
    (arg) => !part.includes(arg - d.inputs.length),
  );
  const inputs = args.map((arg): ChainInput => {
    const dtype = dtypeOf(d, arg);
    const input = d.inputs[arg];
    if (input && 'constant' in input) return input;
    const layout = layoutOf(d, arg);
    const slot = input ? slotIn(slots, `x${input.source}`) : slotOf(arg - d.inputs.length);
    return { slot, layout: wide ? layout : { ...layout, shape }, dtype };
  });
  return {
    inputs,
    shape,
    packs: packsNone,
    steps: part.map((s) => ({
      op: d.steps[s].op,
      attrs: d.steps[s].attrs,
      dtype: d.steps[s].dtype,
      args: d.steps[s].args.map((arg) => {
        const inside = part.indexOf(arg - d.inputs.length);
        return inside < 0 ? args.indexOf(arg) : args.length + inside;
      }),
      ...(isKept(d, part, s) && { output: slotOf(s) }),
    })),
  };
}

/** The same as a problem with one solution, for the model alone: it is never measured by itself. */
function chainStep(d: FusedDescriptor, part: Part): Step {
  const { wide } = d.steps[part[0]];
  const elements = wide ? sizeOf(d.shape) : rowsOf(d);
  const read = [...new Set(part.flatMap((s) => d.steps[s].args).flatMap((arg) => bufferOf(d, part, arg)))];
  const operand = (role: string, dtype: Operand['dtype'], access: Operand['access']): Operand => ({
    role,
    elements,
    dtype,
    access,
  });
  const written = part.filter((s) => isKept(d, part, s));
  const dtypeIn = (role: string): Operand['dtype'] => {
    const at = Number(role.slice(1));
    const stored = d.inputs.find((input) => 'source' in input && input.source === at);
    return storedAs(role.startsWith('x') ? stored!.dtype : d.steps[at].dtype);
  };
  const operands = [
    ...read.map((role) => operand(role, dtypeIn(role), 'read')),
    ...written.map((s) => operand(`y${s}`, storedAs(d.steps[s].dtype), 'write')),
  ];
  const algorithm = fusedAlgorithm({
    name: 'POINTWISE',
    determinism: 'deterministic',
    supports: () => true,
    configs: () => [config],
    workspace: () => [],
    work: () => ({ reads: elements * read.length }),
    launches: (_, _config, slots) => [elementwiseLaunch(chainOf(d, part, slots, (s) => slotIn(slots, `y${s}`)))],
  });
  const config = { label: '', mathType: fusedMath(d) };
  const problem: Problem = {
    operation: 'fused',
    direction: 'forward',
    desc: d,
    key: '',
    description: '',
    algorithms: [algorithm],
    operands,
    flops: elements * part.length,
    reference: () => new Float64Array(0),
  };
  return { problem, plan: { algorithm, config, workspace: [] } };
}
