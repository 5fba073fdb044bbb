/**
 * @file A kernel of the program's own: it is right, and has a rank among the library's; or it is out with the reason.
 */
import { counted } from '../../base/format.ts';
import type { AlgorithmChoice, Candidate } from '../../dnn/choice/records.ts';
import { algosOf, bestOf, isApart, nameOf, slowerBy, time } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds, MissingEvidence } from '../lesson.ts';

/** In the order of the predictions. */
const places = { first: 0, middle: 1, last: 2 };

function ownIn({ choices }: Evidence): { readonly choice: AlgorithmChoice; readonly own: Candidate } {
  for (const choice of choices) {
    const own = choice.candidates.find((candidate) => candidate.own);
    if (own) return { choice, own };
  }
  throw new MissingEvidence({
    en: 'No kernel of the program took part. Reset the program, or bring one by dnn.customConvolution.',
    zh: '没有程序自带的内核参与。请重置程序，或用 dnn.customConvolution 提供一个内核。',
  });
}

/** `'1.3e-6'`. */
const small = (value: number): string => (value === 0 ? '0' : value.toExponential(1).replace('.0e', 'e'));

function check(evidence: Evidence): Finding {
  const { choice, own } = ownIn(evidence);
  const { algo, status, reason = '' } = own;
  if (status === 'disqualified' || status === 'failed')
    return fails('computed', { en: `${algo} is out: ${reason}.`, zh: `${algo} 出局：${reason}。` });
  if (status === 'not supported')
    return cannot({ en: `${algo} did not run: ${reason}.`, zh: `${algo} 没有运行：${reason}。` });
  if (own.timeMs === undefined || own.maxError === undefined)
    return cannot({
      en: `${algo} was not measured${reason && `: ${reason}`}. Allow more time under Settings, and run again.`,
      zh: `${algo} 没有被测量${reason && `：${reason}`}。请在设置中放宽测量时间后再运行。`,
    });
  const timed = choice.candidates.filter(({ timeMs }) => timeMs !== undefined);
  const names = algosOf(timed);
  const rank = names.indexOf(algo) + 1;
  const first = timed[0];
  const rival = rank === 1 ? bestOf(choice, names[1] ?? algo)! : own;
  const apart = rival !== first && isApart(rival);
  const [error, allowed] = [own.maxError, own.tolerance ?? 0].map(small);
  const alone = names.length === 1;
  const place = rank === 1 ? places.first : rank === names.length ? places.last : places.middle;
  return holds(
    'measured',
    {
      en: [
        `${algo} is right: its largest error is ${error} of the output's rms, ${allowed} is allowed.`,
        alone
          ? `It took ${time(own.timeMs)}; no other algorithm was timed. Allow more time under Settings, and run again.`
          : `It took ${time(own.timeMs)} and is number ${rank} of ${counted(names.length, 'algorithm')} that were timed.`,
        rival !== first &&
          (apart
            ? rank === 1
              ? `${nameOf(rival)}, the next, is ${slowerBy(rival.behind!.slower).en}.`
              : `It is ${slowerBy(rival.behind!.slower).en} than ${nameOf(first)}.`
            : `${nameOf(rank === 1 ? rival : first)} is not told apart from it.`),
      ]
        .filter(Boolean)
        .join(' '),
      zh: [
        `${algo} 计算正确：最大误差为输出均方根的 ${error}，允许 ${allowed}。`,
        alone
          ? `耗时 ${time(own.timeMs)}；没有其他算法被计时。请在设置中放宽测量时间后再运行。`
          : `耗时 ${time(own.timeMs)}，在 ${names.length} 种计时的算法中排第 ${rank}。`,
        rival !== first &&
          (apart
            ? rank === 1
              ? `其次是 ${nameOf(rival)}，${slowerBy(rival.behind!.slower).zh}。`
              : `与 ${nameOf(first)} 相比，${slowerBy(rival.behind!.slower).zh}。`
            : `它与 ${nameOf(rank === 1 ? rival : first)} 分不出快慢。`),
      ]
        .filter(Boolean)
        .join(''),
    },
    alone ? undefined : place,
  );
}

export const lesson: Lesson = { panes: ['race'], check };
