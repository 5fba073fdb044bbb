/**
 * @file A choice in words, the same ones in the page and on the command line: what was chosen, how far the others are
 * behind, and whether the times tell them apart at all. Reasons come from where a candidate was refused, in English.
 */
import { counted, formatDuration } from '../../base/format.ts';
import type { Language, Words } from '../../base/words.ts';
import { alike, inLanguage } from '../../base/words.ts';
import type { AlgorithmChoice, Candidate, CandidateStatus, PairedComparison, Spread } from './records.ts';

export interface Verdict {
  readonly text: string;
  /** How sure it is. */
  readonly detail?: string;
  /** The times do not decide it. */
  readonly open?: boolean;
}

/** The half of the spread from which on a time is unsteady: such a time is known to one digit. */
const unsteadySpread = 0.25;

export const isChosen = (choice: Pick<AlgorithmChoice, 'candidateId'>, { candidateId }: Candidate): boolean =>
  candidateId === choice.candidateId;

export const chosenOf = (choice: Pick<AlgorithmChoice, 'candidateId' | 'candidates'>): Candidate | undefined =>
  choice.candidates.find((candidate) => isChosen(choice, candidate));

/** Whether a candidate was timed against the winner and not told apart from it. */
const isUndecided = ({ behind }: Candidate): boolean => behind !== undefined && behind.interval[0] <= 0;

/** Whether a candidate's samples scatter so much that its time is a rough one. */
export const isUnsteady = ({ spread = 0 }: Candidate): boolean => spread / 2 > unsteadySpread;

/** A time that is predicted, not measured. */
export const isPredicted = ({ timeMs, predictedMs }: Candidate): boolean =>
  timeMs === undefined && predictedMs !== undefined;

/** What became of a candidate: chosen, how much slower, or why it is out. */
export function verdictOf(choice: AlgorithmChoice, candidate: Candidate, to: Language = 'en'): Verdict {
  if (!isChosen(choice, candidate)) return comparisonOf(choice, candidate, to);
  if (choice.source !== 'forced') return chosenVerdict(choice, candidate, to);
  const comparison = comparisonOf(choice, candidate, to);
  return {
    text: inLanguage({ en: 'forced', zh: '强制使用' }, to),
    ...(candidate.behind && { detail: [comparison.text, comparison.detail].filter(Boolean).join(', ') }),
  };
}

function chosenVerdict(choice: AlgorithmChoice, candidate: Candidate, to: Language): Verdict {
  const say = (words: Words): string => inLanguage(words, to);
  const undecided = choice.candidates.filter(isUndecided);
  if (undecided.length > 0)
    return {
      text: say(openWords.chosen),
      detail: say({
        en: `not told apart from ${listed(undecided.map(nameOf), 'en')}`,
        zh: `与 ${listed(undecided.map(nameOf), 'zh-Hans')} 分不出快慢`,
      }),
      open: true,
    };
  if (candidate.timeMs !== undefined && isAlone(choice))
    return {
      text: say(openWords.chosen),
      detail: say({ en: 'no other candidate was timed', zh: '没有其他候选算法计时' }),
      open: true,
    };
  return {
    text: say({ en: 'chosen', zh: '选中' }),
    ...(isUnsteady(candidate) && { detail: say({ en: 'its times are unsteady', zh: '耗时不稳定' }) }),
  };
}

/** Whether nothing was timed against the winner, though others might have been. */
const isAlone = ({ candidates }: AlgorithmChoice): boolean =>
  !candidates.some(({ behind }) => behind) && candidates.some(({ status }) => status === 'not tried');

const spreadNames: Record<Spread, Words> = { tile: { en: 'tile', zh: '分块' }, image: { en: 'image', zh: '图像' } };

/** What it means that an algorithm spreads. */
export const spreadText = (spreads: Spread, to: Language = 'en'): string =>
  inLanguage(
    {
      en: `spreads a NaN or an infinity over its ${spreadNames[spreads].en}`,
      zh: `会把 NaN 或无穷扩散到它所在的${spreadNames[spreads].zh}`,
    },
    to,
  );

