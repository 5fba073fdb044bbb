/**
 * @file Find: candidates are compiled, then verified, then timed, within a budget; all of them are reported, with what
 * was not tried and why. It runs on a bench, so that a test can give it kernels that are noisy, broken, or wrong.
 *
 * They go in heats, the likely ones first: each heat is compiled, verified and timed before the next begins, and races against
 * the winner of those before it. So where compiling is slow, or many candidates are, the budget goes to the comparison that
 * decides, and what is left of it to the completeness of the table.
 */
import { DeviceLostError, messageOf } from '../../base/errors.ts';
import type { Candidate, CandidateStatus } from '../choice/records.ts';
import type { Lap, Racer, Track } from './race.ts';
import { race, spread, typical } from './race.ts';
import { Standings } from './standings.ts';

/** What candidates are tried on; they go by their number. */
export interface Bench extends Track {
  /** Compiles a candidate; milliseconds. Rejects with what the driver complained about. */
  compile(candidate: number): Promise<number>;
  /** Runs it once, on poisoned buffers, and compares what it wrote with the reference. */
  verify(candidate: number): Promise<Verification>;
}

export interface Verification {
  /** Largest |error| over the rms of the reference. */
  readonly maxError: number;
  /** Why the candidate is wrong; absent where it is right. */
  readonly wrong?: string;
  /** A candidate that had passed and is now seen to be wrong. */
  readonly overturned?: { readonly candidate: number; readonly reason: string };
  /** Time of this first execution, in nanoseconds. */
  readonly firstNs: number;
}

/** A candidate before it has run; the likely best first. */
export interface Entrant {
  readonly record: Omit<Candidate, 'status'>;
  /** What the model expects of one execution. */
  readonly predictedMs?: number;
}

export interface FindOptions {
  /** For all of it; an execution or a compilation that has begun is not broken off. */
  readonly budgetMs: number;
  /** How many entrants are tried at most; 0 means all. */
  readonly limit?: number;
  readonly onProgress?: (text: string) => void;
}

export interface FindResult {
  /** By entrant, in the order given. */
  readonly records: readonly Candidate[];
  /** Index of the fastest that is right; -1 where there is none. */
  readonly winner: number;
  /** Whether the winner was measured, so that the choice is worth keeping. */
  readonly measured: boolean;
  readonly tuningMs: number;
}

/** A heat has those that are expected to take at most so many times as long as the likely best. */
const heatBounds = [2, 4, Infinity];

/** Compilations under way at once: at first, which shows how long one takes here, and then at most. */
const abreast = { first: 2, most: 4 };

/**
 * How much of a heat's time may be gone when its last compilation begins, and its last verification. Where compiling took
 * longer than that, verification has half of what is left: it is short beside it, and there is something to compare.
 */
const shares = { compile: 0.6, verify: 0.75, verifyOfRest: 0.5 };

/** A candidate is not run where it is expected to be so many times slower than the best, and to take this much of the budget. */
const unlikely = { ratio: 5, share: 0.03 };

/** A first execution that took longer than this, and so many times what was predicted, is run again. */
const late = { ns: 20e6, ratio: 3 };

