/**
 * @file Find: candidates are compiled, then verified, then timed, within a budget. All of them are reported, with what
 * was not tried and why. It runs on a bench, so that a test can give it kernels that are noisy, broken, or wrong.
 *
 * Candidates go in batches, the likely ones first. Each batch is compiled, verified and timed before the next begins,
 * and is timed against the incumbent, the fastest of the batches before it. So where compiling is slow, or candidates
 * are many, the budget goes to the comparison that decides, and what is left of it to the completeness of the table.
 */
import { DeviceLostError, messageOf } from '../../base/errors.ts';
import type { Candidate, CandidateStatus, StandingCandidate, WrongOutput } from '../choice/records.ts';
import type { CandidateSamples, SampleClock, VerifiedCandidate } from './rounds.ts';
import { spread, timeInRounds, typical } from './rounds.ts';
import { SampleHistory } from './sample-history.ts';
import type { Disproof } from './verify.ts';

/** What candidates are tried on; they go by their number. */
export interface Bench extends SampleClock {
  /** Compiles a candidate; milliseconds. Rejects with what the driver complained about. */
  compile(candidate: number): Promise<number>;
  /** Runs it once, on poisoned buffers, and compares what it wrote with the reference. */
  verify(candidate: number): Promise<Verification>;
}

export interface Verification {
  /** Largest |error| over the rms of the reference; absent where nothing was compared. */
  readonly maxError?: number;
  /** Why the candidate is wrong; absent where it is right. */
  readonly wrong?: string;
  readonly firstWrong?: WrongOutput;
  /** A candidate that had passed and is now seen to be wrong. */
  readonly disproved?: Disproof;
  /** Time of this first execution, in nanoseconds. */
  readonly firstNs: number;
}

/** A candidate before it has run; the likely best first. */
export interface UntriedCandidate {
  readonly record: Omit<Candidate, 'status'>;
  /** What the model expects of one execution. */
  readonly predictedMs?: number;
}

export interface FindOptions {
  /** For all of it; an execution or a compilation that has begun is not broken off. */
  readonly budgetMs: number;
  /** How many candidates are tried at most; 0 means all. */
  readonly limit?: number;
  readonly onProgress?: (text: string) => void;
  /** Told whenever something is known of a candidate. */
  readonly onStanding?: (candidates: readonly StandingCandidate[]) => void;
}

export interface FindResult {
  /** By candidate, in the order given. */
  readonly records: readonly Candidate[];
  /** Index of the fastest that is right; -1 where there is none. */
  readonly winner: number;
  /** Whether the winner was measured, so that the choice is worth keeping. */
  readonly measured: boolean;
  readonly tuningMs: number;
}

/** A batch holds the candidates that are expected to take at most so many times as long as the likely best. */
const batchBounds = [2, 4, Infinity];

/** Compilations under way at once: at first, which shows how long one takes here, and then at most. */
const abreast = { first: 2, most: 4 };

/**
 * How much of a batch's time may be gone when its last compilation begins, and its last verification. Where compiling
 * took longer than that, verification has half of what is left: it is short beside it, and there is something to
 * compare.
 */
const shares = { compile: 0.6, verify: 0.75, verifyOfRest: 0.5 };

/**
 * A candidate is not run where it is expected to be so many times slower than the best, and to take this much of the
 * budget.
 */
const unlikely = { ratio: 5, share: 0.03 };

/** A first execution that took longer than this, and so many times what was predicted, is run again. */
const late = { ns: 20e6, ratio: 3 };

