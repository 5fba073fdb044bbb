/**
 * @file Winograd is refused where its identity does not apply, and its transforms magnify rounding, within a bound.
 */
import { formatError } from '../../base/format.ts';
import { choiceFor, numbersOf, refusalOf, time, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** What F(4×4, 3×3) may lose against float64. */
const allowed = 1e-4;

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const refusals = ['strided', 'wide'].map((layer) => refusalOf(choiceFor(evidence, layer), 'WINOGRAD'));
  const [plain, fused, nonfused] = numbersOf(evidence, 'errors', 3);
  const [plainMs, ...transformedMs] = numbersOf(evidence, 'ms', 3);
  if (refusals.some((reason) => reason === undefined))
    return fails('computed', {
      en: 'WINOGRAD was not refused for a stride of 2 and for a 7×7 filter, though its identity holds for neither.',
      zh: '步长为 2 与 7×7 卷积核时 WINOGRAD 没有被拒绝，可它的恒等式对两者都不成立。',
    });
  if (![plain, fused, nonfused, plainMs, ...transformedMs].every(Number.isFinite))
    return cannot({
      en: `WINOGRAD is refused elsewhere (${refusals.join('; ')}), but the time was not enough to verify it at 3×3. Run again.`,
      zh: `WINOGRAD 在其他情形被拒绝（${refusals.join('；')}），但 3×3 时来不及完成验证，请再运行一次。`,
    });
  if (!(Math.max(fused, nonfused) <= allowed))
    return fails('measured', {
      en: `Winograd's error is ${formatError(Math.max(fused, nonfused))} of the rms, ${formatError(allowed)} is allowed.`,
      zh: `Winograd 的误差为均方根的 ${formatError(Math.max(fused, nonfused))}，允许 ${formatError(allowed)}。`,
    });
  const growth = nonfused / plain;
  const [name, best] =
    transformedMs[0] < transformedMs[1] ? ['WINOGRAD', transformedMs[0]] : ['WINOGRAD_NONFUSED', transformedMs[1]];
  const speed = plainMs / best;
  return holds(
    'measured',
    {
      en: `At 3×3 ${name} took ${time(best)}, IMPLICIT_GEMM ${time(plainMs)}${speed > 1.3 ? `: ${times(speed)} as fast` : speed < 0.77 ? ': here the transforms cost more than they save' : ', which these separate measurements do not tell apart'}. Largest error against float64: IMPLICIT_GEMM ${formatError(plain)}, F(2×2) ${formatError(fused)}, F(4×4) ${formatError(nonfused)}, ${times(growth)} that of the plain sum. Refused: stride 2 (${refusals[0]}), 7×7 (${refusals[1]}).`,
      zh: `3×3 时 ${name} 耗时 ${time(best)}，IMPLICIT_GEMM 耗时 ${time(plainMs)}${speed > 1.3 ? `，前者速度是后者的 ${times(speed)}` : speed < 0.77 ? '：在本机上变换的开销超过了它节省的乘法' : '，两次独立测量分不出快慢'}。相对 float64 的最大误差：IMPLICIT_GEMM ${formatError(plain)}，F(2×2) ${formatError(fused)}，F(4×4) ${formatError(nonfused)}，是直接求和的 ${times(growth)}。被拒绝的情形：步长 2（${refusals[0]}），7×7（${refusals[1]}）。`,
    },
    growth < 1.5 ? 0 : growth < 100 ? 1 : 2,
  );
}

export const lesson: Lesson = { panes: ['race', 'console', 'step'], walk: 'WINOGRAD', check };
