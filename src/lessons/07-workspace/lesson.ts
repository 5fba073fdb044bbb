/**
 * @file A limit of workspace is kept, each candidate beyond it is refused by the byte, and what remains can run.
 */
import { formatBytes } from '../../base/format.ts';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { basisOf, choiceFor, nameOf, ranIn, time, timeOf, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { fails, holds } from '../lesson.ts';

const refused = ({ candidates }: AlgorithmChoice): number =>
  candidates.filter(({ reason }) => reason?.includes('workspaceLimit')).length;

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const layers = ['free', 'tight', 'none'].map((layer) => choiceFor(evidence, layer));
  const [free, tight, none] = layers.map(ranIn);
  const by = basisOf([free, tight, none]);
  const over = [tight.memory > 64 * 1024 && tight, none.memory > 0 && none].find((candidate) => candidate !== false);
  if (over)
    return fails(by, {
      en: `${nameOf(over)} ran with a workspace of ${formatBytes(over.memory)}, beyond the limit.`,
      zh: `${nameOf(over)} 使用了 ${formatBytes(over.memory)} 工作空间，超出了限制。`,
    });
  if (refused(layers[2]) === 0)
    return fails(by, {
      en: 'With a limit of 0 B no candidate was refused, so the limit was not in force.',
      zh: '限制为 0 B 时没有任何候选被拒绝，说明限制没有生效。',
    });
  const [freeMs, noneMs] = [timeOf(free)?.ms, timeOf(none)?.ms];
  const ratio = freeMs !== undefined && noneMs !== undefined ? noneMs / freeMs : undefined;
  const isSame = free.algo === none.algo;
  return holds(
    by,
    {
      en: `Without a limit: ${nameOf(free)} with ${formatBytes(free.memory)}. With 64 KiB: ${nameOf(tight)} with ${formatBytes(tight.memory)}; ${refused(layers[1])} candidates were refused. With 0 B: ${nameOf(none)}; ${refused(layers[2])} refused. ${
        ratio === undefined
          ? ''
          : free.memory === 0
            ? `The fastest needs no workspace here, so the limit costs nothing.`
            : ratio > 1.25
              ? `The limit of 0 B costs time: ${time(noneMs!)} instead of ${time(freeMs!)}, ${times(ratio)}.`
              : `${time(noneMs!)} and ${time(freeMs!)}: these separate measurements do not tell the price of the limit.`
      }`,
      zh: `不设限制：${nameOf(free)}，${formatBytes(free.memory)}。限 64 KiB：${nameOf(tight)}，${formatBytes(tight.memory)}，${refused(layers[1])} 个候选被拒绝。限 0 B：${nameOf(none)}，${refused(layers[2])} 个被拒绝。${
        ratio === undefined
          ? ''
          : free.memory === 0
            ? '在本机上最快的算法本来就不需要工作空间，限制没有代价。'
            : ratio > 1.25
              ? `限制为 0 B 的代价是时间：从 ${time(freeMs!)} 增至 ${time(noneMs!)}，为 ${times(ratio)}。`
              : `分别为 ${time(noneMs!)} 与 ${time(freeMs!)}，两次独立测量分不出限制的代价。`
      }`,
    },
    isSame ? 1 : 2,
  );
}

export const lesson: Lesson = { panes: ['race'], check };
