/**
 * @file A deterministic algorithm repeats its bits; one that adds by atomics may or may not, which only a difference
 * can prove.
 */
import { formatError } from '../../base/format.ts';
import type { OutputSummary } from '../../session/protocol.ts';
import { outputOf } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

const four = (evidence: Evidence, name: string): OutputSummary[] =>
  [0, 1, 2, 3].map((run) => outputOf(evidence, `${name}[${run}]`));

const kinds = (outputs: readonly OutputSummary[]): number => new Set(outputs.map(({ checksum }) => checksum)).size;

/** The largest difference from the first, of the elements that were told. */
function spreadOf([first, ...others]: readonly OutputSummary[]): number {
  return Math.max(...others.flatMap(({ head }) => head.map((value, i) => Math.abs(value - first.head[i]))));
}

function check(evidence: Evidence): Finding {
  const [atomic, ordered] = [four(evidence, 'atomic'), four(evidence, 'ordered')];
  if (kinds(ordered) > 1)
    return fails('computed', {
      en: `ALGO_1 is labelled deterministic and gave ${kinds(ordered)} different results in four runs.`,
      zh: `ALGO_1 标为确定性算法，四次运行却得到 ${kinds(ordered)} 种结果。`,
    });
  const apart = Math.abs(atomic[0].head[0] - ordered[0].head[0]) / ordered[0].std;
  if (!(apart < 1e-3))
    return fails('computed', {
      en: `The two algorithms differ by ${formatError(apart)} of the standard deviation, which is more than rounding.`,
      zh: `两种算法相差标准差的 ${formatError(apart)}，超出了舍入误差。`,
    });
  if (kinds(atomic) === 1)
    return cannot({
      en: `ALGO_1 gave the same bits four times (checksum ${ordered[0].checksum}). So did ALGO_0 (${atomic[0].checksum}): on this adapter the threads happened to arrive in the same order. A software adapter with few processors often does that; nothing promises it.`,
      zh: `ALGO_1 四次结果逐比特相同（校验和 ${ordered[0].checksum}）。ALGO_0 也是如此（${atomic[0].checksum}）：在这个适配器上，线程恰好以相同的顺序到达。处理器较少的软件适配器常常如此，但没有任何保证。`,
    });
  return holds(
    'computed',
    {
      en: `ALGO_1 gave the same bits four times (checksum ${ordered[0].checksum}). ALGO_0 gave ${kinds(atomic)} different results in four runs on equal inputs; the first 64 elements differ by up to ${formatError(spreadOf(atomic))}.`,
      zh: `ALGO_1 四次结果逐比特相同（校验和 ${ordered[0].checksum}）。ALGO_0 在相同输入上运行四次，得到 ${kinds(atomic)} 种结果，前 64 个元素最多相差 ${formatError(spreadOf(atomic))}。`,
    },
    1,
  );
}

export const lesson: Lesson = { panes: ['race', 'output', 'console'], check };