/** What to know where a result is not finite, of what ran that spreads such numbers: `'conv1: FFT'`. */
export function spreadRemark(ran: readonly string[]): string {
  return `a result holds NaN or infinity, and ${listed(ran, 'en')} may have spread it to elements that it does not belong to; torch.backends.cudnn.containNonFinite = true keeps such algorithms out`;
}

/** How far a candidate is behind the fastest, be that chosen or not. */
function comparisonOf(choice: AlgorithmChoice, candidate: Candidate, to: Language): Verdict {
  const say = (words: Words): string => inLanguage(words, to);
  const { status, reason, behind } = candidate;
  if (behind)
    return isUndecided(candidate)
      ? { text: say({ en: 'not decided', zh: '未分胜负' }), detail: rangeText(behind, to), open: true }
      : { text: slowerText(behind.slower, to), detail: rangeText(behind, to) };
  if (status === 'success')
    return reason === undefined
      ? { text: say(choice.candidates.some(isUndecided) ? openWords.fastest : { en: 'fastest', zh: '最快' }) }
      : { text: reason };
  if (status !== 'not tried' || reason !== undefined)
    return {
      text:
        reason === undefined
          ? say(statusWords[status])
          : say({ en: `${status}: ${reason}`, zh: `${statusWords[status].zh}：${reason}` }),
    };
  return predictionOf(choice, candidate, to);
}

/** Where nothing was measured, the model's word. */
function predictionOf({ candidates }: AlgorithmChoice, { predictedMs }: Candidate, to: Language): Verdict {
  const say = (words: Words): string => inLanguage(words, to);
  if (predictedMs === undefined) return { text: say({ en: 'can run', zh: '可以运行' }) };
  const least = Math.min(...candidates.flatMap((c) => (isPredicted(c) ? c.predictedMs! : [])));
  const slower = predictedMs / least - 1;
  return { text: expected(slower, to), detail: say({ en: 'predicted', zh: '预测' }) };
}

/** A model that expects so much is right about the order of magnitude at best. */
function expected(slower: number, to: Language): string {
  if (slower < 0.005) return inLanguage({ en: 'predicted to be as fast', zh: '预计一样快' }, to);
  if (slower < 9) return `≈ ${slowerText(slower, to)}`;
  const magnitude = (10 ** Math.floor(Math.log10(1 + slower))).toLocaleString('en');
  return inLanguage(
    { en: `predicted to take over ${magnitude} times as long`, zh: `预计耗时超过其 ${magnitude} 倍` },
    to,
  );
}

/** The term of a predicted time that earlier measurements add to what the model says. */
export const learnedTerm = 'measured before';

/** A difference of the model's times that is less than this share of the winner's is not worth a word. */
const noticeable = 0.02;

/**
 * Why one candidate is ahead of another, by the terms of the model in which they differ most; nothing where they were
 * not estimated.
 */
export function reasonOf(winner: Candidate, other: Candidate, to: Language = 'en'): string | undefined {
  if (!winner.terms || !other.terms || winner.predictedMs === undefined || other.predictedMs === undefined)
    return undefined;
  const msOf = ({ terms = [] }: Candidate, name: string): number =>
    terms.filter((term) => term.name === name).reduce((sum, { ms }) => sum + ms, 0);
  const least = noticeable * winner.predictedMs;
  const differences = [...new Set([...winner.terms, ...other.terms].map(({ name }) => name))]
    .map((name) => ({ name, more: msOf(other, name) - msOf(winner, name) }))
    .filter(({ more }) => Math.abs(more) >= least)
    .sort((a, b) => b.more - a.more);
  const terms = differences.filter(({ name }) => name !== learnedTerm);
  const [pays] = terms.filter(({ more }) => more > 0);
  const saves = terms.filter(({ more }) => more < 0).at(-1);
  const parts: Words[] = [
    ...(saves ? [savesWords(saves.name, formatDuration(-saves.more))] : []),
    ...(pays ? [paysWords(pays.name, formatDuration(pays.more))] : []),
  ];
  const learned = differences.find(({ name }) => name === learnedTerm)?.more;
  const sentences = [
    ...modelWords(other.algo, other.predictedMs < winner.predictedMs, parts),
    ...(learned === undefined ? [] : [learnedWords(other.algo, learned)]),
  ];
  if (sentences.length === 0) return undefined;
  const [en, zh] = [sentences.map((one) => one.en).join(' '), sentences.map((one) => one.zh).join('')];
  return inLanguage({ en, zh }, to);
}

