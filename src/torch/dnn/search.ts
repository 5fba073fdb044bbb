/**
 * @file cuDNN's functions of descriptors, in cuDNN's words: list the algorithms, ask for their workspace, rank them
 * without running (heuristics), measure them (find), and keep what was measured.
 */
import { NotSupportedError, fail } from '../../base/errors.ts';
import type { Limits } from '../../dnn/choice/candidates.ts';
import { candidates, namesOf, planRecord } from '../../dnn/choice/candidates.ts';
import { context, openDevice } from '../../dnn/choice/context.ts';
import { convProblem } from '../../dnn/conv2d/problem.ts';
import { checkAlgorithm } from '../../dnn/conv2d/table.ts';
import { rankPlans } from '../../dnn/choice/heuristics.ts';
import { measure } from '../../dnn/choice/measure.ts';
import type { Candidate, Determinism, MathType, Spread } from '../../dnn/choice/records.ts';
import { fn, p } from '../signature.ts';
import { descriptorParameter } from './descriptor-parameter.ts';

const desc = descriptorParameter('desc');

export interface AlgorithmSupport {
  readonly algo: string;
  /** `true`, or why this adapter cannot run the descriptor by it. */
  readonly supported: true | string;
  readonly determinism: Determinism;
  /** How far an element that is NaN or infinite reaches beyond the outputs it belongs to; absent: not at all. */
  readonly spreads?: Spread;
  /** Why it has no float16 arithmetic, where the descriptor is float16 and it has none. */
  readonly noHalfArithmetic?: string;
  /** Empty where it is not supported. */
  readonly configs: readonly {
    readonly config: string;
    readonly mathType: MathType;
    /** Workspace, in bytes. */ readonly memory: number;
  }[];
}

/** Every algorithm of the descriptor's direction, in cuDNN's order. */
export const convolutionAlgorithms = fn('ours.convolution_algorithms', [desc], (desc): AlgorithmSupport[] => {
  const device = openDevice('dnn.convolutionAlgorithms');
  const problem = convProblem(desc);
  const { plans, excluded } = candidates(problem, device, { mathTypes: ['FMA', 'HALF', 'HALF_ARITHMETIC'] });
  return namesOf(problem).map((algo) => {
    const configs = plans.map((plan) => planRecord(problem, plan)).filter((plan) => plan.algo === algo);
    const refused = excluded.find((record) => record.algo === algo);
    const { noHalfArithmetic, spreads } = problem.algorithms.find(({ name }) => name === algo)!;
    return {
      algo,
      supported: configs.length > 0 || refused!.reason!,
      determinism: (configs[0] ?? refused).determinism,
      ...(spreads && { spreads }),
      ...(desc.dtype === 'float16' && noHalfArithmetic !== undefined && { noHalfArithmetic }),
      configs: configs.map(({ config, mathType, memory }) => ({ config, mathType, memory })),
    };
  });
});

/**
 * Bytes of workspace of an algorithm, for its first configuration or the one named; throws a `NotSupportedError` with
 * the reason.
 */
export const convolutionWorkspace = fn(
  'ours.convolution_workspace',
  [desc, p.text('algo'), p.text('config', null)],
  (desc, algo, config): number => {
    const known = convolutionAlgorithms(desc);
    checkAlgorithm('dnn.convolutionWorkspace', desc.direction, algo);
    const found = known.find((a) => a.algo === algo)!;
    if (found.supported !== true) throw new NotSupportedError(`dnn.convolutionWorkspace: ${algo}`, found.supported);
    const taken = config === null ? found.configs[0] : found.configs.find((c) => c.config === config);
    return (
      taken?.memory ??
      fail(
        `dnn.convolutionWorkspace: ${algo} has no configuration '${config}'; it has ${found.configs.map((c) => `'${c.config}'`).join(', ')}`,
      )
    );
  },
);

const mathType = p.choice(['FMA', 'HALF', 'HALF_ARITHMETIC']);
const mathTypes = p.kind<readonly MathType[]>(
  'an array of arithmetics',
  "some of 'FMA', 'HALF', 'HALF_ARITHMETIC'",
  (v) => Array.isArray(v) && v.every((item) => mathType('item').kind.takes(item)),
);

/**
 * What a caller rules out: bytes of workspace, arithmetics, all but one algorithm, and of it all but one configuration.
 */
