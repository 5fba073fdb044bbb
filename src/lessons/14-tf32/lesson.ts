/**
 * @file Rounding operands as TF32 does explains differences of a thousandth; float32 on two devices does not make them.
 */
import { formatError } from '../../base/format.ts';
import { numbersOf, times } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { fails, holds } from '../lesson.ts';

function check(evidence: Evidence): Finding {
  const [plain] = numbersOf(evidence, 'plain');
  const [rounded] = numbersOf(evidence, 'rounded');
  const [largest] = numbersOf(evidence, 'largest');
  const [float, tf32] = [plain / largest, rounded / largest];
  if (!(float < 1e-5 && tf32 > 1e-5 && tf32 < 1e-2))
    return fails('computed', {
      en: `float32 here differs from the cpu's by ${formatError(float)} of the largest element, simulated TF32 by ${formatError(tf32)}; under 1e-5, and between 1e-5 and 1e-2, were expected.`,
      zh: `本机 float32 与 CPU 相差最大元素的 ${formatError(float)}，模拟的 TF32 相差 ${formatError(tf32)}；预期分别小于 1e-5、介于 1e-5 与 1e-2 之间。`,
    });
  return holds(
    'computed',
    {
      en: `float32 here and on the cpu differ by ${formatError(float)} of the largest element at most. With operands rounded as TF32 rounds them it is ${formatError(tf32)}${float > 0 ? `, ${times(tf32 / float)} as much` : ''}. Simulated: WebGPU has no TF32, so what a tensor core adds in its own order cannot be seen here.`,
      zh: `本机与 CPU 的 float32 结果最多相差最大元素的 ${formatError(float)}；按 TF32 的方式舍入操作数后，相差 ${formatError(tf32)}${float > 0 ? `，为前者的 ${times(tf32 / float)}` : ''}。这是模拟：WebGPU 没有 TF32，Tensor Core 自身的累加顺序在这里无法看到。`,
    },
    1,
  );
}

export const lesson: Lesson = { panes: ['console', 'output'], onCpu: true, check };
