/**
 * @file Two algorithms give other bits of one image and both are right; one algorithm gives the same bits in any batch.
 */
import { formatError, formatNumber } from '../../base/format.ts';
import { numbersOf } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { fails, holds } from '../lesson.ts';

/** What F(4×4, 3×3) may differ by, of the largest element. */
const allowed = 1e-4;

function check(evidence: Evidence): Finding {
  const [other] = numbersOf(evidence, 'otherAlgorithm');
  const [same] = numbersOf(evidence, 'sameAlgorithm');
  const [summed] = numbersOf(evidence, 'summed');
  const [largest] = numbersOf(evidence, 'largest');
  const share = other / largest;
  if (!(share <= allowed))
    return fails('computed', {
      en: `The two algorithms differ by ${formatError(share)} of the largest element, and rounding explains ${formatError(allowed)}: one of them is wrong.`,
      zh: `两种算法相差最大元素的 ${formatError(share)}，舍入只能解释 ${formatError(allowed)}：其中一种是错的。`,
    });
  if (same / largest > allowed)
    return fails('computed', {
      en: `DIRECT alone and in a batch differ by ${formatError(same / largest)} of the largest element, more than rounding.`,
      zh: `DIRECT 单独计算与在批次中计算相差最大元素的 ${formatError(same / largest)}，超出了舍入误差。`,
    });
  return holds(
    'computed',
    {
      en: `The image alone by WINOGRAD_NONFUSED and in a batch of three by DIRECT: differences sum to ${formatNumber(summed)}, the largest is ${formatError(share)} of the largest element, within the ${formatError(allowed)} of rounding. Both by DIRECT: ${same === 0 ? 'not one bit differs' : `${formatError(same / largest)}, since the tiles differ`}.`,
      zh: `图像单独用 WINOGRAD_NONFUSED，在三张的批次中用 DIRECT：差的绝对值之和为 ${formatNumber(summed)}，最大差别为最大元素的 ${formatError(share)}，在舍入允许的 ${formatError(allowed)} 以内。两次都用 DIRECT：${same === 0 ? '逐比特相同' : `${formatError(same / largest)}，因为分块不同`}。`,
    },
    other === 0 ? 0 : 1,
  );
}

export const lesson: Lesson = { panes: ['race', 'output', 'console'], check };
