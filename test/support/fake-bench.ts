/**
 * @file A bench without a device: kernels with scripted latencies under noise, spikes, drift and a coarse clock, some
 * of which do not compile or are wrong. Time is virtual, so that a test means the same on every machine and seed by
 * seed.
 */
import { DeviceLostError, GpuError } from '../../src/base/errors.ts';
import type { Bench, UntriedCandidate, Verification } from '../../src/dnn/tuner/find.ts';
import type { Interruption, Run } from '../../src/dnn/tuner/rounds.ts';

export interface FakeKernel {
  readonly ns: number;
  /** What the model expects. */
  readonly predictedMs?: number;
  /** `lies`: fast and wrong; `broken`: the driver refuses it; `flaky`: right the first time only. */
  readonly fault?: 'lies' | 'broken' | 'flaky';
}

export interface FakeOptions {
  readonly seed: number;
  readonly quantumNs?: number;
  /** Standard deviation of a sample's relative noise. */
  readonly noise?: number;
  /** Chance that a sample takes two to four times as long. */
  readonly spikes?: number;
  /** Chance that a sample takes half as long again, since a neighbour has the other half of the core. */
  readonly neighbour?: number;
  /** Relative slowdown in each second of virtual time. */
  readonly drift?: number;
  readonly compileMs?: number;
}

export class FakeBench implements Bench {
  readonly quantumNs: number;
  interruption?: Interruption;
  /** Longest time between two looks at the clock, in milliseconds: what a budget cannot break off. */
  longestStepMs = 0;
  /** The device goes away at this virtual time. */
  lostAtMs = Infinity;
  private readonly kernels: readonly FakeKernel[];
  private readonly options: Required<FakeOptions>;
  private readonly random: () => number;
  private readonly seen = new Set<number>();
  private nowMs = 0;

  constructor(kernels: readonly FakeKernel[], options: FakeOptions) {
    this.kernels = kernels;
    this.options = { quantumNs: 1, noise: 0.05, spikes: 0.05, neighbour: 0, drift: 0.2, compileMs: 5, ...options };
    this.quantumNs = this.options.quantumNs;
    this.random = stream(options.seed);
  }

  now(): number {
    return this.nowMs;
  }

  async compile(i: number): Promise<number> {
    this.advance(this.options.compileMs);
    if (this.kernels[i].fault === 'broken') throw new GpuError(`kernel ${i}: the driver refused it`);
    return this.options.compileMs;
  }

  async verify(i: number): Promise<Verification> {
    const firstNs = this.sample(i, 1);
    const { fault } = this.kernels[i];
    const wrong = fault === 'lies' || (fault === 'flaky' && this.seen.has(i));
    this.seen.add(i);
    return { maxError: wrong ? 1 : 1e-6, wrong: wrong ? 'differs from the reference' : undefined, firstNs };
  }

  async time(runs: readonly Run[]): Promise<number[]> {
    const before = this.nowMs;
    const times = runs.map(({ candidate, repeats }) => this.sample(candidate, repeats));
    this.longestStepMs = Math.max(this.longestStepMs, this.nowMs - before);
    return times;
  }

  /** What the clock shows for so many executions, by execution. */
  private sample(i: number, repeats: number): number {
    const { noise, spikes, neighbour, drift, quantumNs } = this.options;
    const slow = 1 + (drift * this.nowMs) / 1000;
    const spike = this.random() < spikes ? 2 + 2 * this.random() : 1;
    const slowed = neighbour > 0 && this.random() < neighbour ? 1.5 : 1;
    const ns = this.kernels[i].ns * repeats * slow * slowed * Math.exp(noise * this.normal()) * spike;
    const phase = this.random() * quantumNs;
    this.advance(ns / 1e6);
    return (Math.floor((ns + phase) / quantumNs) * quantumNs) / repeats;
  }

  private advance(ms: number): void {
    this.nowMs += ms;
    this.longestStepMs = Math.max(this.longestStepMs, ms);
    if (this.nowMs >= this.lostAtMs) throw new DeviceLostError('the device was lost: scripted');
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }
}

export const untriedOf = (kernels: readonly FakeKernel[]): UntriedCandidate[] =>
  kernels.map(({ predictedMs }, i) => ({
    record: {
      candidateId: `K${i}`,
      algo: `K${i}`,
      config: '',
      memory: 0,
      determinism: 'deterministic',
      mathType: 'FMA',
    },
    predictedMs,
  }));

/** Numbers in [0, 1) from a seed. */
export function stream(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
