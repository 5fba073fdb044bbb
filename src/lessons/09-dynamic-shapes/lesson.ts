/**
 * @file Each new size is a problem of its own and is measured; a size that comes again is not.
 */
import { convolutions, numbersOf, time, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const sides = numbersOf(evidence, 'sides', 4);
  const steps = numbersOf(evidence, 'stepMs', sides.length);
  const counts = numbersOf(evidence, 'measured', sides.length);
  const sizes = new Set(sides).size;
  const problems = new Set(convolutions(evidence).map(({ descriptor }) => descriptor)).size;
  const isNew = sides.map((side, i) => sides.indexOf(side) === i);
  const grew = counts.map((count, i) => count > (counts[i - 1] ?? 0));
  if (problems !== sizes)
    return fails('measured', {
      en: `${sizes} sizes made ${problems} problems; each size should be one of its own.`,
      zh: `${sizes} 种尺寸产生了 ${problems} 个问题，本应一一对应。`,
    });
  const again = sides.findIndex((_, i) => !isNew[i] && grew[i]);
  if (again !== -1)
    return fails('measured', {
      en: `${sides[again]}×${sides[again]} came again and was measured again.`,
      zh: `${sides[again]}×${sides[again]} 再次出现时又被测量了一遍。`,
    });
  const known = median(steps.filter((_, i) => !isNew[i]));
  const measured = steps.filter((_, i) => grew[i]);
  if (measured.length === 0)
    return evidence.choices.every(({ source }) => source === 'cache')
      ? holds(
          'measured',
          {
            en: `All ${sizes} sizes were met in an earlier run, so none was measured: a step took ${time(known)}. Forget the measurements in Memory, and the first step of each size pays again.`,
            zh: `${sizes} 种尺寸都在先前的运行中出现过，无需测量：每步 ${time(known)}。在 内存面板清除测量后，每种尺寸的第一步又要付出代价。`,
          },
          2,
        )
      : cannot({
          en: 'Nothing was measured: benchmark is switched off, or an algorithm is forced.',
          zh: '没有进行测量：benchmark 被关闭，或强制指定了算法。',
        });
  const cost = median(measured);
  return holds(
    'measured',
    {
      en: `${measured.length} of ${sizes} sizes were new and measured: such a step took ${time(cost)}, one with a known size ${time(known)}${cost > 2 * known ? `, ${times(cost / known)}` : ''}. With random sizes nearly every step is of the first kind.`,
      zh: `${sizes} 种尺寸中有 ${measured.length} 种是新的并被测量：这样的一步耗时 ${time(cost)}，已知尺寸的一步 ${time(known)}${cost > 2 * known ? `，相差 ${times(cost / known)}` : ''}。若尺寸随机变化，几乎每步都属于前者。`,
    },
    1,
  );
}

export const lesson: Lesson = { panes: ['race', 'console'], check };
