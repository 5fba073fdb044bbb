/**
 * @file The candidates of a problem: every algorithm with every configuration, parted into those that may run here
 * under the limits and those that may not, each of which says why.
 */
import { NotSupportedError, fail } from '../../base/errors.ts';
import type { DeviceTraits, Slots } from '../algorithm.ts';
import type { Plan, Problem } from '../problem.ts';
import type { Candidate, MathType } from './records.ts';
import type { CudnnSettings } from './settings.ts';
import { arithmeticOf, toleranceOf } from '../tolerance.ts';
import { spreadText } from './verdict.ts';

/** What a caller rules out. */
export interface Limits {
  readonly deterministic?: boolean;
  /** Only what keeps a NaN or an infinity to the outputs it belongs to. */
  readonly containNonFinite?: boolean;
  /** Bytes; no limit when absent. */
  readonly workspaceLimit?: number;
  /** Those allowed; without it, all that accumulate in float32, as PyTorch does. */
  readonly mathTypes?: readonly MathType[];
  /** Only the algorithm of this name, and of it only the configuration of this name. */
  readonly algo?: string;
  readonly config?: string;
  /** Only this candidate of it. */
  readonly candidateId?: string;
}

/** What the switches of `torch.backends.cudnn` rule out. */
export const limitsOf = ({ deterministic, containNonFinite, workspaceLimit }: CudnnSettings): Limits => ({
  deterministic,
  containNonFinite,
  workspaceLimit,
});

export interface CandidateSet {
  readonly plans: readonly Plan[];
  readonly excluded: readonly Candidate[];
}

const float32Sums: readonly MathType[] = ['FMA', 'HALF'];

export function candidates(problem: Problem, device: DeviceTraits, limits: Limits = {}): CandidateSet {
  const plans: Plan[] = [];
  const excluded: Candidate[] = [];
  for (const algorithm of problem.algorithms) {
    if (limits.algo !== undefined && algorithm.name !== limits.algo) continue;
    const supported = algorithm.supports(problem.desc, device);
    const half = problem.operands[0].dtype === 'float16';
    // What rules out both ways of an algorithm is said once.
    const exclude = (mathType: MathType, reason: string): void => {
      if (excluded.some((other) => other.algo === algorithm.name && other.reason === reason)) return;
      excluded.push({
        candidateId: algorithm.name,
        algo: algorithm.name,
        config: '',
        status: 'not supported',
        reason,
        memory: 0,
        ...traits(algorithm),
        mathType,
      });
    };
    if (supported !== true) {
      exclude(half ? 'HALF' : 'FMA', supported);
      continue;
    }
    if (half && (limits.config ?? limits.candidateId) === undefined && algorithm.noHalfArithmetic)
      exclude('HALF_ARITHMETIC', algorithm.noHalfArithmetic);
    for (const config of algorithm.configs(problem.desc, device)) {
      if (limits.config !== undefined && config.label !== limits.config) continue;
      if (limits.candidateId !== undefined && candidateId({ algorithm, config }) !== limits.candidateId) continue;
      const plan = { algorithm, config, workspace: algorithm.workspace(problem.desc, config) };
      const reason = ruledOut(plan, limits);
      if (reason === undefined) plans.push(plan);
      else excluded.push({ ...planRecord(problem, plan), status: 'not supported', reason });
    }
  }
  return { plans, excluded };
}

/**
 * The candidates of the algorithm that `limits` name; throws with the reason where it cannot run here, and with the
 * list where there is none of that name.
 */
export function namedCandidates(
  what: string,
  problem: Problem,
  device: DeviceTraits,
  limits: Limits & { readonly algo: string },
): CandidateSet {
  const { algo, config } = limits;
  const named = problem.algorithms.filter(({ name }) => name === algo);
  if (named.length === 0) fail(`${what}: there is no algorithm '${algo}'; there are ${namesOf(problem).join(', ')}`);
  const found = candidates(problem, device, limits);
  if (found.plans.length) return found;
  const { mathTypes = float32Sums } = limits;
  const labels = named
    .filter((way) => way.supports(problem.desc, device) === true)
    .flatMap((way) => way.configs(problem.desc, device).map(({ label }) => label));
  if (config !== undefined && labels.length && !labels.includes(config))
    fail(`${what}: ${algo} has no configuration '${config}'; it has ${labels.map((label) => `'${label}'`).join(', ')}`);
  const refused = found.excluded.filter(({ mathType }) => mathTypes.includes(mathType));
  throw new NotSupportedError(`${what} by ${algo}`, refusal(refused.length ? refused : found.excluded));
}