export async function find(
  untried: readonly UntriedCandidate[],
  bench: Bench,
  options: FindOptions,
): Promise<FindResult> {
  const search = new Search(untried, bench, options);
  if (options.budgetMs > 0) await search.run();
  return search.result();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Search {
  private readonly untried: readonly UntriedCandidate[];
  private readonly records: Mutable<Candidate>[];
  private readonly bench: Bench;
  private readonly options: FindOptions;
  private readonly started: number;
  /** When the current batch began, and how long it may take. */
  private batch: { readonly startedMs: number; readonly lengthMs: number };
  private admitted = 0;
  private begun = 0;
  private compiled = 0;
  /** Wall time, others under way beside it; a kernel that was compiled before takes none. */
  private longestCompilationMs?: number;
  /** Those that are right, of all batches so far. */
  private verified: VerifiedCandidate[] = [];
  private readonly history: SampleHistory;
  private incumbent = -1;
  private interrupted?: string;

  constructor(untried: readonly UntriedCandidate[], bench: Bench, options: FindOptions) {
    this.untried = untried;
    this.bench = bench;
    this.options = options;
    this.started = bench.now();
    this.batch = { startedMs: this.started, lengthMs: options.budgetMs };
    this.history = new SampleHistory((i) =>
      [untried[i].record.algo, untried[i].record.config].filter(Boolean).join(' '),
    );
    const unspent = options.budgetMs > 0 ? undefined : `the time budget is ${options.budgetMs} ms`;
    this.records = untried.map(({ record }) => ({
      ...record,
      status: 'not tried' as CandidateStatus,
      reason: unspent,
    }));
  }

  async run(): Promise<void> {
    for (const batch of this.batches()) {
      if (this.interrupted === undefined) await this.runBatch(batch);
      else for (const i of batch) this.records[i].reason = this.interrupted;
    }
    if (this.measured) await this.confirm();
  }

  /**
   * Times the incumbent against those that are new; where it has just been disproved, against all that were slower too.
   */
  private async runBatch(batch: readonly number[]): Promise<void> {
    const startedMs = this.bench.now();
    this.batch = { startedMs, lengthMs: this.deadline - startedMs };
    const timed = new Set(this.verified);
    await this.verify(await this.compile(batch));
    const candidates = this.verified.filter(
      (candidate) => this.incumbent < 0 || candidate.id === this.incumbent || !timed.has(candidate),
    );
    if (candidates.some(({ id }) => id !== this.incumbent)) await this.time(candidates);
  }

  result(): FindResult {
    const records = this.records
      .map((record, i) => this.ranked(record, i))
      .map((record) => (record.reason === undefined ? omitReason(record) : record));
    return { records, winner: this.incumbent, measured: this.measured, tuningMs: this.bench.now() - this.started };
  }

  /**
   * A slower candidate beside the winner: how far it is behind in the rounds that both ran, and its time at the speed
   * that the machine had when the winner was timed. Figures of different rounds could contradict what decided.
   */
  private ranked(record: Candidate, i: number): Candidate {
    if (i === this.incumbent || this.incumbent < 0 || record.status !== 'success') return record;
    const behind = this.history.behind(i, this.incumbent);
    return behind ? { ...record, behind, timeMs: this.records[this.incumbent].timeMs! * (1 + behind.slower) } : record;
  }

  private get measured(): boolean {
    return this.incumbent >= 0 && this.interrupted === undefined;
  }

  private get deadline(): number {
    return this.started + this.options.budgetMs;
  }

  /** Those that the limit admits, the likely ones first. */
  private batches(): number[][] {
    const limit = this.options.limit || this.untried.length;
    const admitted = this.untried.map((_, i) => i);
    for (const i of admitted.splice(limit))
      this.records[i].reason = `benchmarkLimit is ${limit}, and this is number ${i + 1} by prediction`;
    this.admitted = admitted.length;
    const expected = (i: number): number => this.untried[i].predictedMs ?? 0;
    const least = Math.min(...admitted.map(expected));
    const batchOf = (i: number): number =>
      batchBounds.findIndex((bound) => expected(i) <= bound * least || bound === Infinity);
    return batchBounds
      .map((_, batch) => admitted.filter((i) => batchOf(i) === batch))
      .filter((batch) => batch.length > 0);
  }

  /** Compiles a batch; those that the driver took. */
  private async compile(batch: readonly number[]): Promise<number[]> {
    const compiled: number[] = [];
    const underWay = new Set<Promise<void>>();
    let next = 0;
    for (; next < batch.length; next++) {
      while (underWay.size > 0 && underWay.size >= this.compilable()) await Promise.race(underWay);
      if (this.compilable() === 0) break;
      const i = batch[next];
      this.options.onProgress?.(`compiling ${++this.begun} of ${this.admitted} candidates`);
      const compilation = this.attempt(i, async () => {
        await this.compileOne(i);
        compiled.push(i);
        this.tell();
      }).finally(() => underWay.delete(compilation));
      underWay.add(compilation);
    }
    await Promise.all(underWay);
    for (const i of batch.slice(next))
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
   * How many compilations may be under way: as many as the share left for them has room for, should all take as long as
   * the longest; at least one, as long as there is nothing to go on with.
   */
  private compilable(): number {
    if (this.longestCompilationMs === undefined) return abreast.first;
    const leftMs = shares.compile * this.batch.lengthMs - (this.bench.now() - this.batch.startedMs);
    if (leftMs <= 0) return 0;
    return Math.min(
      abreast.most,
      Math.max(this.compiled === 0 ? 1 : 0, Math.floor(leftMs / this.longestCompilationMs)),
    );
  }

  private async verify(compiled: readonly number[]): Promise<void> {
    const gone = (this.bench.now() - this.batch.startedMs) / this.batch.lengthMs;
    const share = Math.max(shares.verify, gone + shares.verifyOfRest * (1 - gone));
    const until = this.batch.startedMs + share * this.batch.lengthMs;
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
        const [ns] = again ? await this.bench.time([{ candidate: i, repeats: 1 }]) : [Infinity];
        this.accept(i, { ...verification, firstNs: Math.min(verification.firstNs, ns) });
        this.tell();
      });
    }
  }

  private async time(candidates: readonly VerifiedCandidate[]): Promise<void> {
    this.options.onProgress?.(`measuring ${candidates.length} candidates`);
    const { results, winner, interrupted } = await timeInRounds(this.bench, candidates, {
      deadline: this.deadline,
      incumbent: this.incumbent,
      onRound: (typicalNs) => this.tell(typicalNs),
    });
    this.incumbent = candidates[winner]?.id ?? -1;
    this.history.add(new Map(results.map(({ samples }, r) => [candidates[r].id, samples])), this.incumbent);
    results.forEach((result, r) => this.note(candidates[r].id, result));
    this.interrupted = interrupted;
    this.tell();
  }

  /** Of those that the limit admits. */
  private tell(typicalNs: ReadonlyMap<number, number> = new Map()): void {
    this.options.onStanding?.(
      this.records.slice(0, this.admitted).map(({ candidateId, algo, status, compileMs, timeMs }, i) => {
        const ns = typicalNs.get(i);
        const ms = ns === undefined ? timeMs : ns / 1e6;
        const right = this.verified.some(({ id }) => id === i);
        const stage =
          ms !== undefined ? 'timed' : right ? 'verified' : compileMs !== undefined ? 'compiled' : 'waiting';
        return { candidateId, algo, status, stage, ...(ms !== undefined && { timeMs: ms }) };
      }),
    );
  }

  /**
   * A candidate that ran no round has no time to compare with the others'. How far a slower one is behind is told in
   * the end.
   */
  private note(id: number, { typicalNs, stopped, slower }: CandidateSamples): void {
    this.verified = this.verified.map((candidate) => (candidate.id === id ? { id, expectedNs: typicalNs } : candidate));
    const ran = this.history.samplesOf(id);
    if (ran.length === 0 && id !== this.incumbent) {
      Object.assign(this.records[id], { status: 'not tried', reason: stopped });
      return;
    }
    const samples = ran.length > 0 ? ran : [typicalNs];
    Object.assign(this.records[id], {
      status: 'success',
      reason: slower ? undefined : stopped,
      timeMs: typical(samples) / 1e6,
      spread: spread(samples),
      samples: samples.length,
    });
  }

  /** The incumbent runs once more: one that is right only sometimes must not win. The others are then timed again. */
  private async confirm(): Promise<void> {
    const i = this.incumbent;
    await this.attempt(i, async () => this.accept(i, await this.bench.verify(i)));
    if (this.records[i].status === 'success') return;
    await this.time(this.verified);
    if (this.measured) await this.confirm();
  }

  private accept(i: number, { maxError, wrong, firstWrong, disproved, firstNs }: Verification): void {
    if (maxError !== undefined) this.records[i].maxError = maxError;
    if (disproved) this.dismiss(disproved.candidate, 'disqualified', disproved.reason, disproved.firstWrong);
    if (wrong !== undefined) this.dismiss(i, 'disqualified', wrong, firstWrong);
    else if (!this.verified.some(({ id }) => id === i)) this.verified.push({ id: i, expectedNs: firstNs });
  }

  private dismiss(i: number, status: CandidateStatus, reason: string, firstWrong?: WrongOutput): void {
    Object.assign(this.records[i], { status, reason, ...(firstWrong && { firstWrong }) });
    this.verified = this.verified.filter(({ id }) => id !== i);
    if (this.incumbent === i) this.incumbent = -1;
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
    const { predictedMs = 0 } = this.untried[i];
    const scales = this.verified.map(
      ({ id, expectedNs }) => expectedNs / 1e6 / (this.untried[id].predictedMs ?? Infinity),
    );
    return predictedMs * Math.min(...scales);
  }

  /** Some drivers compile when a kernel first runs. A first run that is long for its prediction is not believed. */
  private mayHaveCompiled(i: number, firstNs: number): boolean {
    return firstNs > late.ns && firstNs / 1e6 > late.ratio * (this.untried[i].predictedMs ?? 0);
  }
}

function omitReason({ reason: _, ...rest }: Candidate): Candidate {
  return rest;
}
