/**
 * @file A depthwise convolution does C times fewer operations and reads as much, so its time shrinks by less.
 */
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { basisOf, choiceFor, ranIn, sizesOf, time, timeOf, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

interface Work {
  readonly ms: number;
  readonly operations: number;
  /** Of x, w and y, each once. */
  readonly bytes: number;
}

function workOf(choice: AlgorithmChoice, filterChannels: number): Work | undefined {
  const { N, C, H, W, K, R, S, P, Q } = sizesOf(choice);
  const ms = timeOf(ranIn(choice))?.ms;
  return ms === undefined
    ? undefined
    : {
        ms,
        operations: 2 * N * K * P * Q * filterChannels * R * S,
        bytes: 4 * (N * C * H * W + K * filterChannels * R * S + N * K * P * Q),
      };
}

const rate = ({ operations, ms }: Work): string => `${Number((operations / ms / 1e6).toPrecision(2))} GFLOP/s`;
const intensity = ({ operations, bytes }: Work): string => String(Number((operations / bytes).toPrecision(2)));

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const choices = [choiceFor(evidence, 'dense'), choiceFor(evidence, 'depthwise')];
  const dense = workOf(choices[0], sizesOf(choices[0]).C);
  const depthwise = workOf(choices[1], 1);
  if (!dense || !depthwise)
    return cannot({ en: 'One of the two layers has no time.', zh: '两层之中有一层没有耗时数据。' });
  const by = basisOf(choices.map(ranIn));
  const fewer = dense.operations / depthwise.operations;
  const faster = dense.ms / depthwise.ms;
  const told = {
    en: `Depthwise has ${times(fewer)} fewer operations and took ${time(depthwise.ms)} instead of ${time(dense.ms)}: ${times(faster)} as fast. It runs at ${rate(depthwise)}, the dense layer at ${rate(dense)}. Operations a byte, computed: ${intensity(depthwise)} against ${intensity(dense)}.`,
    zh: `深度卷积的运算量是普通卷积的 1/${Math.round(fewer)}，耗时 ${time(depthwise.ms)}，普通卷积 ${time(dense.ms)}：速度是其 ${times(faster)}。前者达到 ${rate(depthwise)}，后者 ${rate(dense)}。每字节运算次数（计算得出）：${intensity(depthwise)} 对 ${intensity(dense)}。`,
  };
  if (faster > fewer)
    return fails(by, {
      en: `${told.en} So it gained more than it saved.`,
      zh: `${told.zh} 收益反而超过了节省的运算。`,
    });
  if (faster > fewer / 2)
    return cannot({ en: `${told.en} That is too near to tell.`, zh: `${told.zh} 两者过于接近，无法断定。` }, by);
  return holds(by, told, faster > 32 ? 0 : faster > 8 ? 1 : 2);
}

export const lesson: Lesson = { panes: ['race', 'roofline', 'race'], check };
