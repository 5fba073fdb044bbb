/**
 * @file A choice in words, the same ones in the page and on the command line: what was chosen, how far the others are
 * behind, and whether the times tell them apart at all.
 */
import { counted, formatDuration } from '../../base/format.ts';
import type { AlgorithmChoice, Candidate, PairedComparison, Spread } from './records.ts';

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
export function verdictOf(choice: AlgorithmChoice, candidate: Candidate): Verdict {
  if (!isChosen(choice, candidate)) return comparisonOf(choice, candidate);
  if (choice.source !== 'forced') return chosenVerdict(choice, candidate);
  const comparison = comparisonOf(choice, candidate);
  return {
    text: 'forced',
    ...(candidate.behind && { detail: [comparison.text, comparison.detail].filter(Boolean).join(', ') }),
  };
}

function chosenVerdict(choice: AlgorithmChoice, candidate: Candidate): Verdict {
  const undecided = choice.candidates.filter(isUndecided);
  if (undecided.length > 0)
    return { text: 'chosen (not decided)', detail: `not told apart from ${listed(undecided.map(nameOf))}`, open: true };
  if (candidate.timeMs !== undefined && isAlone(choice))
    return { text: 'chosen (not decided)', detail: 'no other candidate was timed', open: true };
  return { text: 'chosen', ...(isUnsteady(candidate) && { detail: 'its times are unsteady' }) };
}

/** Whether nothing was timed against the winner, though others might have been. */
const isAlone = ({ candidates }: AlgorithmChoice): boolean =>
  !candidates.some(({ behind }) => behind) && candidates.some(({ status }) => status === 'not tried');

/** What it means that an algorithm spreads. */
export const spreadText = (spreads: Spread): string => `spreads a NaN or an infinity over its ${spreads}`;

/** What to know where a result is not finite, of what ran that spreads such numbers: `'conv1: FFT'`. */
export function spreadRemark(ran: readonly string[]): string {
  return `a result holds NaN or infinity, and ${listed(ran)} may have spread it to elements that it does not belong to; torch.backends.cudnn.containNonFinite = true keeps such algorithms out`;
}

/** How far a candidate is behind the fastest, be that chosen or not. */
function comparisonOf(choice: AlgorithmChoice, candidate: Candidate): Verdict {
  const { status, reason, behind } = candidate;
  if (behind)
    return isUndecided(candidate)
      ? { text: 'not decided', detail: rangeText(behind), open: true }
      : { text: slowerText(behind.slower), detail: rangeText(behind) };
  if (status === 'success')
    return reason === undefined
      ? { text: choice.candidates.some(isUndecided) ? 'fastest (not decided)' : 'fastest' }
      : { text: reason };
  if (status !== 'not tried' || reason !== undefined)
    return { text: reason === undefined ? status : `${status}: ${reason}` };
  return predictionOf(choice, candidate);
}

/** Where nothing was measured, the model's word. */
function predictionOf({ candidates }: AlgorithmChoice, { predictedMs }: Candidate): Verdict {
  if (predictedMs === undefined) return { text: 'can run' };
  const least = Math.min(...candidates.flatMap((c) => (isPredicted(c) ? c.predictedMs! : [])));
  const slower = predictedMs / least - 1;
  return { text: expected(slower), detail: 'predicted' };
}

/** A model that expects so much is right about the order of magnitude at best. */
function expected(slower: number): string {
  if (slower < 0.005) return 'predicted to be as fast';
  if (slower < 9) return `≈ ${slowerText(slower)}`;
  const magnitude = 10 ** Math.floor(Math.log10(1 + slower));
  return `predicted to take over ${magnitude.toLocaleString('en')} times as long`;
}

/** The term of a predicted time that earlier measurements add to what the model says. */
export const learnedTerm = 'measured before';

/** A difference of the model's times that is less than this share of the winner's is not worth a word. */
const noticeable = 0.02;

/**
 * Why one candidate is ahead of another, by the terms of the model in which they differ most; nothing where they were
 * not estimated.
 */
