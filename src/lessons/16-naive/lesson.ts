/**
 * @file The plainest kernel for every layer against the fastest of the library: how much a library gives.
 */
import { numbersOf, time, times } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** How much two separate measurements may differ by chance on a busy machine. */
const noise = 1.3;

/** What chance does not explain. */
const clear = 3;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function check(evidence: Evidence): Finding {
  const naive = numbersOf(evidence, 'naiveMs');
  const tuned = numbersOf(evidence, 'tunedMs', naive.length);
  if (![...naive, ...tuned].every(Number.isFinite))
    return cannot({
      en: 'One of the layers was not timed: the time was not enough. Run again.',
      zh: '有一层来不及计时，请再运行一次。',
    });
  const ratio = sum(naive) / sum(tuned);
  const each = naive.map((ms, i) => times(ms / tuned[i])).join(', ');
  const told = {
    en: `The plainest kernel takes ${time(sum(naive))} for all layers, the fastest candidates ${time(sum(tuned))}: ${times(ratio)} (by layer: ${each}). The article's 3.5× is for training ResNet-50 on a V100, as NVIDIA reports it.`,
    zh: `最朴素的内核跑完各层需要 ${time(sum(naive))}，最快的候选只需 ${time(sum(tuned))}：${times(ratio)}（逐层：${each}）。文章的 3.5 倍是 NVIDIA 公布的 V100 上训练 ResNet-50 的数据。`,
  };
  if (ratio < 1 / clear)
    return fails('measured', { en: `${told.en} The library lost.`, zh: `${told.zh} 库反而更慢。` });
  if (ratio < noise)
    return cannot({ en: `${told.en} That is not told apart here.`, zh: `${told.zh} 在本机上分不出快慢。` }, 'measured');
  return holds('measured', told, ratio < 2 ? 0 : ratio < 5 ? 1 : ratio < 20 ? 2 : 3);
}

export const lesson: Lesson = { panes: ['kernel', 'console'], check };
