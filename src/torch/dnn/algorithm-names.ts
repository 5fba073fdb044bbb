/**
 * @file Algorithms by name: `dnn.withConvolutionAlgorithm` names them for all convolutions that are recorded inside.
 *
 * What counts is where a convolution is recorded, not when it runs. It keeps the names, so its gradients take the
 * backward algorithms that were named around it, wherever `backward()` is called; names around `backward()` come before
 * those.
 */
import { isPlain } from '../../base/options.ts';
import { engine } from '../../compile/engine.ts';
import { limitsOf, namedCandidates } from '../../dnn/choice/candidates.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import { convProblem } from '../../dnn/conv2d/problem.ts';
import type { BackwardDataAlgorithm, BackwardFilterAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import { checkAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Direction, MathType } from '../../dnn/choice/records.ts';
import { recordingNow, recordingThrough } from '../../graph/recording.ts';
import type { DeviceType, NamedAlgorithms } from '../../graph/types.ts';
import { fn, p } from '../signature.ts';
import { matched } from '../signature/call.ts';
import { signature } from '../signature/match.ts';

/** One of the known names; any string is taken, and judged where it is used. */
export type Name<Known extends string> = Known | (string & Record<never, never>);

export interface ConvolutionAlgorithmNames extends NamedAlgorithms {
  readonly forward?: Name<ForwardAlgorithm>;
  readonly backwardData?: Name<BackwardDataAlgorithm>;
  readonly backwardFilter?: Name<BackwardFilterAlgorithm>;
}

const directed = p.kind<ConvolutionAlgorithmNames>(
  'an object',
  "a direction's name, { forward: 'WINOGRAD' }",
  isPlain,
  { plain: true },
);
const directions: Record<keyof NamedAlgorithms, Direction> = {
  forward: 'forward',
  backwardData: 'backward data',
  backwardFilter: 'backward filter',
};

const byDirection = signature('ours.algorithms', ['*', ...Object.keys(directions).map((name) => p.text(name, 'any'))]);

/**
 * Runs `body`; every convolution that is recorded inside runs by exactly the algorithms named, in cuDNN's names, or
 * fails with the reason. Transposed convolutions run by `backwardData`. Directions that are not named stay as they are
 * outside. Where `body` is async, the names hold until its promise settles, for what it records and nothing else.
 * Throws, with the list, where there is no algorithm of a name.
 */
export const withConvolutionAlgorithm = fn(
  'ours.with_convolution_algorithm',
  [directed('algorithms'), p.callback('body')],
  (algorithms, body): unknown => {
    const what = 'dnn.withConvolutionAlgorithm';
    matched([{ signature: { ...byDirection, what } }], [algorithms], false);
    const named = Object.entries(algorithms).filter(([, name]) => name !== undefined);
    for (const [key, name] of named) checkAlgorithm(what, directions[key as keyof NamedAlgorithms], name);
    return recordingThrough(what, { algorithms: { ...recordingNow().algorithms, ...Object.fromEntries(named) } }, body);
  },
) as unknown as <T>(algorithms: ConvolutionAlgorithmNames, body: () => T) => T;

/** The names that a convolution recorded now carries: those around it, and one given on the spot. */
export function namedNow(what: string, direction: keyof NamedAlgorithms, algo: string | undefined): NamedAlgorithms {
  if (algo === undefined) return recordingNow().algorithms;
  checkAlgorithm(what, directions[direction], algo);
  return { ...recordingNow().algorithms, [direction]: algo };
}

/**
 * Throws a `NotSupportedError` with the reason, at the line that asks for it, where the algorithm that is named cannot
 * run a convolution of tensors on this device.
 */
export function checkNamed(
  what: string,
  d: ConvDescriptor,
  device: DeviceType,
  algo: string | undefined,
  { config, mathType }: { readonly config?: string; readonly mathType?: MathType } = {},
): void {
  if (algo === undefined || device !== 'webgpu' || !engine.device) return;
  namedCandidates(what, convProblem(d), engine.device, {
    ...limitsOf(engine.settings),
    algo,
    config,
    ...(mathType && { mathTypes: [mathType] }),
  });
}
