/**
 * @file What may run changes from one filter size to the next, so time follows no curve; whether it falls somewhere is
 * told by the measurement.
 */
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { basisOf, convolutions, leastMemory, ranIn, sizesOf, time, timeOf, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** How much two separate measurements may differ by chance on a busy machine. */
const noise = 1.25;

interface Row {
  readonly side: number;
  readonly choice: AlgorithmChoice;
  readonly algo: string;
  readonly ms: number;
}

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const rows = convolutions(evidence)
    .flatMap((choice): Row[] => {
      const ran = ranIn(choice);
      const ms = timeOf(ran)?.ms;
      return ms === undefined ? [] : [{ side: sizesOf(choice).R, choice, algo: ran.algo, ms }];
    })
    .toSorted((a, b) => a.side - b.side);
  if (rows.length < 3)
    return cannot({
      en: `Only ${rows.length} filter sizes have a time; the lesson needs three.`,
      zh: `只有 ${rows.length} 种卷积核大小有耗时数据，本课至少需要三种。`,
    });
  const by = basisOf(rows.map(({ choice }) => ranIn(choice)));
  const runs = (algo: string): number[] =>
    rows.filter(({ choice }) => leastMemory(choice, algo) !== undefined).map(({ side }) => side);
  const winograd = [...new Set([...runs('WINOGRAD'), ...runs('WINOGRAD_NONFUSED')])].toSorted((a, b) => a - b);
  if (winograd.length === rows.length)
    return fails(by, {
      en: 'Winograd was a candidate at every size, though it exists for 3×3 and 5×5 alone.',
      zh: 'Winograd 在每种大小上都成了候选，可它只适用于 3×3 与 5×5。',
    });
  const falls = rows.slice(1).find((row, i) => row.ms * noise < rows[i].ms);
  const rises = rows.slice(1).every((row, i) => row.ms > rows[i].ms);
  const list = (sign: string): string =>
    rows.map(({ side, algo, ms }) => `${side}×${side} ${algo} ${time(ms)}`).join(sign);
  const more = (rows.at(-1)!.side / rows[0].side) ** 2;
  const before = falls && rows[rows.indexOf(falls) - 1];
  return holds(
    by,
    {
      en: `${list(', ')}. Winograd is a candidate at ${winograd.map((side) => `${side}×${side}`).join(' and ')} only. ${
        falls && before
          ? `${falls.side}×${falls.side} took less time than ${before.side}×${before.side}, though it multiplies more.`
          : rises
            ? `In this run each larger filter took longer: from the first to the last ${times(rows.at(-1)!.ms / rows[0].ms)}, with ${times(more)} the multiplications.`
            : 'In this run some neighbours are not told apart.'
      }`,
      zh: `${list('，')}。Winograd 只在 ${winograd.map((side) => `${side}×${side}`).join(' 与 ')} 时是候选。${
        falls && before
          ? `${falls.side}×${falls.side} 的乘法更多，却比 ${before.side}×${before.side} 更快。`
          : rises
            ? `本次运行中卷积核越大耗时越长：从最小到最大增至 ${times(rows.at(-1)!.ms / rows[0].ms)}，而乘法增至 ${times(more)}。`
            : '本次运行中有相邻的两种大小分不出快慢。'
      }`,
    },
    falls ? 1 : rises ? 0 : undefined,
  );
}

export const lesson: Lesson = { panes: ['race', 'map'], check };
