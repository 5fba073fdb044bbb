/**
 * @file A run in a sentence that can be quoted: which algorithm won the race that takes the most time, by how much, and
 * why by the model's terms. Each number says whether it was measured or is the model's.
 */
import type { Words } from '../base/words.ts';
import { alike } from '../base/words.ts';
import { counted, formatDuration, formatError } from '../base/format.ts';
import type { AlgorithmChoice, Candidate, Standing } from '../dnn/choice/records.ts';
import { chosenOf, isPredicted, isUnsteady, reasonOf, verdictOf } from '../dnn/choice/verdict.ts';
import { oneOfEach } from './choices.ts';
import { language, say } from './language.ts';
import { liveLanes, passOf } from './panes/race/lanes.ts';
import { liveTitle, titleOf } from './panes/race/words.ts';

export interface Headline {
  readonly choice: AlgorithmChoice;
  /** `'conv1: DIRECT, 1.27 ms measured. WINOGRAD is 18% slower. 8 algorithms ran, 2 cannot.'` */
  readonly sentence: string;
  /** What follows from it, and how sure it is. */
  readonly because: string;
}

/** Nothing where a run chose no algorithm. */
export function headlineOf(choices: readonly AlgorithmChoice[]): Headline | undefined {
  const races = passOf(choices).filter(({ choice }) => oneOfEach(choice).length > 1);
  const convolutions = races.filter(({ choice }) => choice.operation === 'conv2d');
  const told = convolutions.length > 0 ? convolutions : races;
  if (told.length === 0) return undefined;
  const { choice } = told.reduce((a, b) => (b.ms > a.ms ? b : a));
  const rival = rivalOf(choice);
  const sentences = [
    say({ en: `${titleOf(choice)}: ${timeText(choice)}.`, zh: `${titleOf(choice)}：${timeText(choice)}。` }),
    ...rivalText(choice, rival),
    countText(choice),
  ];
  return { choice, sentence: joined(sentences), because: becauseText(choice, rival) };
}

const joined = (sentences: readonly string[]): string => sentences.join(say({ en: ' ', zh: '' }));

const fastest = (candidates: readonly Candidate[], of: (c: Candidate) => number | undefined): Candidate | undefined =>
  candidates.filter((c) => of(c) !== undefined).sort((a, b) => of(a)! - of(b)!)[0];

/** A race while it is measured. */
export function liveSentence(standing: Standing): string {
  const [first] = liveLanes(standing);
  const what = liveTitle(standing);
  if (first?.timeMs === undefined)
    return say({ en: `${what}: its algorithms are compiled and verified.`, zh: `${what}：正在编译并核对各算法。` });
  const time = formatDuration(first.timeMs);
  return say({
    en: `${what}: ${first.algo} is in front, ${time} so far.`,
    zh: `${what}：${first.algo} 领先，目前 ${time}。`,
  });
}

/** The fastest of the other algorithms: measured ones, or as the model says where nothing was measured. */
function rivalOf(choice: AlgorithmChoice): Candidate | undefined {
  const chosen = chosenOf(choice)!;
  const others = oneOfEach(choice).filter(
    (c) => c.algo !== chosen.algo && (c.status === 'success' || c.status === 'not tried'),
  );
  return fastest(others, chosen.timeMs === undefined ? (c) => c.predictedMs : (c) => c.timeMs);
}

function timeText(choice: AlgorithmChoice): string {
  const chosen = chosenOf(choice)!;
  const name =
    choice.source === 'forced' ? say({ en: `${chosen.algo}, forced`, zh: `${chosen.algo}（强制使用）` }) : chosen.algo;
  if (isPredicted(chosen)) {
    const time = formatDuration(chosen.predictedMs!);
    return say({ en: `${name}, ${time} by the model`, zh: `${name}，模型估算 ${time}` });
  }
  if (chosen.timeMs === undefined) return name;
  const rough = formatDuration(Number(chosen.timeMs.toPrecision(1)));
  const time = isUnsteady(chosen) ? say({ en: `about ${rough}`, zh: `约 ${rough}` }) : formatDuration(chosen.timeMs);
  const when = choice.source === 'cache' ? { en: 'measured before', zh: '此前实测' } : { en: 'measured', zh: '实测' };
  const where = choice.software ? { en: ' on a software adapter', zh: '（软件适配器）' } : alike('');
  return say({ en: `${name}, ${time} ${when.en}${where.en}`, zh: `${name}，${when.zh} ${time}${where.zh}` });
}

/** `'WINOGRAD is 18% slower.'`; where the times do not tell them apart, that. */
function rivalText(choice: AlgorithmChoice, rival: Candidate | undefined): string[] {
  if (!rival) return [];
  const { algo } = rival;
  const { text, open, detail } = verdictOf(choice, rival);
  if (open) return [say({ en: `Not told apart from ${algo}.`, zh: `与 ${algo} 分不出快慢。` })];
  if (text.startsWith('fastest')) return [say({ en: `${algo} is the fastest.`, zh: `最快的是 ${algo}。` })];
  if (rival.behind === undefined && rival.predictedMs === undefined) return [];
  const inChinese = verdictOf(choice, rival, 'zh-Hans').text;
  const told = { en: text, zh: inChinese };
  if (text.startsWith('predicted'))
    return [
      say({ en: `The model expects ${algo} ${told.en.slice('predicted '.length)}.`, zh: `模型：${algo} ${told.zh}。` }),
    ];
  const by = detail === 'predicted' ? { en: ' by the model', zh: '按模型，' } : alike('');
  return [say({ en: `${algo} is ${told.en}${by.en}.`, zh: `${by.zh}${algo} ${told.zh}。` })];
}

function countText(choice: AlgorithmChoice): string {
  const all = oneOfEach(choice);
  const count = (of: Candidate['status']): number => all.filter(({ status }) => status === of).length;
  const ran = count('success');
  const counts = [
    ran > 0
      ? say({ en: `${counted(ran, 'algorithm')} ran`, zh: `运行了 ${ran} 种算法` })
      : say({ en: 'Nothing was measured', zh: '未作实测' }),
    ...part(count('disqualified'), { en: 'gave wrong numbers', zh: '种结果有误' }),
    ...part(count('failed'), { en: 'failed', zh: '种失败' }),
    ...part(ran > 0 ? count('not tried') : 0, { en: 'not tried', zh: '种未尝试' }),
    ...part(count('not supported'), { en: 'cannot', zh: '种不能运行' }),
  ];
  return say({ en: `${counts.join(', ')}.`, zh: `${counts.join('，')}。` });
}

const part = (n: number, what: Words): string[] => (n > 0 ? [`${n} ${say(what)}`] : []);

function becauseText(choice: AlgorithmChoice, rival: Candidate | undefined): string {
  const chosen = chosenOf(choice)!;
  const { maxError, tolerance } = chosen;
  const checked =
    maxError === undefined || tolerance === undefined
      ? []
      : [
          say({
            en: `Agrees with float64: error ${formatError(maxError)}, ${formatError(tolerance)} allowed.`,
            zh: `与 float64 一致：误差 ${formatError(maxError)}，允许 ${formatError(tolerance)}。`,
          }),
        ];
  const reason = rival && reasonOf(chosen, rival, language.value);
  return joined([...(reason === undefined ? [] : [reason]), ...checked]);
}
