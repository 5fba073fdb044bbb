/**
 * @file Which algorithm ran: the choice names it, and every other candidate has a time or a reason.
 */
import { counted } from '../../base/format.ts';
import type { Candidate } from '../../dnn/choice/records.ts';
import { algosOf, choiceFor, isApart, nameOf, ranIn, slowerBy, time } from '../evidence.ts';
import type { Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

/** In the order of the predictions. */
const families = [/^DIRECT$/, /GEMM/, /^WINOGRAD/, /^FFT/];

const isExplained = ({ timeMs, reason, predictedMs }: Candidate): boolean =>
  timeMs !== undefined || reason !== undefined || predictedMs !== undefined;

function check(evidence: Parameters<Lesson['check']>[0]): Finding {
  const choice = choiceFor(evidence, 'conv1');
  const ran = ranIn(choice);
  const { candidates, source } = choice;
  const unexplained = candidates.find((c) => !isExplained(c));
  if (unexplained)
    return fails('measured', {
      en: `${nameOf(unexplained)} has neither a time nor a reason, so it is not known why it did not run.`,
      zh: `${nameOf(unexplained)} 既没有耗时，也没有原因，无从得知它为何没有运行。`,
    });
  if (ran.timeMs === undefined || source === 'forced')
    return cannot({
      en: `${nameOf(ran)} ran, but nothing was measured for it: the choice is ${source === 'forced' ? 'forced' : 'of the model'}. Leave benchmark and the algorithm to the program, and run again.`,
      zh: `运行的是 ${nameOf(ran)}，但没有实测数据：该选择${source === 'forced' ? '是强制指定的' : '来自模型估算'}。请把 benchmark 与算法交还给程序后再运行。`,
    });
  if (isApart(ran))
    return fails('measured', {
      en: `${nameOf(ran)} ran, though another candidate is faster: it is ${slowerBy(ran.behind!.slower).en}.`,
      zh: `运行的是 ${nameOf(ran)}，但另有更快的候选：它${slowerBy(ran.behind!.slower).zh}。`,
    });
  const timed = candidates.filter(({ timeMs }) => timeMs !== undefined);
  if (algosOf(timed).length < 2)
    return cannot(
      {
        en: `${nameOf(ran)} took ${time(ran.timeMs)}, but the time was enough for this one algorithm only. Allow more under Settings, and run again.`,
        zh: `${nameOf(ran)} 耗时 ${time(ran.timeMs)}，但时间只够测量这一种算法。请在设置中放宽测量时间后再运行。`,
      },
      'measured',
    );
  const others = algosOf(timed).filter((algo) => algo !== ran.algo);
  const open = others.filter((algo) => timed.some((c) => c.algo === algo && !isApart(c)));
  const rival = others.map((algo) => timed.find((c) => c.algo === algo)!).sort((a, b) => a.timeMs! - b.timeMs!)[0];
  const refused = candidates.filter(({ status }) => status === 'not supported');
  const [first] = refused;
  // Where the times leave it open between two kinds, no prediction is right or wrong.
  const prediction = families.findIndex((family) => [ran.algo, ...open].every((algo) => family.test(algo)));
  return holds(
    'measured',
    {
      en: [
        `conv1 ran by ${nameOf(ran)}: ${time(ran.timeMs)}.`,
        open.length > 0
          ? `Not told apart from it: ${open.join(', ')}.`
          : `The next algorithm, ${rival.algo}, is ${slowerBy(rival.behind!.slower).en}.`,
        `${counted(timed.length, 'candidate')} of ${counted(algosOf(timed).length, 'algorithm')} were timed.`,
        first && `${counted(refused.length, 'other')} cannot run: ${first.algo} ${first.reason}.`,
      ]
        .filter(Boolean)
        .join(' '),
      zh: [
        `conv1 由 ${nameOf(ran)} 执行，耗时 ${time(ran.timeMs)}。`,
        open.length > 0
          ? `与它分不出快慢的还有：${open.join('、')}。`
          : `次优算法 ${rival.algo} ${slowerBy(rival.behind!.slower).zh}。`,
        `共对 ${algosOf(timed).length} 种算法的 ${timed.length} 个候选计时。`,
        first && `另有 ${refused.length} 个无法运行，例如 ${first.algo}（${first.reason}）。`,
      ]
        .filter(Boolean)
        .join(''),
    },
    prediction === -1 ? undefined : prediction,
  );
}

export const lesson: Lesson = { panes: ['race'], fixed: { benchmark: true }, check };
