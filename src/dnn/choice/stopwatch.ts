/**
 * @file A bench that keeps the time: what of a measurement was compiling, what verifying, and what timing.
 */
import type { Bench, Verification } from '../tuner/find.ts';
import type { Interruption, Run } from '../tuner/rounds.ts';

/** Milliseconds of wall time; candidates that compile side by side count once. */
export interface PhaseTimes {
  compile: number;
  verify: number;
  time: number;
}

export class Stopwatch implements Bench {
  readonly spentMs: PhaseTimes = { compile: 0, verify: 0, time: 0 };
  private readonly bench: Bench;
  private readonly open = { compile: 0, verify: 0, time: 0 };

  constructor(bench: Bench) {
    this.bench = bench;
  }

  get quantumNs(): number {
    return this.bench.quantumNs;
  }

  get interruption(): Interruption | undefined {
    return this.bench.interruption;
  }

  now(): number {
    return this.bench.now();
  }

  compile(candidate: number): Promise<number> {
    return this.during('compile', () => this.bench.compile(candidate));
  }

  verify(candidate: number): Promise<Verification> {
    return this.during('verify', () => this.bench.verify(candidate));
  }

  time(runs: readonly Run[]): Promise<number[]> {
    return this.during('time', () => this.bench.time(runs));
  }

  /** What overlaps counts from the first beginning to the last end. */
  private async during<T>(phase: keyof PhaseTimes, work: () => Promise<T>): Promise<T> {
    if (this.open[phase]++ === 0) this.spentMs[phase] -= this.bench.now();
    try {
      return await work();
    } finally {
      if (--this.open[phase] === 0) this.spentMs[phase] += this.bench.now();
    }
  }
}
