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

/** Runs work while nothing else uses the device. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/** For a measurement that the program waits for. */
export const atOnce: Exclusively = (work) => work();

export class Stopwatch implements Bench {
  readonly spentMs: PhaseTimes = { compile: 0, verify: 0, time: 0 };
  private readonly bench: Bench;
  private readonly exclusively: Exclusively;
  private waitedMs = 0;
  private readonly open = { compile: 0, verify: 0, time: 0 };

  constructor(bench: Bench, exclusively: Exclusively) {
    this.bench = bench;
    this.exclusively = exclusively;
  }

  get quantumNs(): number {
    return this.bench.quantumNs;
  }

  get interruption(): Interruption | undefined {
    return this.bench.interruption;
  }

  /** Without the time that went by until the device was free: it is no part of a budget. */
  now(): number {
    return this.bench.now() - this.waitedMs;
  }

  compile(candidate: number): Promise<number> {
    return this.during('compile', () => this.bench.compile(candidate));
  }

  verify(candidate: number): Promise<Verification> {
    return this.during('verify', () => this.alone(() => this.bench.verify(candidate)));
  }

  time(runs: readonly Run[]): Promise<number[]> {
    return this.during('time', () => this.alone(() => this.bench.time(runs)));
  }

  private alone<T>(work: () => Promise<T>): Promise<T> {
    const asked = this.bench.now();
    return this.exclusively(() => {
      this.waitedMs += this.bench.now() - asked;
      return work();
    });
  }

  /** What overlaps counts from the first beginning to the last end. */
  private async during<T>(phase: keyof PhaseTimes, work: () => Promise<T>): Promise<T> {
    if (this.open[phase]++ === 0) this.spentMs[phase] -= this.now();
    try {
      return await work();
    } finally {
      if (--this.open[phase] === 0) this.spentMs[phase] += this.now();
    }
  }
}
