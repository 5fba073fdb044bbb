/**
 * @file A 1×1 convolution and a matrix product give the same numbers, and GEMM needs no workspace for it.
 */
import { formatBytes, formatError } from '../../base/format.ts';
import { convolutions, leastMemory, numbersOf, sizesOf } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** What rounding may do: sums of a few hundred products in float32, in any order. */
const allowed = 2e-5;

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const [difference] = numbersOf(evidence, 'difference');
  const [largest] = numbersOf(evidence, 'largest');
  const all = convolutions(evidence);
  const memoryOf = (side: number): number | undefined => {
    const choice = all.find((one) => sizesOf(one).R === side);
    return choice && leastMemory(choice, 'GEMM');
  };
  const [one, three] = [memoryOf(1), memoryOf(3)];
  if (one === undefined || three === undefined)
    return cannot({
      en: 'GEMM is not among the candidates for both filters, so their workspaces cannot be held against each other.',
      zh: '两种卷积核的候选中并非都有 GEMM，无法比较工作空间。',
    });
  const share = difference / largest;
  if (!(share <= allowed) || one !== 0)
    return fails('computed', {
      en: `Convolution and product differ by ${formatError(share)} of the largest element, ${formatError(allowed)} is rounding; and GEMM asks for ${formatBytes(one)} at 1×1.`,
      zh: `卷积与矩阵乘相差最大元素的 ${formatError(share)}，舍入误差应在 ${formatError(allowed)} 以内；1×1 时 GEMM 要求 ${formatBytes(one)} 工作空间。`,
    });
  return holds(
    'computed',
    {
      en: `The convolution and the matrix product of 128×64 and 64×196 ${share === 0 ? 'have the same bits' : `differ by ${formatError(share)} of the largest element at most, which is rounding`}. For it GEMM needs a workspace of ${formatBytes(one)}; for the 3×3 filter on the same image ${formatBytes(three)}.`,
      zh: `该卷积与 128×64、64×196 两矩阵之积${share === 0 ? '逐比特相同' : `最多相差最大元素的 ${formatError(share)}，属于舍入误差`}。GEMM 此时所需工作空间为 ${formatBytes(one)}；同一图像上的 3×3 卷积则需 ${formatBytes(three)}。`,
    },
    share === 0 ? 0 : 1,
  );
}

export const lesson: Lesson = { panes: ['race', 'console'], check };
