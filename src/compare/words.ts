/**
 * @file A comparison in sentences, the same ones in the page and on the command line.
 */
import { counted, formatDuration, formatError, formatHour } from '../base/format.ts';
import type { Language, Words } from '../base/words.ts';
import { inLanguage } from '../base/words.ts';
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
export function occasionText(
  { remote, origin, at, result: { arithmetic } }: RemoteComparison,
  to: Language = 'en',
): string {
  const hour = formatHour(at);
  return inLanguage(
    {
      en: `With ${remote} in ${arithmetic}, ${origin}, at ${hour}.`,
      zh: `与 ${remote} 对比，${arithmetic}，${origin}，${hour}。`,
    },
    to,
  );
}

/** How the sides' times compare, and what wall time adds to the kernels here. */
export function speedText({ speed, timings }: ComparisonResult, to: Language = 'en'): string {
  const say = (words: Words): string => inLanguage(words, to);
  const { medianMs, gpuMs } = timings.find(({ side }) => side === 'local')!;
  const added = gpuMs === undefined || medianMs < gpuMs ? '' : say(addedWords(gpuMs, medianMs));
  if (!speed)
    return say({
      en: `The speeds cannot be compared: wall time was measured here, GPU time on the remote.${added}`,
      zh: `速度无法比较：本机测的是挂钟时间，远端测的是 GPU 时间。${added}`,
    });
  const { of, ratio, interval, certain } = speed;
  // Told of whichever side is slower.
  const [side, shares] =
    ratio >= 1
      ? [{ en: 'The remote', zh: '远端' }, [ratio, ...interval]]
      : [{ en: 'This side', zh: '本机' }, [1 / ratio, 1 / interval[1], 1 / interval[0]]];
  const [slower, low, high] = shares.map((times) => times - 1);
  const [from, until] = [shareText(Math.abs(low), to), shareText(high, to)];
  const [by, much] = [say(times[of]), slowerText(slower, to)];
  return certain
    ? say({
        en: `${side.en} is ${much} (${from} to ${until}), by ${by}.${added}`,
        zh: `按${by}，${side.zh}${much}（${from} 至 ${until}）。${added}`,
      })
    : say({
        en: `Undecided: ${side.en.toLowerCase()} is between ${from} faster and ${until} slower, by ${by}.${added}`,
        zh: `未分胜负：按${by}，${side.zh}介于快 ${from} 与慢 ${until} 之间。${added}`,
      });
}

const times: Record<NonNullable<ComparisonResult['speed']>['of'], Words> = {
  'wall time': { en: 'wall time', zh: '挂钟时间' },
  'GPU time': { en: 'GPU time', zh: 'GPU 时间' },
};

function addedWords(gpuMs: number, medianMs: number): Words {
  const [gpu, all] = [formatDuration(gpuMs), formatDuration(medianMs)];
  return {
    en: ` Here the GPU was busy for ${gpu} of ${all}; the rest is recording, submitting and waiting.`,
    zh: `本机 ${all} 中 GPU 忙碌 ${gpu}，其余是记录、提交和等待。`,
  };
}

/** `'Layer by layer: all 3 agree'`. */
export function layersTitle(layers: readonly ComparedLayer[], to: Language = 'en'): string {
  const { en, zh } = agreement(layers.flatMap(({ tensor }) => tensor ?? []));
  return inLanguage({ en: `Layer by layer: ${en}`, zh: `逐层：${zh}` }, to);
}

/** `'Gradients of the sum of the outputs: 2 of 3 agree'`. */
export function gradientsTitle({ of, tensors }: ComparedGradients, to: Language = 'en'): string {
  const { en, zh } = agreement(tensors);
  return inLanguage({ en: `Gradients of ${of}: ${en}`, zh: `梯度（${of}）：${zh}` }, to);
}

/** What was trained, how far the curves part, and how long a step takes. */
export function trainingText(
  { optimizer, local, remote, largest, diverged }: ComparedTraining,
  to: Language = 'en',
): string {
  const say = (words: Words): string => inLanguage(words, to);
  const steps = local.losses.length;
  const [here, there] = [formatDuration(local.stepMs), formatDuration(remote.stepMs)];
  return [
    say({
      en: `${counted(steps, 'step')} of ${optimizer}, with a fresh optimizer on both sides, starting from the weights before the program's last step, on its last batch.`,
      zh: `${optimizer} 共 ${steps} 步：两边都用全新的优化器，从程序最后一步之前的权重开始，使用最后一个批次。`,
    }),
    largest.relative === 0
      ? say({ en: 'The losses are equal.', zh: '损失相等。' })
      : say({
          en: `The losses differ by at most ${formatError(largest.relative)} of the loss, at step ${largest.step}.`,
          zh: `损失最多相差其 ${formatError(largest.relative)}，在第 ${largest.step} 步。`,
        }),
    ...(diverged
      ? [
          say({
            en: `At step ${remote.losses.length} the remote's loss was no longer finite, so both trainings end there.`,
            zh: `第 ${remote.losses.length} 步时远端的损失不再是有限值，因此两边的训练都到此为止。`,
          }),
        ]
      : []),
    say({
      en: `A step takes ${here} here and ${there} on the remote.`,
      zh: `一步在本机用 ${here}，在远端用 ${there}。`,
    }),
  ].join(say({ en: ' ', zh: '' }));
}

function agreement(tensors: readonly ComparedTensor[]): Words {
  const [all, agree] = [tensors.length, tensors.filter(({ verdict }) => verdict !== 'differs').length];
  return agree === all
    ? { en: `all ${agree} agree`, zh: `${agree} 个全部一致` }
    : { en: `${agree} of ${all} agree`, zh: `${all} 个中有 ${agree} 个一致` };
}