function modelWords(algo: string, isAhead: boolean, parts: readonly Words[]): Words[] {
  const [en, zh] = [parts.map((part) => part.en).join(' and '), parts.map((part) => part.zh).join('，但')];
  if (parts.length === 0)
    return isAhead ? [{ en: `The model expected ${algo} ahead.`, zh: `模型原以为 ${algo} 更快。` }] : [];
  return isAhead
    ? [{ en: `The model expected ${algo} ahead: it ${en}.`, zh: `模型原以为 ${algo} 更快：它${zh}。` }]
    : [{ en: `By the model, ${algo} ${en}.`, zh: `按模型，${algo} ${zh}。` }];
}

/** What earlier measurements make of two candidates, beside the model. */
function learnedWords(algo: string, more: number): Words {
  const time = formatDuration(Math.abs(more));
  return more > 0
    ? { en: `Earlier measurements put ${algo} ${time} further behind.`, zh: `此前的实测表明 ${algo} 还要慢 ${time}。` }
    : { en: `Earlier measurements speak for ${algo}, by ${time}.`, zh: `此前的实测对 ${algo} 有利，快 ${time}。` };
}

const savesWords = (term: string, time: string): Words => ({
  en: `saves ${time} of ${term}`,
  zh: `在${termWords(term).zh}上省 ${time}`,
});

const paysWords = (term: string, time: string): Words => ({
  en: `pays ${time} more for ${term}`,
  zh: `在${termWords(term).zh}上多花 ${time}`,
});

const termNames: Readonly<Record<string, string>> = {
  memory: '访存',
  arithmetic: '乘加',
  exponentials: '指数函数',
  loads: '读数',
  barriers: '屏障',
  occupancy: '占用率',
  launches: '启动',
  moves: '数据搬运',
  [learnedTerm]: '此前实测',
};

/** What the model calls a part of its estimate. */
export const termWords = (name: string): Words => ({ en: name, zh: termNames[name] ?? name });

/** `'17% slower'`, `'1,100% slower'`. */
export function slowerText(slower: number, to: Language = 'en'): string {
  const share = shareText(slower, to);
  return inLanguage({ en: `${share} slower`, zh: `慢 ${share}` }, to);
}

/** `'13% to 22% slower, in 12 common rounds'`. */
function rangeText({ interval: [low, high], rounds, through }: PairedComparison, to: Language): string {
  const by = through === undefined ? alike('') : { en: `, by way of ${through}`, zh: `，以 ${through} 为中介` };
  const { en, zh } = { en: `in ${counted(rounds, 'common round')}${by.en}`, zh: `共同测了 ${rounds} 轮${by.zh}` };
  const [from, until] = [shareText(Math.abs(low), to), shareText(high, to)];
  return inLanguage(
    low > 0
      ? { en: `${from} to ${until} slower, ${en}`, zh: `慢 ${from} 至 ${until}，${zh}` }
      : rounds < 3
        ? { en: `only ${en}`, zh: `只${zh}` }
        : { en: `from ${from} faster to ${until} slower, ${en}`, zh: `从快 ${from} 到慢 ${until}，${zh}` },
    to,
  );
}

/** How much longer than another's time, `'17%'`; from ten times as long on in two digits, `'1,100%'`. */
export function shareText(share: number, to: Language = 'en'): string {
  const percent = 100 * share;
  if (percent !== 0 && percent < 0.1) return inLanguage({ en: 'under 0.1%', zh: '不到 0.1%' }, to);
  if (percent >= 999.5) return `${Number(percent.toPrecision(2)).toLocaleString('en')}%`;
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}

const sources: Record<AlgorithmChoice['source'], Words> = {
  measured: { en: 'measured in this run', zh: '本次运行实测' },
  cache: { en: 'measured before, remembered', zh: '此前实测，已记住' },
  heuristic: { en: 'chosen by a model, not measured', zh: '由模型选出，未实测' },
  forced: { en: 'forced', zh: '强制使用' },
  'not chosen': {
    en: 'taken without a choice, since the program did not await anything for long',
    zh: '未经选择，因为程序很久没有 await',
  },
  'cpu reference': { en: 'computed by the cpu reference', zh: '由 CPU 参考实现计算' },
};

