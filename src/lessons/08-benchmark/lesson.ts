/**
 * @file A shape is measured at its first call or not at all; when that pays, by the heuristic's guess.
 */
import { formatDuration } from '../../base/format.ts';
import type { Candidate } from '../../dnn/choice/records.ts';
import { convolutions, isApart, nameOf, numbersOf, ranIn, time } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const calls = numbersOf(evidence, 'callMs', 3);
  const counts = numbersOf(evidence, 'measured', 3);
  const [spent] = numbersOf(evidence, 'spentMs');
  const [choice] = convolutions(evidence);
  if (!choice || ranIn(choice).timeMs === undefined)
    return cannot({
      en: 'Nothing was measured: benchmark is switched off, or an algorithm is forced.',
      zh: '没有进行测量：benchmark 被关闭，或强制指定了算法。',
    });
  const [first] = counts;
  if (counts.some((count) => count !== first) || first > 1)
    return fails('measured', {
      en: `The same shape was measured again: ${counts.join(', ')} measurements after each call.`,
      zh: `同一形状被重复测量：各次调用后的测量次数为 ${counts.join('、')}。`,
    });
  const later = Math.min(...calls.slice(1));
  const gain = gainOf(choice.candidates, ranIn(choice));
  const pays = { en: payText(gain, spent, first), zh: payTextZh(gain, spent, first) };
  return first === 0
    ? holds(
        'measured',
        {
          en: `Nothing was measured: the shape was met in an earlier run, and its plan was kept. The first call took ${time(calls[0])}, the fastest later one ${time(later)}. ${pays.en}`,
          zh: `本次没有测量：该形状在先前的运行中出现过，方案已保存。首次调用耗时 ${time(calls[0])}，之后最快 ${time(later)}。${pays.zh}`,
        },
        2,
      )
    : holds(
        'measured',
        {
          en: `The first call took ${time(calls[0])}, since it measured for ${time(spent)}; the fastest later one ${time(later)}, and none measured again. ${pays.en} Run again: the plan is kept.`,
          zh: `首次调用耗时 ${time(calls[0])}，其中测量 ${time(spent)}；之后最快 ${time(later)}，且不再测量。${pays.zh} 再运行一次：方案已保存。`,
        },
        1,
      );
}

/** Milliseconds that a call saves against the model's guess; 0 where that is not told apart from the winner. */
function gainOf(
  candidates: readonly Candidate[],
  winner: Candidate,
): { readonly guess: Candidate; readonly ms: number } {
  const guess = candidates
    .filter(({ predictedMs, timeMs }) => predictedMs !== undefined && timeMs !== undefined)
    .reduce((a, b) => (b.predictedMs! < a.predictedMs! ? b : a), winner);
  return { guess, ms: isApart(guess) ? guess.behind!.slower * winner.timeMs! : 0 };
}

function payText({ guess, ms }: ReturnType<typeof gainOf>, spent: number, measured: number): string {
  if (ms === 0) return `It gained nothing over the model's guess, ${nameOf(guess)}, which is as fast.`;
  const saves = `Against the model's guess, ${nameOf(guess)}, each call saves ${formatDuration(ms)}`;
  return measured === 0 ? `${saves}.` : `${saves}: it pays after ${Math.ceil(spent / ms).toLocaleString('en')} calls.`;
}

function payTextZh({ guess, ms }: ReturnType<typeof gainOf>, spent: number, measured: number): string {
  if (ms === 0) return `与模型的猜测 ${nameOf(guess)} 相比没有收益，两者一样快。`;
  const saves = `与模型的猜测 ${nameOf(guess)} 相比，每次调用节省 ${formatDuration(ms)}`;
  return measured === 0 ? `${saves}。` : `${saves}，调用 ${Math.ceil(spent / ms).toLocaleString('en')} 次后回本。`;
}

export const lesson: Lesson = { panes: ['race', 'memory', 'console'], check };