export async function find(entrants: readonly Entrant[], bench: Bench, options: FindOptions): Promise<FindResult> {
  const search = new Search(entrants, bench, options);
  if (options.budgetMs > 0) await search.run();
  return search.result();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Search {
  private readonly entrants: readonly Entrant[];
  private readonly records: Mutable<Candidate>[];
  private readonly bench: Bench;
  private readonly options: FindOptions;
  private readonly started: number;
  /** What the heat that is on has: from when, and how long. */
  private heat: { readonly startedMs: number; readonly lengthMs: number };
  private admitted = 0;
  private begun = 0;
  private compiled = 0;
  /** Wall time, others under way beside it; a kernel that was compiled before takes none. */
  private longestCompilationMs?: number;
  /** Those that are right, of all heats so far. */
  private verified: Racer[] = [];
  private readonly standings: Standings;
  private winner = -1;
  private interrupted?: string;

  constructor(entrants: readonly Entrant[], bench: Bench, options: FindOptions) {
    this.entrants = entrants;
    this.bench = bench;
    this.options = options;
    this.started = bench.now();
    this.heat = { startedMs: this.started, lengthMs: options.budgetMs };
    this.standings = new Standings((i) =>
      [entrants[i].record.algo, entrants[i].record.config].filter(Boolean).join(' '),
    );
    const unspent = options.budgetMs > 0 ? undefined : `the time budget is ${options.budgetMs} ms`;
    this.records = entrants.map(({ record }) => ({
      ...record,
      status: 'not tried' as CandidateStatus,
      reason: unspent,
    }));
  }

  async run(): Promise<void> {
    for (const heat of this.heats()) {
      if (this.interrupted === undefined) await this.runHeat(heat);
      else for (const i of heat) this.records[i].reason = this.interrupted;
    }
    if (this.measured) await this.confirm();
  }

  /** The winner so far races against those that are new; where it has just been seen to be wrong, so do all that it had beaten. */
  private async runHeat(heat: readonly number[]): Promise<void> {
    const startedMs = this.bench.now();
    this.heat = { startedMs, lengthMs: this.deadline - startedMs };
    const raced = new Set(this.verified);
    await this.verify(await this.compile(heat));
    const racers = this.verified.filter((racer) => this.winner < 0 || racer.id === this.winner || !raced.has(racer));
    if (racers.some(({ id }) => id !== this.winner)) await this.time(racers);
  }

  result(): FindResult {
    const records = this.records
      .map((record, i) => this.ranked(record, i))
      .map((record) => (record.reason === undefined ? omitReason(record) : record));
    return { records, winner: this.winner, measured: this.measured, tuningMs: this.bench.now() - this.started };
  }

  /**
   * A loser beside the winner: how far it is behind in the rounds that both ran, and its time at the speed that the machine had when the
   * winner was timed. Figures of different rounds could contradict what decided.
   */
  private ranked(record: Candidate, i: number): Candidate {
    if (i === this.winner || this.winner < 0 || record.status !== 'success') return record;
    const behind = this.standings.behind(i, this.winner);
    return behind ? { ...record, behind, timeMs: this.records[this.winner].timeMs! * (1 + behind.slower) } : record;
  }

  private get measured(): boolean {
    return this.winner >= 0 && this.interrupted === undefined;
  }

  private get deadline(): number {
    return this.started + this.options.budgetMs;
  }

  /** Those that the limit admits, the likely ones first. */
  private heats(): number[][] {
    const limit = this.options.limit || this.entrants.length;
    const admitted = this.entrants.map((_, i) => i);
    for (const i of admitted.splice(limit))
      this.records[i].reason = `benchmarkLimit is ${limit}, and this is number ${i + 1} by prediction`;
    this.admitted = admitted.length;
    const expected = (i: number): number => this.entrants[i].predictedMs ?? 0;
    const least = Math.min(...admitted.map(expected));
    const heatOf = (i: number): number =>
      heatBounds.findIndex((bound) => expected(i) <= bound * least || bound === Infinity);
    return heatBounds.map((_, heat) => admitted.filter((i) => heatOf(i) === heat)).filter((heat) => heat.length > 0);
  }

  /** Compiles a heat; those that the driver took. */
  private async compile(heat: readonly number[]): Promise<number[]> {
    const compiled: number[] = [];
    const underWay = new Set<Promise<void>>();
    let next = 0;
    for (; next < heat.length; next++) {
      while (underWay.size > 0 && underWay.size >= this.compilable()) await Promise.race(underWay);
      if (this.compilable() === 0) break;
      const i = heat[next];
      this.options.onProgress?.(`compiling ${++this.begun} of ${this.admitted} candidates`);
      const compilation = this.attempt(i, async () => {
        await this.compileOne(i);
        compiled.push(i);
      }).finally(() => underWay.delete(compilation));
      underWay.add(compilation);
    }
    await Promise.all(underWay);
    for (const i of heat.slice(next))
      this.records[i].reason = `the time budget of ${this.options.budgetMs} ms was spent before it was compiled`;
    return compiled.toSorted((a, b) => a - b);
  }

  private async compileOne(i: number): Promise<void> {
    const started = this.bench.now();
    try {
      this.records[i].compileMs = await this.bench.compile(i);
      this.compiled++;
    } finally {
      this.longestCompilationMs = Math.max(this.longestCompilationMs ?? 0, this.bench.now() - started);
    }
  }

  /**
   * How many compilations may be under way: as many as the share left for them has room for, should all take as long as the
   * longest; at least one, as long as there is nothing to go on with.
   */
  private compilable(): number {
    if (this.longestCompilationMs === undefined) return abreast.first;
    const leftMs = shares.compile * this.heat.lengthMs - (this.bench.now() - this.heat.startedMs);
    if (leftMs <= 0) return 0;
    return Math.min(
      abreast.most,
      Math.max(this.compiled === 0 ? 1 : 0, Math.floor(leftMs / this.longestCompilationMs)),
    );
  }

  private async verify(compiled: readonly number[]): Promise<void> {
    const gone = (this.bench.now() - this.heat.startedMs) / this.heat.lengthMs;
    const share = Math.max(shares.verify, gone + shares.verifyOfRest * (1 - gone));
    const until = this.heat.startedMs + share * this.heat.lengthMs;
    for (const [n, i] of compiled.entries()) {
      const record = this.records[i];
      const pointless = this.pointless(i, until);
      if (pointless !== undefined) {
        record.reason = pointless;
        continue;
      }
      this.options.onProgress?.(`verifying ${n + 1} of ${compiled.length} candidates`);
      await this.attempt(i, async () => {
        const verification = await this.bench.verify(i);
        const again =
          verification.wrong === undefined && this.mayHaveCompiled(i, verification.firstNs) && this.bench.now() < until;
        const [ns] = again ? await this.bench.time([{ racer: i, repeats: 1 }]) : [Infinity];
        this.judge(i, { ...verification, firstNs: Math.min(verification.firstNs, ns) });
      });
    }
  }

  private async time(racers: readonly Racer[]): Promise<void> {
    this.options.onProgress?.(`measuring ${racers.length} candidates`);
    const { laps, winner, interrupted } = await race(this.bench, racers, {
      deadline: this.deadline,
      champion: this.winner,
    });
    this.winner = racers[winner]?.id ?? -1;
    this.standings.add(new Map(laps.map(({ samples }, r) => [racers[r].id, samples])), this.winner);
    laps.forEach((lap, r) => this.note(racers[r].id, lap));
    this.interrupted = interrupted;
  }

  /** Whoever ran no round has no time that could stand beside the others'; how far a loser is behind is told in the end. */
  private note(id: number, { typicalNs, stopped, lost }: Lap): void {
    this.verified = this.verified.map((racer) => (racer.id === id ? { id, expectedNs: typicalNs } : racer));
    const ran = this.standings.samplesOf(id);
    if (ran.length === 0 && id !== this.winner) {
      Object.assign(this.records[id], { status: 'not tried', reason: stopped });
      return;
    }
    const samples = ran.length > 0 ? ran : [typicalNs];
    Object.assign(this.records[id], {
      status: 'success',
      reason: lost ? undefined : stopped,
      timeMs: typical(samples) / 1e6,
      spread: spread(samples),
      samples: samples.length,
    });
  }

  /** The winner runs once more: one that is right only sometimes must not win. The others then race again. */
  private async confirm(): Promise<void> {
    const i = this.winner;
    await this.attempt(i, async () => this.judge(i, await this.bench.verify(i)));
    if (this.records[i].status === 'success') return;
    await this.time(this.verified);
    if (this.measured) await this.confirm();
  }

  private judge(i: number, { maxError, wrong, overturned, firstNs }: Verification): void {
    this.records[i].maxError = maxError;
    if (overturned) this.dismiss(overturned.candidate, 'disqualified', overturned.reason);
    if (wrong !== undefined) this.dismiss(i, 'disqualified', wrong);
    else if (!this.verified.some(({ id }) => id === i)) this.verified.push({ id: i, expectedNs: firstNs });
  }

  private dismiss(i: number, status: CandidateStatus, reason: string): void {
    Object.assign(this.records[i], { status, reason });
    this.verified = this.verified.filter(({ id }) => id !== i);
    if (this.winner === i) this.winner = -1;
  }

  /** A candidate that fails is out and says why; a lost device ends the search. */
  private async attempt(i: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      this.dismiss(i, 'failed', messageOf(error));
    }
  }

  /** Why a compiled candidate is not worth running, once there is one that is right. */
  private pointless(i: number, until: number): string | undefined {
    if (this.verified.length === 0) return undefined;
    const expectedMs = this.expectedMs(i);
    if (this.bench.now() + expectedMs >= until)
      return `the time budget of ${this.options.budgetMs} ms was spent before it was verified`;
    const bestMs = Math.min(...this.verified.map(({ expectedNs }) => expectedNs)) / 1e6;
    if (expectedMs <= unlikely.ratio * bestMs || expectedMs <= unlikely.share * this.options.budgetMs) return undefined;
    return `expected to take ${expectedMs.toFixed(0)} ms, the best ${bestMs.toPrecision(2)} ms: too much of a budget of ${this.options.budgetMs} ms`;
  }

  /** The model's word, scaled by how far at least it was wrong about those that have run; 0 where it has none. */
  private expectedMs(i: number): number {
    const { predictedMs = 0 } = this.entrants[i];
    const scales = this.verified.map(
      ({ id, expectedNs }) => expectedNs / 1e6 / (this.entrants[id].predictedMs ?? Infinity),
    );
    return predictedMs * Math.min(...scales);
  }

  /** Some drivers compile when a kernel first runs. A first run that is long for its prediction is not believed. */
  private mayHaveCompiled(i: number, firstNs: number): boolean {
    return firstNs > late.ns && firstNs / 1e6 > late.ratio * (this.entrants[i].predictedMs ?? 0);
  }
}

function omitReason({ reason: _, ...rest }: Candidate): Candidate {
  return rest;
}
