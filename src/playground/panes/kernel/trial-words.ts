/**
 * @file How an edited kernel did, in words.
 */
import { formatDuration, formatError, formatNumber } from '../../../base/format.ts';
import type { KernelTrial } from '../../../compile/compilation.ts';
import { shareText, slowerText } from '../../../dnn/choice/verdict.ts';
import { say } from '../../language.ts';

/** With fewer common rounds it may be chance that one was faster in all of them. */
const enough = 8;

/** `'17% slower: 1.5 ms against 1.28 ms, 24 samples each.'` */
export function speedText({ shipped, edited, behind }: KernelTrial): string | undefined {
  if (!shipped || !edited) return undefined;
  const counts = [edited.samplesMs.length, shipped.samplesMs.length];
  const samples =
    counts[0] === counts[1]
      ? { en: `${counts[0]} samples each`, zh: `各 ${counts[0]} 个样本` }
      : { en: `${counts.join(' and ')} samples`, zh: `${counts.join(' 和 ')} 个样本` };
  const [mine, theirs] = [formatDuration(edited.medianMs), formatDuration(shipped.medianMs)];
  const times = say({ en: `${mine} against ${theirs}, ${samples.en}.`, zh: `${mine} 对 ${theirs}，${samples.zh}。` });
  if (!behind || behind.rounds < enough)
    return say({ en: `Too few samples to tell them apart: ${times}`, zh: `样本太少，分不出快慢：${times}` });
  const [low, high] = behind.interval;
  if (low <= 0 && high >= 0)
    return say({
      en: `As fast as the shipped one, as far as can be told: ${times}`,
      zh: `就目前所知，与发布版一样快：${times}`,
    });
  const { slower } = behind;
  return slower > 0
    ? say({ en: `${slowerText(slower)}: ${times}`, zh: `${slowerText(slower, 'zh-Hans')}：${times}` })
    : say({ en: `${shareText(-slower)} faster: ${times}`, zh: `快 ${shareText(-slower, 'zh-Hans')}：${times}` });
}

/** Whether its numbers are right, and by what that is known. */
export function valuesText({ ok, reason, comparedWith, maxError = 0, tolerance = 0 }: KernelTrial): string {
  if (!ok) return reason ?? say({ en: 'it does not compile', zh: '无法编译' });
  const what =
    comparedWith === 'float64 reference'
      ? say({ en: 'the float64 reference', zh: 'float64 参考' })
      : say({ en: 'the shipped kernel', zh: '发布版内核' });
  if (maxError === 0) return say({ en: `Same values as ${what}.`, zh: `数值与 ${what} 相同。` });
  return say({
    en: `Agrees with ${what}: error ${formatError(maxError)}, ${formatError(tolerance)} allowed.`,
    zh: `与 ${what} 一致：误差 ${formatError(maxError)}，允许 ${formatError(tolerance)}。`,
  });
}

/** The first output that is wrong, as terms and values. */
export function wrongFacts({ firstDifference: wrong }: KernelTrial): readonly (readonly [string, string])[] {
  if (!wrong) return [];
  return [
    [say({ en: 'first wrong output', zh: '第一个错误的输出' }), wrong.place],
    [say({ en: 'expected', zh: '应为' }), formatNumber(wrong.expected)],
    [say({ en: 'got', zh: '实为' }), formatNumber(wrong.got)],
    ...(wrong.reads === undefined ? [] : [[say({ en: 'the sum over', zh: '求和范围' }), wrong.reads] as const]),
  ];
}
