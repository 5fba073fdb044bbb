/**
 * @file What rounding operands to narrower types costs a convolution: fp16 the least, int8 the most.
 */
import { formatError } from '../../base/format.ts';
import { numbersOf, times } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { fails, holds } from '../lesson.ts';

function check(evidence: Evidence): Finding {
  const [fp16, bf16, int8] = numbersOf(evidence, 'errors', 3);
  const told = {
    en: `Error of the outputs, rms over rms: fp16 ${formatError(fp16)} at 2 bytes a number, bf16 ${formatError(bf16)} at 2, int8 ${formatError(int8)} at 1; float32 takes 4.`,
    zh: `输出的误差（均方根之比）：fp16 为 ${formatError(fp16)}，每个数 2 字节；bf16 为 ${formatError(bf16)}，2 字节；int8 为 ${formatError(int8)}，1 字节；float32 占 4 字节。`,
  };
  if (!(fp16 > 0 && fp16 < bf16 && bf16 < int8))
    return fails('computed', {
      en: `${told.en} The order should be fp16, bf16, int8.`,
      zh: `${told.zh} 误差从小到大应为 fp16、bf16、int8。`,
    });
  const bits = Math.log2(bf16 / fp16);
  return holds(
    'computed',
    {
      en: `${told.en} bf16's error is ${times(bf16 / fp16)} that of fp16: three bits fewer, ${bits.toFixed(1)} bits lost.`,
      zh: `${told.zh} bf16 的误差是 fp16 的 ${times(bf16 / fp16)}：尾数少三位，损失 ${bits.toFixed(1)} 位。`,
    },
    2,
  );
}

export const lesson: Lesson = { panes: ['console', 'output'], onCpu: true, check };
