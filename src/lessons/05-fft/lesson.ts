/**
 * @file From a small filter to a large one the definition's time grows with the filter's area, and FFT's hardly does.
 * Each round measures all four, so what happened to one happened to all, and luck does not decide every round.
 */
import { numbersOf, time, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** With fewer rounds chance could decide all of them. */
const leastRounds = 5;

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const ms = numbersOf(evidence, 'ms', 4 * leastRounds);
  const rounds = Array.from({ length: Math.floor(ms.length / 4) }, (_, i) => ms.slice(4 * i, 4 * i + 4));
  const growths = rounds.map(([direct3, fft3, direct15, fft15]) => ({ direct: direct15 / direct3, fft: fft15 / fft3 }));
  const [direct3, fft3, direct15, fft15] = [0, 1, 2, 3].map((at) => Math.min(...rounds.map((round) => round[at])));
  const [direct, fft] = [direct15 / direct3, fft15 / fft3];
  const told = {
    en: `From 3×3 to 15×15, 25× the multiplications, DIRECT went from ${time(direct3)} to ${time(direct15)} (${times(direct)}), FFT from ${time(fft3)} to ${time(fft15)} (${times(fft)}), fastest of ${rounds.length} rounds.`,
    zh: `从 3×3 到 15×15，乘法增至 25×：DIRECT 从 ${time(direct3)} 增至 ${time(direct15)}（${times(direct)}），FFT 从 ${time(fft3)} 变为 ${time(fft15)}（${times(fft)}），均取 ${rounds.length} 轮中最快的一次。`,
  };
  if (growths.every((round) => round.fft > round.direct))
    return fails('measured', {
      en: `${told.en} In every round FFT grew more than the definition.`,
      zh: `${told.zh} 每一轮都是 FFT 增长得更多。`,
    });
  const clear = growths.filter((round) => round.fft < round.direct / 1.5).length;
  // A clock of coarse steps reads zero.
  if (![direct, fft].every((growth) => growth > 0 && Number.isFinite(growth)) || clear < rounds.length - 1)
    return cannot(
      {
        en: `${told.en} Only ${clear} of ${rounds.length} rounds tell them clearly apart: the machine was busy, or the clock's steps are coarse.`,
        zh: `${told.zh} ${rounds.length} 轮中只有 ${clear} 轮能明确区分：机器繁忙，或时钟步长太粗。`,
      },
      'measured',
    );
  const [small, large] = [fft3 / direct3, direct15 / fft15];
  return holds(
    'measured',
    {
      en: `${told.en} At 3×3 ${small > 1.3 ? `DIRECT is ${times(small)} as fast as FFT` : 'the two are close'}; at 15×15 ${large > 1.3 ? `FFT is ${times(large)} as fast as DIRECT` : large < 0.77 ? `DIRECT is still ${times(1 / large)} as fast` : 'the two are close'}.`,
      zh: `${told.zh} 3×3 时${small > 1.3 ? ` DIRECT 的速度是 FFT 的 ${times(small)}` : '两者接近'}；15×15 时${large > 1.3 ? ` FFT 的速度是 DIRECT 的 ${times(large)}` : large < 0.77 ? ` DIRECT 的速度仍是 FFT 的 ${times(1 / large)}` : '两者接近'}。`,
    },
    fft < 2.5 ? 0 : fft < 12 ? 1 : 2,
  );
}

export const lesson: Lesson = { panes: ['race', 'console', 'step'], walk: 'FFT', check };
