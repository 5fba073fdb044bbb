/**
 * @file A comparison in sentences, the same ones in the page and on the command line.
 */
import { counted, formatDuration, formatError, formatHour } from '../base/format.ts';
import { shareText, slowerText } from '../dnn/choice/verdict.ts';
import type {
  RemoteComparison,
  ComparedGradients,
  ComparedLayer,
  ComparedTensor,
  ComparedTraining,
  ComparisonResult,
} from './types.ts';

/** What a result is of: `'With lab in float32, run for this comparison, at 14:32:05.'` */
export function occasionText({ remote, origin, at, result: { arithmetic } }: RemoteComparison): string {
  return `With ${remote} in ${arithmetic}, ${origin}, at ${formatHour(at)}.`;
}

/** How the sides' times compare, and what wall time adds to the kernels here. */
export function speedText({ speed, timings }: ComparisonResult): string {
  const { medianMs, gpuMs } = timings.find(({ side }) => side === 'local')!;
  const added =
    gpuMs === undefined || medianMs < gpuMs
      ? ''
      : ` Here the GPU was busy for ${formatDuration(gpuMs)} of ${formatDuration(medianMs)}; the rest is recording, submitting and waiting.`;
  if (!speed) return `The speeds cannot be compared: wall time was measured here, GPU time on the remote.${added}`;
  const { of, ratio, interval, certain } = speed;
  // Told of whichever side is slower.
  const [side, shares] =
    ratio >= 1 ? ['The remote', [ratio, ...interval]] : ['This side', [1 / ratio, 1 / interval[1], 1 / interval[0]]];
  const [slower, low, high] = shares.map((times) => times - 1);
  const told = certain
    ? `${side} is ${slowerText(slower)} (${shareText(low)} to ${shareText(high)})`
    : `Undecided: ${side.toLowerCase()} is between ${shareText(-low)} faster and ${shareText(high)} slower`;
  return `${told}, by ${of}.${added}`;
}

/** `'Layer by layer: all 3 agree'`. */
export function layersTitle(layers: readonly ComparedLayer[]): string {
  return `Layer by layer: ${agreement(layers.flatMap(({ tensor }) => tensor ?? []))}`;
}

/** `'Gradients of the sum of the outputs: 2 of 3 agree'`. */
export function gradientsTitle({ of, tensors }: ComparedGradients): string {
  return `Gradients of ${of}: ${agreement(tensors)}`;
}

/** What was trained, how far the curves part, and how long a step takes. */
export function trainingText({ optimizer, local, remote, largest, diverged }: ComparedTraining): string {
  const apart =
    largest.relative === 0
      ? 'The losses are equal.'
      : `The losses differ by at most ${formatError(largest.relative)} of the loss, at step ${largest.step}.`;
  return [
    `${counted(local.losses.length, 'step')} of ${optimizer}, with a fresh optimizer on both sides, starting from the weights before the program's last step, on its last batch.`,
    apart,
    ...(diverged
      ? [`At step ${remote.losses.length} the remote's loss was no longer finite, so both trainings end there.`]
      : []),
    `A step takes ${formatDuration(local.stepMs)} here and ${formatDuration(remote.stepMs)} on the remote.`,
  ].join(' ');
}

function agreement(tensors: readonly ComparedTensor[]): string {
  const agree = tensors.filter(({ verdict }) => verdict !== 'differs').length;
  return agree === tensors.length ? `all ${agree} agree` : `${agree} of ${tensors.length} agree`;
}
