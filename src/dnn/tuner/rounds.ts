/**
 * @file Rounds: which of several verified candidates is the fastest, on a clock that is coarse and a machine that is
 * noisy.
 *
 * - A sample repeats its kernel until it lasts at least ten steps of the clock.
 * - Every candidate that has not been stopped runs once a round, in an order that changes, so that a machine that slows
 *   down slows all of them alike. Two are compared by the ratios of their times in the same rounds, never by times of
 *   different ones.
 * - Early stopping: a candidate that is clearly slower runs no more. How clear it must be falls quickly with the rounds
 *   that it has run.
 * - The budget is kept: a round that would not fit runs without its slowest, and those say that it was the budget.
 */

import { comparePaired, isFaster, isSlower, median } from './paired.ts';

/** What takes the samples; tests give a scripted one. */
export interface SampleClock {
  /** The smallest step of the clock, in nanoseconds, or what an empty sample shows where that is more. */
  readonly quantumNs: number;
  /** Nanoseconds of one execution, by run; a run executes its candidate `repeats` times in one timed sample. */
  time(runs: readonly Run[]): Promise<number[]>;
  /** Wall time in milliseconds. */
  now(): number;
  interruption?: Interruption;
}

/** Why samples taken since that time are worth nothing (the tab was hidden), or `undefined`. */
export type Interruption = (sinceMs: number) => string | undefined;

export interface Run {
  readonly candidate: number;
  readonly repeats: number;
}

/** A candidate that is right: its number, and what is known of its time. */
export interface VerifiedCandidate {
  readonly id: number;
  /** Nanoseconds of one execution: the first one's, or what earlier rounds showed. */
  readonly expectedNs: number;
}

export interface CandidateSamples {
  /** Nanoseconds of one execution, by round; none where the rounds ended before it had a turn. */
  readonly samples: readonly number[];
  /** What they say of one execution in the end; where there are none, what was expected. */
  readonly typicalNs: number;
  /** Why it ran fewer rounds than the winner. */
  readonly stopped?: string;
  /** Whether it stopped because it was slower. */
  readonly slower: boolean;
}

export interface RoundsResult {
  /** By candidate, in the order given. */
  readonly results: readonly CandidateSamples[];
  /** Index of the fastest; -1 where there are no candidates. */
  readonly winner: number;
  /** Why the samples stopped before the rounds decided. */
  readonly interrupted?: string;
}

export interface RoundsOptions {
  /** On the clock's `now()`. */
  readonly deadline: number;
  readonly maxRounds?: number;
  /** The fastest candidate of earlier batches. */
  readonly incumbent?: number;
  /** Told after each round what one execution takes so far, in nanoseconds, by candidate. */
  readonly onRound?: (typicalNs: ReadonlyMap<number, number>) => void;
}

/**
 * So many rounds make a comparison; a budget that is too short for all candidates is spent on that many of the fastest.
 */
const wantedRounds = 5;

/** A sample lasts at least this many steps of the clock, and at least `sampleNs`. */
const quanta = 10;
const sampleNs = 500_000;
const maxRepeats = 10_000;

/** One submission lasts at most about this, well below what makes a system reset its GPU. */
const submissionNs = 300e6;

/**
 * A candidate this much slower than the best in its very first execution does not start, if the difference is no
 * compilation.
 */
const hopeless = { ratio: 4, differenceNs: 100e6 };

interface CandidateState {
  readonly id: number;
  estimate: number;
  readonly samples: number[];
  stopped?: string;
  /** Stopped because it was slower. */
  slower?: true;
}

export async function timeInRounds(
  clock: SampleClock,
  candidates: readonly VerifiedCandidate[],
  { deadline, maxRounds = 31, incumbent, onRound }: RoundsOptions,
): Promise<RoundsResult> {
  const states: CandidateState[] = candidates.map(({ id, expectedNs }) => ({
    id,
    estimate: Math.max(expectedNs, clock.quantumNs / 2),
    samples: [],
  }));
  stopHopeless(states, clock.quantumNs);
  let interrupted = clock.interruption?.(clock.now());
  for (let round = 0; round < maxRounds && !interrupted; round++) {
    stopForBudget(running(states), clock, deadline, round, incumbent);
    const left = running(states);
    if (left.length === 0 || (left.length === 1 && round >= 3)) break;
    const startedMs = clock.now();
    const times = await runRound(clock, rotate(left, round));
    interrupted = clock.interruption?.(startedMs);
    if (interrupted) break;
    for (const [state, ns] of times) {
      state.samples.push(ns);
      state.estimate = typical(state.samples);
    }
    stopSlower(left);
    onRound?.(new Map(states.filter(({ samples }) => samples.length > 0).map(({ id, estimate }) => [id, estimate])));
  }
  const results = states.map(({ samples, estimate, stopped, slower = false }) => ({
    samples,
    typicalNs: estimate,
    stopped: stopped ?? interrupted,
    slower,
  }));
  return { results, winner: fastest(states, incumbent), interrupted };
}

const running = (states: readonly CandidateState[]): CandidateState[] => states.filter((s) => s.stopped === undefined);

/**
 * Runs each once, split into submissions of bearable length; a sample that was too short for the clock is taken again.
 */
