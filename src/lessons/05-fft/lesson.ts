/**
 * @file From a small filter to a large one the definition's time grows with the filter's area, and FFT's hardly does.
 */
import { numbersOf, time, times } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const [direct3, fft3, direct15, fft15] = numbersOf(evidence, 'ms', 4);
  if (![direct3, fft3, direct15, fft15].every(Number.isFinite))
    return cannot({
      en: 'One of the four was not timed: the time was not enough. Run again.',
      zh: '四个组合中有一个来不及计时，请再运行一次。',
    });
  const [direct, fft] = [direct15 / direct3, fft15 / fft3];
  const gain = direct15 / fft15;
  const told = {
    en: `From 3×3 to 15×15, 25× the multiplications, DIRECT went from ${time(direct3)} to ${time(direct15)} (${times(direct)}), FFT from ${time(fft3)} to ${time(fft15)} (${times(fft)}).`,
    zh: `从 3×3 到 15×15，乘法增至 25×：DIRECT 从 ${time(direct3)} 增至 ${time(direct15)}（${times(direct)}），FFT 从 ${time(fft3)} 变为 ${time(fft15)}（${times(fft)}）。`,
  };
  // The four were measured one after the other, so only a clear difference counts.
  if (fft > direct)
    return fails('measured', {
      en: `${told.en} FFT grew more than the definition.`,
      zh: `${told.zh} FFT 增长得反而更多。`,
    });
  if (fft > direct / 2)
    return cannot(
      {
        en: `${told.en} These two are not told apart: the machine was busy, or launching kernels takes most of each time.`,
        zh: `${told.zh} 两者分不出差别：机器繁忙，或启动内核占了大部分时间。`,
      },
      'measured',
    );
  return holds(
    'measured',
    {
      en: `${told.en} At 15×15 ${gain > 1.3 ? `FFT is ${times(gain)} as fast` : gain < 0.77 ? `DIRECT is still ${times(1 / gain)} as fast` : 'the two are not told apart'}; at 3×3 ${direct3 < fft3 / 1.3 ? `DIRECT is ${times(fft3 / direct3)} as fast` : fft3 < direct3 / 1.3 ? `FFT is ${times(direct3 / fft3)} as fast` : 'they are not told apart'}.`,
      zh: `${told.zh} 15×15 时${gain > 1.3 ? ` FFT 的速度是 DIRECT 的 ${times(gain)}` : gain < 0.77 ? ` DIRECT 的速度仍是 FFT 的 ${times(1 / gain)}` : '两者分不出快慢'}；3×3 时${direct3 < fft3 / 1.3 ? ` DIRECT 的速度是 FFT 的 ${times(fft3 / direct3)}` : fft3 < direct3 / 1.3 ? ` FFT 的速度是 DIRECT 的 ${times(direct3 / fft3)}` : '两者分不出快慢'}。`,
    },
    fft < 2.5 ? 0 : fft < 12 ? 1 : 2,
  );
}

export const lesson: Lesson = { panes: ['console', 'step'], walk: 'FFT', check };