export function reasonOf(winner: Candidate, other: Candidate): string | undefined {
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
  const parts = [
    ...(saves ? [`saves ${formatDuration(-saves.more)} of ${saves.name}`] : []),
    ...(pays ? [`pays ${formatDuration(pays.more)} more for ${pays.name}`] : []),
  ];
  const learned = learnedText(other, differences.find(({ name }) => name === learnedTerm)?.more);
  const said = [
    other.predictedMs < winner.predictedMs
      ? `The model expected ${other.algo} ahead${parts.length > 0 ? `: it ${parts.join(' and ')}` : ''}.`
      : parts.length > 0 && `By the model, ${other.algo} ${parts.join(' and ')}.`,
    learned,
  ];
  return said.filter(Boolean).join(' ') || undefined;
}

/** What earlier measurements make of two candidates, beside the model. */
function learnedText({ algo }: Candidate, more: number | undefined): string | undefined {
  if (more === undefined) return undefined;
  return more > 0
    ? `Earlier measurements put ${algo} ${formatDuration(more)} further behind.`
    : `Earlier measurements speak for ${algo}, by ${formatDuration(-more)}.`;
}

/** `'17% slower'`, `'1,100% slower'`. */
export const slowerText = (slower: number): string => `${shareText(slower)} slower`;

/** `'13% to 22% slower, in 12 common rounds'`. */
function rangeText({ interval: [low, high], rounds, through }: PairedComparison): string {
  const common = counted(rounds, 'common round');
  const where = `in ${common}${through === undefined ? '' : `, by way of ${through}`}`;
  if (low <= 0 && rounds < 3) return `only ${where}`;
  if (low > 0) return `${shareText(low)} to ${shareText(high)} slower, ${where}`;
  return `from ${shareText(-low)} faster to ${shareText(high)} slower, ${where}`;
}

/** How much longer than another's time, `'17%'`; from ten times as long on in two digits, `'1,100%'`. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (percent !== 0 && percent < 0.1) return 'under 0.1%';
  if (percent >= 999.5) return `${Number(percent.toPrecision(2)).toLocaleString('en')}%`;
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}

const sources: Record<AlgorithmChoice['source'], string> = {
  measured: 'measured in this run',
  cache: 'measured before, remembered',
  heuristic: 'chosen by a model, not measured',
  forced: 'forced',
  'not chosen': 'taken without a choice, since the program did not await anything for long',
  'cpu reference': 'computed by the cpu reference',
};

/** Where a choice came from, and between whom it was not decided. */
export function sourceText(choice: AlgorithmChoice): string {
  const { source, candidates } = choice;
  const undecided = candidates.filter(isUndecided);
  const broken = source === 'heuristic' ? brokenOff(candidates) : undefined;
  const from = broken ?? `${sources[source]}${meanwhileText(choice)}`;
  if (source !== 'heuristic' && undecided.length === 0 && candidates.some(isFastest) && isAlone(choice))
    return `${from}; not decided, since only one was timed`;
  return undecided.length === 0
    ? from
    : `${from}; not decided between ${listed([...candidates.filter(isFastest), ...undecided].map(nameOf))}`;
}

/** What a measurement in the background has changed. */
function meanwhileText({ ranMeanwhile, candidateId }: AlgorithmChoice): string {
  if (!ranMeanwhile) return '';
  return `, in the background; ${ranMeanwhile.candidateId === candidateId ? 'it ran from the start' : `it took the place of ${nameOf(ranMeanwhile)}`}`;
}

/** Why a measurement that was asked for gave no choice. */
function brokenOff(candidates: readonly Candidate[]): string | undefined {
  const timed = candidates.find(({ timeMs, reason }) => timeMs !== undefined && reason !== undefined);
  if (timed) return `measuring was broken off: ${timed.reason}`;
  const [first] = candidates;
  return first.status === 'not tried' && first.reason !== undefined
    ? `${sources.heuristic}: ${first.reason}`
    : undefined;
}

/** The winner of the rounds. */
const isFastest = ({ status, timeMs, behind, reason }: Candidate, at: number): boolean =>
  status === 'success' && timeMs !== undefined && !behind && (at === 0 || reason === undefined);

/** `'IMPLICIT_GEMM 8×8'`. */
const nameOf = ({ algo, config }: Pick<Candidate, 'algo' | 'config'>): string =>
  [algo, config].filter(Boolean).join(' ');

/** `'A, B and C'`; of many, the first and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}