/** The names of a problem's algorithms, each once. */
export const namesOf = ({ algorithms }: Problem): string[] => [...new Set(algorithms.map(({ name }) => name))];

/** Why no plan of an algorithm can run: what its first says, and the first that leaves a step unfused. */
function refusal([first, ...others]: readonly Candidate[]): string {
  const other = others.find((c) => c.unfused !== first.unfused);
  return other ? `${first.reason}; with its ${other.unfused} unfused: ${other.reason}` : first.reason!;
}

/** How far from the reference a plan's output may be, over its rms; whole numbers are right or wrong. */
export function toleranceOfPlan(problem: Problem, { algorithm, config }: Plan): number {
  const output = problem.operands.find((o) => o.access === 'write')!;
  if (output.dtype === 'int32') return 0;
  return toleranceOf({
    arithmetic: arithmeticOf[config.mathType],
    length: problem.flops / output.elements / 2,
    declared: algorithm.tolerance?.(problem.desc, config),
  });
}

/** What is known of a plan before it has run. */
export function planRecord(problem: Problem, plan: Plan): Omit<Candidate, 'status'> {
  const { algorithm, config } = plan;
  return {
    candidateId: candidateId(plan),
    algo: algorithm.name,
    config: config.label,
    ...(config.unfused !== undefined && { unfused: config.unfused }),
    memory: workspaceBytes(plan),
    ...traits(algorithm),
    mathType: config.mathType,
    tolerance: toleranceOfPlan(problem, plan),
  };
}

const traits = ({
  determinism,
  spreads,
  own,
}: Plan['algorithm']): Pick<Candidate, 'determinism' | 'spreads' | 'own'> => ({
  determinism,
  ...(own && { own: true }),
  ...(spreads && { spreads }),
});

/**
 * A plan's identity among those of its problem: algorithm, configuration, and arithmetic, since a label may exist once
 * for each.
 */
export const candidateId = ({ algorithm, config }: Pick<Plan, 'algorithm' | 'config'>): string =>
  [algorithm.name, config.label, config.mathType].filter(Boolean).join(' ');

/** Plans that a program did not bring: they may run without having been verified. */
export const shippedPlans = (plans: readonly Plan[]): Plan[] => plans.filter(({ algorithm }) => !algorithm.own);

export const workspaceBytes = (plan: Pick<Plan, 'workspace'>): number =>
  plan.workspace.reduce((sum, bytes) => sum + bytes, 0);

/** Slots in the order of the operands, then the parts of the workspace. */
export function slotsOf(problem: Problem, { workspace }: Plan): Slots & Record<string, unknown> {
  const operands = problem.operands.map(({ role }, i) => [role, i] as const);
  return { ...Object.fromEntries(operands), workspace: workspace.map((_, j) => operands.length + j) };
}

function ruledOut(
  plan: Plan,
  { deterministic, containNonFinite, workspaceLimit = Infinity, mathTypes = float32Sums }: Limits,
): string | undefined {
  const bytes = workspaceBytes(plan);
  if (deterministic && plan.algorithm.determinism !== 'deterministic')
    return 'is not deterministic, and deterministic is set';
  if (containNonFinite && plan.algorithm.spreads)
    return `${spreadText(plan.algorithm.spreads)}, and containNonFinite is set`;
  if (bytes > workspaceLimit) return `needs ${bytes} bytes of workspace, workspaceLimit is ${workspaceLimit}`;
  if (!mathTypes.includes(plan.config.mathType))
    return `computes in ${plan.config.mathType}, allowed are ${mathTypes.join(', ')}`;
  return undefined;
}
