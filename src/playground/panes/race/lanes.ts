/**
 * @file A choice as a race: which candidates have a lane, how long their bars are, and which are out. Without a DOM.
 */
import type { Words } from '../../../base/words.ts';
import type {
  AlgorithmChoice,
  Candidate,
  CandidateStatus,
  Standing,
  StandingCandidate,
} from '../../../dnn/choice/records.ts';
import { isChosen, isPredicted } from '../../../dnn/choice/verdict.ts';
import { oneOfEach, shownTimes } from '../../choices.ts';
import { say } from '../../language.ts';

export interface Lane {
  /** The algorithm's best configuration, or the one that ran. */
  readonly candidate: Candidate;
  /** The algorithm's other configurations. */
  readonly others: readonly Candidate[];
  readonly timeMs?: number;
  readonly modelled: boolean;
  /** From where to where the time is uncertain. */
  readonly spreadMs?: readonly [number, number];
  /** The model would have chosen it. */
  readonly guessed: boolean;
}

/** Those of one fate, and what that is called. */
export interface Out {
  readonly status: CandidateStatus;
  readonly title: string;
  readonly candidates: readonly Candidate[];
}

export interface Race {
  readonly lanes: readonly Lane[];
  readonly out: readonly Out[];
  /** The longest bar. */
  readonly scaleMs: number;
  /** The largest workspace of a lane. */
  readonly mostMemory: number;
}

const fates: readonly (readonly [CandidateStatus, Words])[] = [
  ['disqualified', { en: 'disqualified: wrong numbers', zh: '个结果有误，已淘汰' }],
  ['failed', { en: 'failed', zh: '个失败' }],
  ['not tried', { en: 'not tried', zh: '个未尝试' }],
  ['not supported', { en: 'cannot run', zh: '个不能运行' }],
];

/** A whisker longer than this many of the slowest time is cut off. */
const longestWhisker = 1.25;

export function raceOf(choice: AlgorithmChoice): Race {
  const best = oneOfEach(choice);
  const times = shownTimes(best);
  const guess = guessOf(choice);
  const lanes = best.flatMap((candidate, i): Lane[] => {
    if (times[i] === undefined && !isChosen(choice, candidate)) return [];
    const others = choice.candidates.filter(
      (other) => other !== candidate && other.algo === candidate.algo && other.unfused === candidate.unfused,
    );
    return [
      {
        candidate,
        others,
        timeMs: times[i],
        modelled: isPredicted(candidate),
        spreadMs: spreadOf(candidate),
        guessed: guess !== undefined && guess.algo === candidate.algo && guess.unfused === candidate.unfused,
      },
    ];
  });
  const slowest = Math.max(...lanes.map(({ timeMs = 0 }) => timeMs), 0);
  const widest = Math.max(...lanes.map(({ spreadMs }) => spreadMs?.[1] ?? 0), slowest);
  return {
    lanes,
    out: outOf(best.filter((candidate) => !lanes.some((lane) => lane.candidate === candidate))),
    scaleMs: Math.min(widest, longestWhisker * slowest),
    mostMemory: Math.max(...lanes.map(({ candidate }) => candidate.memory), 0),
  };
}

/** What the model expected to be the fastest of those that can run. */
export function guessOf({ candidates }: AlgorithmChoice): Candidate | undefined {
  const expected = candidates.filter((c) => c.predictedMs !== undefined && c.status !== 'not supported');
  return expected.length < 2 ? undefined : expected.reduce((a, b) => (b.predictedMs! < a.predictedMs! ? b : a));
}

/** The winner's by its samples; of another by how far it is behind, which is what decides. */
function spreadOf({ timeMs, spread, behind }: Candidate): Lane['spreadMs'] {
  if (timeMs === undefined) return undefined;
  if (!behind) return spread === undefined ? undefined : [timeMs * (1 - spread / 2), timeMs * (1 + spread / 2)];
  const fastest = timeMs / (1 + behind.slower);
  const [low, high] = behind.interval;
  return Number.isFinite(fastest) ? [fastest * (1 + low), fastest * (1 + high)] : undefined;
}

function outOf(candidates: readonly Candidate[]): Out[] {
  return fates.flatMap(([status, title]) => {
    const these = candidates.filter((candidate) => candidate.status === status);
    return these.length > 0 ? [{ status, title: `${these.length} ${say(title)}`, candidates: these }] : [];
  });
}

/** Of each algorithm the candidate that is furthest, the fastest first. */
export function liveLanes({ candidates }: Standing): StandingCandidate[] {
  const stages: readonly StandingCandidate['stage'][] = ['timed', 'verified', 'compiled', 'waiting'];
  const isOut = ({ status }: StandingCandidate): number => (status === 'disqualified' || status === 'failed' ? 1 : 0);
  const sorted = candidates.toSorted(
    (a, b) =>
      isOut(a) - isOut(b) ||
      stages.indexOf(a.stage) - stages.indexOf(b.stage) ||
      (a.timeMs ?? Infinity) - (b.timeMs ?? Infinity) ||
      0,
  );
  return sorted.filter(({ algo }, i) => sorted.findIndex((other) => other.algo === algo) === i);
}

/** The chosen candidate's time of each choice: measured, else as the model says. */
export function passOf(
  choices: readonly AlgorithmChoice[],
): { choice: AlgorithmChoice; candidate: Candidate; ms: number }[] {
  return choices.flatMap((choice) => {
    const candidate = choice.candidates.find((c) => isChosen(choice, c));
    const ms = candidate?.timeMs ?? candidate?.predictedMs;
    return candidate && ms !== undefined ? [{ choice, candidate, ms }] : [];
  });
}

/**
 * How long the pass would take with the model's guesses in place of what was measured to be faster; nothing where a
 * guess was not measured, or all were right.
 */
export function guessedPassMs(choices: readonly AlgorithmChoice[]): number | undefined {
  const times = passOf(choices).map(({ choice, candidate, ms }) => {
    const guess = candidate.timeMs === undefined ? candidate : (guessOf(choice) ?? candidate);
    return { guess, candidate, ms: guess === candidate ? ms : guess.timeMs };
  });
  if (times.every(({ guess, candidate }) => guess === candidate)) return undefined;
  return times.every(({ ms }) => ms !== undefined) ? times.reduce((sum, { ms }) => sum + ms!, 0) : undefined;
}

/** Where an amount of workspace stands on a logarithmic scale, from 0 to 1. */
export const memoryPlace = (bytes: number, most: number): number =>
  most === 0 ? 0 : Math.log2(1 + bytes / 256) / Math.log2(1 + most / 256);

/** The limits that make a difference: what the lanes need, from the least. */
export const limitsOf = ({ lanes }: Race): number[] =>
  [...new Set([0, ...lanes.map(({ candidate }) => candidate.memory)])].sort((a, b) => a - b);

const leastError = 1e-9;

/** Where an error stands on a logarithmic scale that ends at ten times what is allowed, from 0 to 1. */
export function errorPlace(error: number, tolerance: number): number {
  const [low, high] = [Math.log10(leastError), Math.log10(10 * tolerance)];
  return Math.min(1, Math.max(0, (Math.log10(Math.max(error, leastError)) - low) / (high - low)));
}
