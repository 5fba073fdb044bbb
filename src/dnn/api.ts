/**
 * @file cuDNN's functions for convolutions, in cuDNN's words: list the algorithms, ask for their workspace, rank them
 * without running (get), measure them (find), and keep what was measured.
 */
import { NotSupportedError, fail } from '../base/errors.ts';
import { checkOptions, shown } from '../base/options.ts';
import type { CacheAccount } from './cache.ts';
import type { Limits } from './candidates.ts';
import { candidates, namesOf, planRecord } from './candidates.ts';
import { context, openDevice } from './context.ts';
import type { ConvDescriptor } from './conv2d/descriptor.ts';
import { convDescriptor } from './conv2d/descriptor.ts';
import { convProblem } from './conv2d/problem.ts';
import { checkAlgorithm } from './conv2d/table.ts';
import type { Epilogue, FloatType } from './epilogue.ts';
import type { HeuristicMode } from './get.ts';
import { rankPlans } from './get.ts';
import { measure } from './measure.ts';
import type { Candidate, Determinism, Direction, MathType, Spread } from './records.ts';

export type { Candidate } from './records.ts';

type Pair = number | readonly [number, number];

export interface ConvolutionOptions {
  /** N×C×H×W. */
  readonly x: readonly [number, number, number, number];
  /** K×(C/groups)×R×S. */
  readonly w: readonly [number, number, number, number];
  readonly stride?: Pair;
  /** Both sides alike, or `[top, bottom, left, right]`. */
  readonly padding?: Pair | readonly [number, number, number, number];
  readonly dilation?: Pair;
  readonly groups?: number;
  readonly direction?: Direction;
  readonly dtype?: FloatType;
  readonly epilogue?: Epilogue;
}

/** `cudnnSetConvolution2dDescriptor` and its tensors in one; throws with the values where they make no sense. */
export function convolutionDescriptor(options: ConvolutionOptions): ConvDescriptor {
  checkOptions('dnn.convolutionDescriptor', options, ['x', 'w', 'stride', 'padding', 'dilation', 'groups', 'direction', 'dtype', 'epilogue']);
  const { x, w, stride = 1, padding = 0, dilation = 1, groups = 1, ...rest } = options;
  for (const [name, shape, give] of [['x', x, 'N×C×H×W'], ['w', w, 'K×(C/groups)×R×S']] as const) checkCount(name, shape, [4], `[${give.replaceAll('×', ', ')}]`);
  for (const [name, value] of [['stride', stride], ['dilation', dilation]] as const) if (typeof value !== 'number') checkCount(name, value, [2], 'one number, or [vertical, horizontal]');
  if (typeof padding !== 'number') checkCount('padding', padding, [2, 4], 'one number, [vertical, horizontal] or [top, bottom, left, right]');
  const sides = typeof padding === 'number' ? [padding, padding, padding, padding] : padding.length === 4 ? padding : [padding[0], padding[0], padding[1], padding[1]];
  return convDescriptor({ x, w, stride: pair(stride), padding: sides as [number, number, number, number], dilation: pair(dilation), groups }, rest);
}

function checkCount(name: string, numbers: unknown, counts: readonly number[], give: string): void {
  if (!Array.isArray(numbers) || !counts.includes(numbers.length)) fail(`dnn.convolutionDescriptor: ${name} is ${shown(numbers)}; give ${give}`);
}

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
  readonly configs: readonly { readonly config: string; readonly mathType: MathType; /** Workspace, in bytes. */ readonly memory: number }[];
}

/** Every algorithm of the descriptor's direction, in cuDNN's order. */
export function convolutionAlgorithms(desc: ConvDescriptor): AlgorithmSupport[] {
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
}

/** Bytes of workspace of an algorithm, for its first configuration or the one named; throws a `NotSupportedError` with the reason. */
export function convolutionWorkspace(desc: ConvDescriptor, algo: string, config?: string): number {
  const known = convolutionAlgorithms(desc);
  checkAlgorithm('dnn.convolutionWorkspace', desc.direction, algo);
  const found = known.find((a) => a.algo === algo)!;
  if (found.supported !== true) throw new NotSupportedError(`dnn.convolutionWorkspace: ${algo}`, found.supported);
  const taken = config === undefined ? found.configs[0] : found.configs.find((c) => c.config === config);
  return taken?.memory ?? fail(`dnn.convolutionWorkspace: ${algo} has no configuration '${config}'; it has ${found.configs.map((c) => `'${c.config}'`).join(', ')}`);
}

const limitNames: readonly (keyof Limits)[] = ['deterministic', 'containNonFinite', 'workspaceLimit', 'mathTypes', 'algo', 'config'];

export interface GetOptions extends Limits {
  /** cuDNN's heuristic modes: A, the model; B (default), corrected by what was measured; FALLBACK, what runs everywhere. */
  readonly mode?: HeuristicMode;
}

/** `cudnnGetConvolution*Algorithm_v7`: candidates ranked by prediction; nothing of this shape is run. Then those that cannot run, with the reason. */
export async function getConvolutionAlgorithms(desc: ConvDescriptor, options: GetOptions = {}): Promise<Candidate[]> {
  checkOptions('dnn.getConvolutionAlgorithms', options, [...limitNames, 'mode']);
  const device = openDevice('dnn.getConvolutionAlgorithms');
  const problem = convProblem(desc);
  const { plans, excluded } = candidates(problem, device, options);
  const ranked = await rankPlans(problem, plans, device, context.cache, options.mode);
  return [...ranked.map(({ plan, predictedMs, terms }) => ({ ...planRecord(problem, plan), status: 'not tried' as const, reason: 'predicted, not run', predictedMs, terms })), ...excluded];
}

export interface FindConvolutionOptions extends Limits {
  /** Wall time for compiling, verifying and timing, in milliseconds; 5000 if not given. */
  readonly budgetMs?: number;
  /** How many candidates are tried at most, by prediction; all if not given. */
  readonly limit?: number;
  readonly onProgress?: (text: string) => void;
}

/** `cudnnFindConvolution*AlgorithmEx`: every candidate measured; the fastest first, then losers, then those that did not run and why. */
export async function findConvolutionAlgorithms(desc: ConvDescriptor, options: FindConvolutionOptions = {}): Promise<Candidate[]> {
  checkOptions('dnn.findConvolutionAlgorithms', options, [...limitNames, 'budgetMs', 'limit', 'onProgress']);
  const { budgetMs = 5000 } = options;
  if (!(budgetMs >= 0)) fail(`dnn.findConvolutionAlgorithms: budgetMs is ${budgetMs}; it is a number of milliseconds, 0 or more`);
  const device = openDevice('dnn.findConvolutionAlgorithms');
  const problem = convProblem(desc);
  const { plans, excluded } = candidates(problem, device, options);
  if (plans.length === 0) return [...excluded];
  const ranked = await rankPlans(problem, plans, device, context.cache);
  const { candidates: found } = await measure(device, problem, ranked, { ...options, budgetMs, interruption: context.interruption });
  return [...found, ...excluded];
}

/** Everything that was measured, as JSON: for another browser or machine with the same adapter. */
export const exportPlans = (): Promise<string> => context.cache.exportJson();

/** Takes over an export; resolves to how many entries were new. Throws where the text is no export, and then changes nothing. */
export const importPlans = (json: string): Promise<number> => context.cache.importJson(json);

/** Forgets everything that was measured. */
export const clearPlans = (): Promise<void> => context.cache.clear();

/** What tuning has cost and saved since the engine was started: hits, misses, milliseconds spent and saved. */
export const tuningAccount = (): CacheAccount => context.cache.counts();

const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);
