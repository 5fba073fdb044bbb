/**
 * @file Find: candidates are compiled, then verified, then timed, within a budget; all of them are reported, with what
 * was not tried and why. It runs on a bench, so that a test can give it kernels that are noisy, broken, or wrong.
 */
import { DeviceLostError, messageOf } from '../../base/errors.ts';
import type { Candidate, CandidateStatus } from '../records.ts';
import type { Racer, Track } from './race.ts';
import { race, spread, typical } from './race.ts';

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

/** Compilations under way at once: at first, which shows how long one takes here, and then at most. */
const abreast = { first: 2, most: 4 };

/**
 * How much of the budget may be gone when the last compilation begins, and the last verification. Where compiling took
 * longer than that, verification has half of what is left: it is short beside it, and there is something to compare.
 */
const shares = { compile: 0.6, verify: 0.75, verifyOfRest: 0.5 };

/** A candidate is not run where it is expected to be so many times slower than the best, and to take this much of the budget. */
const unlikely = { ratio: 5, share: 0.03 };

/** A first execution that took longer than this, and so many times what was predicted, is run again. */
const late = { ns: 20e6, ratio: 3 };

export async function find(entrants: readonly Entrant[], bench: Bench, options: FindOptions): Promise<FindResult> {
  const search = new Search(entrants, bench, options);
  if (options.budgetMs > 0) {
    await search.compile();
    await search.verify();
    await search.time();
  }
  return search.result();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Search {
  private readonly entrants: readonly Entrant[];
  private readonly records: Mutable<Candidate>[];
  private readonly bench: Bench;
  private readonly options: FindOptions;
  private readonly started: number;
  private compiled: number[] = [];
  /** Wall time, others under way beside it; a kernel that was compiled before takes none. */
  private longestCompilationMs?: number;
  /** Those that are right, with the time of their first execution. */
  private verified: Racer[] = [];
  private winner = -1;
  private measured = false;

  constructor(entrants: readonly Entrant[], bench: Bench, options: FindOptions) {
    this.entrants = entrants;
    this.bench = bench;
    this.options = options;
    this.started = bench.now();
    const unspent = options.budgetMs > 0 ? undefined : `the time budget is ${options.budgetMs} ms`;
    this.records = entrants.map(({ record }) => ({ ...record, status: 'not tried' as CandidateStatus, reason: unspent }));
  }

  async compile(): Promise<void> {
    const limit = this.options.limit || this.entrants.length;
    const admitted = this.entrants.map((_, i) => i);
    for (const i of admitted.splice(limit)) this.records[i].reason = `benchmarkLimit is ${limit}, and this is number ${i + 1} by prediction`;
    const underWay = new Set<Promise<void>>();
    let next = 0;
    for (; next < admitted.length; next++) {
      while (underWay.size > 0 && underWay.size >= this.compilable()) await Promise.race(underWay);
      if (this.compilable() === 0) break;
      const i = admitted[next];
      this.options.onProgress?.(`compiling ${next + 1} of ${admitted.length} candidates`);
      const compilation = this.attempt(i, () => this.compileOne(i)).finally(() => underWay.delete(compilation));
      underWay.add(compilation);
    }
    await Promise.all(underWay);
    for (const i of admitted.slice(next)) this.records[i].reason = `the time budget of ${this.options.budgetMs} ms was spent before it was compiled`;
  }

  private async compileOne(i: number): Promise<void> {
    const started = this.bench.now();
    try {
      this.records[i].compileMs = await this.bench.compile(i);
      this.compiled.push(i);
    } finally {
      this.longestCompilationMs = Math.max(this.longestCompilationMs ?? 0, this.bench.now() - started);
    }
  }

  /** How many compilations may be under way: as many as the share left for them has room for, should all take as long as the longest. */
  private compilable(): number {
    if (this.longestCompilationMs === undefined) return abreast.first;
    const leftMs = shares.compile * this.options.budgetMs - (this.bench.now() - this.started);
    return leftMs <= 0 ? 0 : Math.min(abreast.most, Math.max(1, Math.floor(leftMs / this.longestCompilationMs)));
  }

  async verify(): Promise<void> {
    const gone = (this.bench.now() - this.started) / this.options.budgetMs;
    const share = Math.max(shares.verify, gone + shares.verifyOfRest * (1 - gone));
    for (const [n, i] of this.compiled.toSorted((a, b) => a - b).entries()) {
      const record = this.records[i];
      const pointless = this.pointless(i, share);
      if (pointless !== undefined) {
        record.reason = pointless;
        continue;
      }
      this.options.onProgress?.(`verifying ${n + 1} of ${this.compiled.length} candidates`);
      await this.attempt(i, async () => {
        const verification = await this.bench.verify(i);
        const again = verification.wrong === undefined && this.mayHaveCompiled(i, verification.firstNs);
        const [ns] = again ? await this.bench.time([{ racer: i, repeats: 1 }]) : [Infinity];
        this.judge(i, { ...verification, firstNs: Math.min(verification.firstNs, ns) });
      });
    }
  }

  async time(): Promise<void> {
    this.options.onProgress?.(`measuring ${this.verified.length} candidates`);
    const racers = this.verified;
    const { laps, winner, interrupted } = await race(this.bench, racers, { deadline: this.started + this.options.budgetMs });
    laps.forEach(({ samples, stopped }, r) => {
      Object.assign(this.records[racers[r].id], { status: 'success', reason: stopped, timeMs: typical(samples) / 1e6, spread: spread(samples), samples: samples.length });
    });
    this.winner = racers[winner]?.id ?? -1;
    this.measured = winner >= 0 && interrupted === undefined;
    if (this.measured) await this.confirm();
  }

  result(): FindResult {
    const records = this.records.map((record) => (record.reason === undefined ? omitReason(record) : record));
    return { records, winner: this.winner, measured: this.measured, tuningMs: this.bench.now() - this.started };
  }

  /** The winner runs once more: one that is right only sometimes must not win. The others then race again. */
  private async confirm(): Promise<void> {
    const i = this.winner;
    await this.attempt(i, async () => this.judge(i, await this.bench.verify(i)));
    if (this.records[i].status !== 'success') await this.time();
  }

  private judge(i: number, { maxError, wrong, overturned, firstNs }: Verification): void {
    this.records[i].maxError = maxError;
    if (overturned) this.disqualify(overturned.candidate, overturned.reason);
    if (wrong !== undefined) this.disqualify(i, wrong);
    else if (!this.verified.some(({ id }) => id === i)) this.verified.push({ id: i, firstNs });
  }

  private disqualify(i: number, reason: string): void {
    Object.assign(this.records[i], { status: 'disqualified', reason });
    this.verified = this.verified.filter(({ id }) => id !== i);
  }

  /** A candidate that fails is out and says why; a lost device ends the search. */
  private async attempt(i: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      Object.assign(this.records[i], { status: 'failed', reason: messageOf(error) });
      this.verified = this.verified.filter(({ id }) => id !== i);
    }
  }

  /** Why a compiled candidate is not worth running, once there is one that is right. */
  private pointless(i: number, share: number): string | undefined {
    if (this.verified.length === 0) return undefined;
    if (this.spent(share)) return `the time budget of ${this.options.budgetMs} ms was spent before it was verified`;
    const expectedMs = this.expectedMs(i);
    const bestMs = Math.min(...this.verified.map(({ firstNs }) => firstNs)) / 1e6;
    if (expectedMs <= unlikely.ratio * bestMs || expectedMs <= unlikely.share * this.options.budgetMs) return undefined;
    return `expected to be ${(expectedMs / bestMs).toFixed(0)} times slower than the best, and to cost ${expectedMs.toFixed(0)} ms of a budget of ${this.options.budgetMs}`;
  }

  /** The model's word, scaled by how far at least it was wrong about those that have run; 0 where it has none. */
  private expectedMs(i: number): number {
    const { predictedMs = 0 } = this.entrants[i];
    const scales = this.verified.map(({ id, firstNs }) => firstNs / 1e6 / (this.entrants[id].predictedMs ?? Infinity));
    return predictedMs * Math.min(...scales);
  }

  /** Some drivers compile when a kernel first runs. A first run that is long for its prediction is not believed. */
  private mayHaveCompiled(i: number, firstNs: number): boolean {
    return firstNs > late.ns && firstNs / 1e6 > late.ratio * (this.entrants[i].predictedMs ?? 0);
  }

  private spent(share: number): boolean {
    return this.bench.now() - this.started >= share * this.options.budgetMs;
  }
}

function omitReason({ reason: _, ...rest }: Candidate): Candidate {
  return rest;
}
