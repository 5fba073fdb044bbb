/**
 * @file The race: which of several verified kernels is the fastest, on a clock that is coarse and a machine that is noisy.
 *
 * - A sample repeats its kernel until it lasts at least ten steps of the clock.
 * - All that are still in the race run once a round, in an order that changes, so that a machine that slows down slows
 *   all of them alike. Two are compared by the ratios of their times in the same rounds, never by times of different ones.
 * - A clear loser stops early. How clear it must be falls quickly with the rounds that it has run.
 * - The budget is kept: a round that would not fit runs without its slowest, and those say that it was the budget.
 */

import { isFaster, isSlower, median, paired } from './paired.ts';

/** What a race runs on; tests give a scripted one. */
export interface Track {
  /** The smallest step of the clock, in nanoseconds, or what an empty sample shows where that is more. */
  readonly quantumNs: number;
  /** Nanoseconds of one execution, by run; a run executes its racer `repeats` times in one timed sample. */
  time(runs: readonly Run[]): Promise<number[]>;
  /** Wall time in milliseconds. */
  now(): number;
  interruption?: Interruption;
}

/** Why samples taken since that time are worth nothing (the tab was hidden), or `undefined`. */
export type Interruption = (sinceMs: number) => string | undefined;

export interface Run {
  readonly racer: number;
  readonly repeats: number;
}

/** One that races: its number on the track, and what is known of its time. */
export interface Racer {
  readonly id: number;
  /** Nanoseconds of one execution: the first one's, or what an earlier race showed. */
  readonly expectedNs: number;
}

export interface Lap {
  /** Nanoseconds of one execution, by round; none where the race ended before it had a turn. */
  readonly samples: readonly number[];
  /** What they say of one execution in the end; where there are none, what was expected. */
  readonly typicalNs: number;
  /** Why it ran fewer rounds than the winner. */
  readonly stopped?: string;
  /** Whether it stopped because it was slower. */
  readonly lost: boolean;
}

export interface RaceResult {
  /** By racer, in the order given. */
  readonly laps: readonly Lap[];
  /** Index of the fastest; -1 where there are no racers. */
  readonly winner: number;
  /** Why the samples stopped before the race was decided. */
  readonly interrupted?: string;
}

export interface RaceOptions {
  /** On the track's `now()`. */
  readonly deadline: number;
  readonly maxRounds?: number;
  /** The racer that won an earlier race. */
  readonly champion?: number;
}

/** So many rounds make a race; a budget that is too short for all racers is spent on them, of the fastest. */
const wantedRounds = 5;

/** A sample lasts at least this many steps of the clock, and at least `sampleNs`. */
const quanta = 10;
const sampleNs = 500_000;
const maxRepeats = 10_000;

/** One submission lasts at most about this, well below what makes a system reset its GPU. */
const submissionNs = 300e6;

/** A racer this much slower than the best in its very first execution does not start, if the difference is no compilation. */
const hopeless = { ratio: 4, differenceNs: 100e6 };

interface State {
  readonly id: number;
  estimate: number;
  readonly samples: number[];
  stopped?: string;
  /** Stopped because it was slower. */
  lost?: true;
}

export async function race(
  track: Track,
  racers: readonly Racer[],
  { deadline, maxRounds = 31, champion }: RaceOptions,
): Promise<RaceResult> {
  const states: State[] = racers.map(({ id, expectedNs }) => ({
    id,
    estimate: Math.max(expectedNs, track.quantumNs / 2),
    samples: [],
  }));
  stopHopeless(states, track.quantumNs);
  let interrupted = track.interruption?.(track.now());
  for (let round = 0; round < maxRounds && !interrupted; round++) {
    stopForBudget(running(states), track, deadline, round, champion);
    const left = running(states);
    if (left.length === 0 || (left.length === 1 && round >= 3)) break;
    const startedMs = track.now();
    const times = await runRound(track, rotate(left, round));
    interrupted = track.interruption?.(startedMs);
    if (interrupted) break;
    for (const [state, ns] of times) {
      state.samples.push(ns);
      state.estimate = typical(state.samples);
    }
    stopLosers(left);
  }
  const laps = states.map(({ samples, estimate, stopped, lost = false }) => ({
    samples,
    typicalNs: estimate,
    stopped: stopped ?? interrupted,
    lost,
  }));
  return { laps, winner: fastest(states, champion), interrupted };
}

const running = (states: readonly State[]): State[] => states.filter((s) => s.stopped === undefined);