const limits = [
  p.flag('deterministic', false),
  p.flag('containNonFinite', false),
  p.float('workspaceLimit', Infinity),
  mathTypes('mathTypes', null),
  p.text('algo', null),
  p.text('config', null),
] as const;
const limited = (
  deterministic: boolean,
  containNonFinite: boolean,
  workspaceLimit: number,
  mathTypes: readonly MathType[] | null,
  algo: string | null,
  config: string | null,
): Limits => ({
  deterministic,
  containNonFinite,
  workspaceLimit,
  mathTypes: mathTypes ?? undefined,
  algo: algo ?? undefined,
  config: config ?? undefined,
});

/**
 * `cudnnGetConvolution*Algorithm_v7`: candidates ranked by prediction; nothing of this shape is run. Then those that
 * cannot run, with the reason.
 * `mode`: cuDNN's heuristic modes: A, the model; B, corrected by what was measured; FALLBACK, what runs everywhere.
 */
export const getConvolutionAlgorithms = fn(
  'ours.get_convolution_algorithms',
  [desc, '*', ...limits, p.choice(['A', 'B', 'FALLBACK'])('mode', 'B')],
  async (
    desc,
    deterministic,
    containNonFinite,
    workspaceLimit,
    mathTypes,
    algo,
    config,
    mode,
  ): Promise<Candidate[]> => {
    const device = openDevice('dnn.getConvolutionAlgorithms');
    const problem = convProblem(desc);
    const { plans, excluded } = candidates(
      problem,
      device,
      limited(deterministic, containNonFinite, workspaceLimit, mathTypes, algo, config),
    );
    const ranked = await rankPlans(problem, plans, device, context.cache, mode);
    return [
      ...ranked.map(({ plan, predictedMs, terms }) => ({
        ...planRecord(problem, plan),
        status: 'not tried' as const,
        reason: 'predicted, not run',
        predictedMs,
        terms,
      })),
      ...excluded,
    ];
  },
);

/**
 * `cudnnFindConvolution*AlgorithmEx`: every candidate measured; the fastest first, then losers, then those that did not
 * run and why.
 * `budgetMs`: wall time for compiling, verifying and timing. `limit`: how many candidates are tried at most, by
 * prediction.
 */
export const findConvolutionAlgorithms = fn(
  'ours.find_convolution_algorithms',
  [desc, '*', ...limits, p.float('budgetMs', 5000), p.int('limit', null), p.callback('onProgress', null)],
  async (
    desc,
    deterministic,
    containNonFinite,
    workspaceLimit,
    mathTypes,
    algo,
    config,
    budgetMs,
    limit,
    onProgress,
  ): Promise<Candidate[]> => {
    if (!(budgetMs >= 0))
      fail(`dnn.findConvolutionAlgorithms: budgetMs is ${budgetMs}; it is a number of milliseconds, 0 or more`);
    const device = openDevice('dnn.findConvolutionAlgorithms');
    const problem = convProblem(desc);
    const ruledOut = limited(deterministic, containNonFinite, workspaceLimit, mathTypes, algo, config);
    const { plans, excluded } = candidates(problem, device, ruledOut);
    if (plans.length === 0) return [...excluded];
    const ranked = await rankPlans(problem, plans, device, context.cache);
    const { candidates: found } = await measure(device, problem, ranked, {
      ...ruledOut,
      budgetMs,
      limit: limit ?? undefined,
      onProgress: onProgress ?? undefined,
      interruption: context.interruption,
    });
    return [...found, ...excluded];
  },
);

/** Everything that was measured, as JSON: for another browser or machine with the same adapter. */
export const exportPlans = fn('ours.export_plans', [], (): Promise<string> => context.cache.exportJson());

/**
 * Takes over an export; resolves to how many entries were new. Throws where the text is no export, and then changes
 * nothing.
 */
export const importPlans = fn('ours.import_plans', [p.text('json')], (json): Promise<number> =>
  context.cache.importJson(json),
);

/** Forgets everything that was measured. */
export const clearPlans = fn('ours.clear_plans', [], (): Promise<void> => context.cache.clear());

/** What tuning has cost and saved since the engine was started: hits, misses, milliseconds spent and saved. */
export const tuningAccount = fn('ours.tuning_account', [], (): ReturnType<typeof context.cache.counts> =>
  context.cache.counts(),
);