const openWords = {
  chosen: { en: 'chosen (not decided)', zh: '选中（未分胜负）' },
  fastest: { en: 'fastest (not decided)', zh: '最快（未分胜负）' },
} as const satisfies Record<string, Words>;

/** What became of a candidate, in a word or two. */
export const statusWords: Readonly<Record<CandidateStatus, Words>> = {
  success: { en: 'success', zh: '成功' },
  'not supported': { en: 'not supported', zh: '不支持' },
  disqualified: { en: 'disqualified', zh: '结果有误，已淘汰' },
  failed: { en: 'failed', zh: '失败' },
  'not tried': { en: 'not tried', zh: '未尝试' },
};

/** Where a choice came from, and between whom it was not decided. */
export function sourceText(choice: AlgorithmChoice, to: Language = 'en'): string {
  const say = (words: Words): string => inLanguage(words, to);
  const { source, candidates } = choice;
  const undecided = candidates.filter(isUndecided);
  const broken = source === 'heuristic' ? brokenOff(candidates, to) : undefined;
  const from = broken ?? say(sources[source]) + meanwhileText(choice, to);
  if (source !== 'heuristic' && undecided.length === 0 && candidates.some(isFastest) && isAlone(choice))
    return say({ en: `${from}; not decided, since only one was timed`, zh: `${from}；未分胜负，因为只有一个计时` });
  const open = [...candidates.filter(isFastest), ...undecided].map(nameOf);
  return undecided.length === 0
    ? from
    : say({
        en: `${from}; not decided between ${listed(open, 'en')}`,
        zh: `${from}；${listed(open, 'zh-Hans')} 未分胜负`,
      });
}

/** What a measurement in the background has changed. */
function meanwhileText({ ranMeanwhile, candidateId }: AlgorithmChoice, to: Language): string {
  if (!ranMeanwhile) return '';
  const name = nameOf(ranMeanwhile);
  return inLanguage(
    ranMeanwhile.candidateId === candidateId
      ? { en: ', in the background; it ran from the start', zh: '（后台）；一开始就用它' }
      : { en: `, in the background; it took the place of ${name}`, zh: `（后台）；它取代了 ${name}` },
    to,
  );
}

/** Why a measurement that was asked for gave no choice. */
function brokenOff(candidates: readonly Candidate[], to: Language): string | undefined {
  const timed = candidates.find(({ timeMs, reason }) => timeMs !== undefined && reason !== undefined);
  if (timed)
    return inLanguage({ en: `measuring was broken off: ${timed.reason}`, zh: `测量中断：${timed.reason}` }, to);
  const [first] = candidates;
  return first.status === 'not tried' && first.reason !== undefined
    ? inLanguage({ en: `${sources.heuristic.en}: ${first.reason}`, zh: `${sources.heuristic.zh}：${first.reason}` }, to)
    : undefined;
}

/** The winner of the rounds. */
const isFastest = ({ status, timeMs, behind, reason }: Candidate, at: number): boolean =>
  status === 'success' && timeMs !== undefined && !behind && (at === 0 || reason === undefined);

/** `'IMPLICIT_GEMM 8×8'`. */
const nameOf = ({ algo, config }: Pick<Candidate, 'algo' | 'config'>): string =>
  [algo, config].filter(Boolean).join(' ');

/** `'A, B and C'`; of many, the first and how many more. */
function listed(names: readonly string[], to: Language): string {
  const more = names.length - 3;
  const shown =
    names.length > 4 ? [...names.slice(0, 3), inLanguage({ en: `${more} more`, zh: `另外 ${more} 个` }, to)] : names;
  if (shown.length < 2) return shown.join('');
  const [first, last] = [shown.slice(0, -1), shown.at(-1)!];
  return inLanguage({ en: `${first.join(', ')} and ${last}`, zh: `${first.join('、')} 和 ${last}` }, to);
}