/** Runs each once, split into submissions of bearable length; a sample that was too short for the clock is taken again. */
async function runRound(track: Track, states: readonly State[]): Promise<Map<State, number>> {
  const times = new Map<State, number>();
  let open = [...states];
  for (let attempt = 0; open.length && attempt < 3; attempt++) {
    const short: State[] = [];
    for (const batch of batches(open, track.quantumNs)) {
      const runs = batch.map((s) => ({ racer: s.id, repeats: repeatsOf(s, track.quantumNs) }));
      const ns = await track.time(runs);
      batch.forEach((state, i) => {
        // What the clock cannot show counts as half of its step: two such are as fast as each other.
        times.set(state, Math.max(ns[i], track.quantumNs / 2 / runs[i].repeats));
        if (ns[i] * runs[i].repeats >= (quanta * track.quantumNs) / 2 || runs[i].repeats === maxRepeats) return;
        state.estimate = Math.max(ns[i], track.quantumNs / runs[i].repeats / 2);
        short.push(state);
      });
    }
    open = short;
  }
  return times;
}

function repeatsOf({ estimate }: State, quantumNs: number): number {
  return Math.min(maxRepeats, Math.max(1, Math.ceil(Math.max(quanta * quantumNs, sampleNs) / estimate)));
}

const roundNs = (state: State, quantumNs: number): number => state.estimate * repeatsOf(state, quantumNs);

function* batches(states: readonly State[], quantumNs: number): Generator<State[]> {
  let batch: State[] = [];
  let length = 0;
  for (const state of states) {
    const ns = roundNs(state, quantumNs);
    if (batch.length && length + ns > submissionNs) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(state);
    length += ns;
  }
  if (batch.length) yield batch;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const turned = [...items.slice(by % items.length), ...items.slice(0, by % items.length)];
  return by % 2 ? turned.reverse() : turned;
}

/** By their first executions, which may include compilation and are off by up to a step of the clock. */
function stopHopeless(states: readonly State[], quantumNs: number): void {
  const best = Math.min(...states.map((s) => s.estimate)) + quantumNs;
  for (const state of states) {
    const least = state.estimate - quantumNs;
    if (least <= hopeless.ratio * best || least - best <= hopeless.differenceNs) continue;
    state.lost = true;
    state.stopped = `its first run took ${(state.estimate / 1e6).toFixed(0)} ms, the best's ${((best - quantumNs) / 1e6).toPrecision(2)} ms, so it did not race`;
  }
}

/** Drops the slowest until the round fits, and as many more as make a race; the champion is dropped last. In the first round one always runs. */
function stopForBudget(
  states: readonly State[],
  track: Track,
  deadline: number,
  round: number,
  champion?: number,
): void {
  let left = ((deadline - track.now()) * 1e6) / Math.max(1, wantedRounds - round);
  const standing = (state: State): number => (state.id === champion ? 0 : state.estimate);
  for (const [i, state] of states.toSorted((a, b) => standing(a) - standing(b)).entries()) {
    left -= roundNs(state, track.quantumNs);
    if (left < 0 && !(round === 0 && i === 0))
      state.stopped =
        state.samples.length === 0 ? 'the time budget was spent before it raced' : 'the time budget was spent';
  }
}

/** The leader is the one with the least time so far; whoever is clearly slower than it in the same rounds stops. */
function stopLosers(states: readonly State[]): void {
  const leader = states.reduce((a, b) => (a.estimate <= b.estimate ? a : b));
  for (const state of states) {
    if (state === leader || !isSlower(paired(state.samples, leader.samples)!)) continue;
    state.lost = true;
    state.stopped = 'it was slower';
  }
}

/**
 * The champion, unless it lost; else the fastest of those that ran to the end, since whoever was left out for the budget was slower then.
 * Should another have been clearly faster than that one in the rounds that both ran, it is the other.
 */
function fastest(states: readonly State[], champion?: number): number {
  const standing = states.filter(({ lost }) => !lost);
  if (standing.length === 0) return -1;
  const rounds = Math.max(...standing.map(({ samples }) => samples.length));
  const finalists = standing.filter(({ samples }) => samples.length === rounds);
  const first =
    standing.find(({ id }) => id === champion) ?? finalists.reduce((a, b) => (b.estimate < a.estimate ? b : a));
  return states.indexOf(standing.reduce((best, state) => (clearlyFaster(state, best) ? state : best), first));
}

function clearlyFaster(state: State, than: State): boolean {
  const pair = paired(state.samples, than.samples);
  return pair !== undefined && isFaster(pair);
}

/**
 * The mean of the fastest quarter: whatever else a machine does only adds time, and may add half as much again to most of
 * the samples. Unlike a minimum it still tells two kernels apart where a coarse clock shows only a few different values.
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