async function runRound(clock: SampleClock, states: readonly CandidateState[]): Promise<Map<CandidateState, number>> {
  const times = new Map<CandidateState, number>();
  let open = [...states];
  for (let attempt = 0; open.length && attempt < 3; attempt++) {
    const short: CandidateState[] = [];
    for (const submission of submissions(open, clock.quantumNs)) {
      const runs = submission.map((s) => ({ candidate: s.id, repeats: repeatsOf(s, clock.quantumNs) }));
      const ns = await clock.time(runs);
      submission.forEach((state, i) => {
        // What the clock cannot show counts as half of its step: two such are as fast as each other.
        times.set(state, Math.max(ns[i], clock.quantumNs / 2 / runs[i].repeats));
        if (ns[i] * runs[i].repeats >= (quanta * clock.quantumNs) / 2 || runs[i].repeats === maxRepeats) return;
        state.estimate = Math.max(ns[i], clock.quantumNs / runs[i].repeats / 2);
        short.push(state);
      });
    }
    open = short;
  }
  return times;
}

function repeatsOf({ estimate }: CandidateState, quantumNs: number): number {
  return Math.min(maxRepeats, Math.max(1, Math.ceil(Math.max(quanta * quantumNs, sampleNs) / estimate)));
}

const roundNs = (state: CandidateState, quantumNs: number): number => state.estimate * repeatsOf(state, quantumNs);

function* submissions(states: readonly CandidateState[], quantumNs: number): Generator<CandidateState[]> {
  let submission: CandidateState[] = [];
  let length = 0;
  for (const state of states) {
    const ns = roundNs(state, quantumNs);
    if (submission.length && length + ns > submissionNs) {
      yield submission;
      submission = [];
      length = 0;
    }
    submission.push(state);
    length += ns;
  }
  if (submission.length) yield submission;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const turned = [...items.slice(by % items.length), ...items.slice(0, by % items.length)];
  return by % 2 ? turned.reverse() : turned;
}

/** By their first executions, which may include compilation and are off by up to a step of the clock. */
function stopHopeless(states: readonly CandidateState[], quantumNs: number): void {
  const best = Math.min(...states.map((s) => s.estimate)) + quantumNs;
  for (const state of states) {
    const least = state.estimate - quantumNs;
    if (least <= hopeless.ratio * best || least - best <= hopeless.differenceNs) continue;
    state.slower = true;
    state.stopped = `its first run took ${(state.estimate / 1e6).toFixed(0)} ms, the best's ${((best - quantumNs) / 1e6).toPrecision(2)} ms, so it was not timed again`;
  }
}

/**
 * Stops the slowest until the round fits, and as many more as make a comparison; the incumbent is stopped last. In the
 * first round one always runs.
 */
function stopForBudget(
  states: readonly CandidateState[],
  clock: SampleClock,
  deadline: number,
  round: number,
  incumbent?: number,
): void {
  let left = ((deadline - clock.now()) * 1e6) / Math.max(1, wantedRounds - round);
  const rank = (state: CandidateState): number => (state.id === incumbent ? 0 : state.estimate);
  for (const [i, state] of states.toSorted((a, b) => rank(a) - rank(b)).entries()) {
    left -= roundNs(state, clock.quantumNs);
    if (left < 0 && !(round === 0 && i === 0))
      state.stopped =
        state.samples.length === 0 ? 'the time budget was spent before it was timed' : 'the time budget was spent';
  }
}

/** The leader is the one with the least time so far; whoever is clearly slower than it in the same rounds stops. */
function stopSlower(states: readonly CandidateState[]): void {
  const leader = states.reduce((a, b) => (a.estimate <= b.estimate ? a : b));
  for (const state of states) {
    if (state === leader || !isSlower(comparePaired(state.samples, leader.samples)!)) continue;
    state.slower = true;
    state.stopped = 'it was slower';
  }
}

/**
 * The incumbent, unless it was slower; else the fastest of those that ran to the end, since whoever was left out for
 * the budget was slower then. Should another have been clearly faster than that one in the rounds that both ran, it is
 * the other.
 */
function fastest(states: readonly CandidateState[], incumbent?: number): number {
  const left = states.filter(({ slower }) => !slower);
  if (left.length === 0) return -1;
  const rounds = Math.max(...left.map(({ samples }) => samples.length));
  const complete = left.filter(({ samples }) => samples.length === rounds);
  const first = left.find(({ id }) => id === incumbent) ?? complete.reduce((a, b) => (b.estimate < a.estimate ? b : a));
  return states.indexOf(left.reduce((best, state) => (clearlyFaster(state, best) ? state : best), first));
}

function clearlyFaster(state: CandidateState, than: CandidateState): boolean {
  const pair = comparePaired(state.samples, than.samples);
  return pair !== undefined && isFaster(pair);
}

/**
 * The mean of the fastest quarter: whatever else a machine does only adds time, and may add half as much again to most
 * of the samples. Unlike a minimum it still tells two kernels apart where a coarse clock shows only a few different
 * values.
 */
export function typical(values: readonly number[]): number {
  const fastest = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length / 4));
  return fastest.reduce((sum, v) => sum + v, 0) / fastest.length;
}

/** Interquartile range over the median. */
export function spread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))];
  return (at(0.75) - at(0.25)) / median(values);
}
