/**
 * Intent: where a queue answers late, or in steps of 100 ms, or only when it is spoken to, the wall clock tells what
 * work takes, or says that it cannot; and find on it calls no kernel faster than another that it cannot tell from it.
 */
import { describe, expect, test } from 'vitest';
import type { Verification } from '../../src/dnn/tuner/find.ts';
import { find } from '../../src/dnn/tuner/find.ts';
import type { AwaitedQueue } from '../../src/gpu/wall-clock.ts';
import { WallClock } from '../../src/gpu/wall-clock.ts';
import { stream, untriedOf } from '../support/fake-bench.ts';

/** How a queue answers: at each step of its own, at each submission, and a while after that. */
interface Manner {
  readonly stepMs?: number;
  readonly atSubmission?: boolean;
  readonly latencyMs?: number;
}

/**
 * A queue in virtual time; work is its milliseconds. Time passes while it is paused, and where nothing else happens,
 * until the next answer.
 */
class FakeQueue implements AwaitedQueue<number> {
  submissions = 0;
  private nowMs = 0;
  private doneAtMs = 0;
  private waiting: { readonly sinceMs: number; readonly resolve: () => void }[] = [];
  private readonly manner: Manner;

  constructor(manner: Manner) {
    this.manner = manner;
  }

  now(): number {
    return (this.nowMs += 0.001);
  }

  submit(work = 0): void {
    this.submissions++;
    if (this.manner.atSubmission) this.answerBy(this.nowMs, this.doneAtMs);
    this.doneAtMs = Math.max(this.nowMs, this.doneAtMs) + work + 0.05;
  }

  done(): Promise<void> {
    const sinceMs = this.doneAtMs;
    return new Promise((resolve) => {
      this.waiting.push({ sinceMs, resolve });
      setImmediate(() => {
        if (this.waiting.some((one) => one.resolve === resolve)) this.pass(this.answerMs(sinceMs) - this.nowMs);
      });
    });
  }

  async pause(ms: number): Promise<void> {
    this.pass(ms);
  }

  /** When the answer comes that work was done at a time. */
  private answerMs(doneMs: number): number {
    const { stepMs = 0, latencyMs = 0 } = this.manner;
    const seen = Math.max(doneMs, this.nowMs) + latencyMs;
    return stepMs === 0 ? seen : stepMs * Math.ceil(seen / stepMs);
  }

  private pass(ms: number): void {
    const until = this.nowMs + ms;
    const { stepMs = 0, latencyMs = 0 } = this.manner;
    this.nowMs = until;
    if (stepMs === 0) this.answerBy(until, until - latencyMs);
    else if (until >= stepMs * Math.ceil((until - ms) / stepMs))
      this.answerBy(until, stepMs * Math.floor(until / stepMs));
  }

  private answerBy(nowMs: number, doneMs: number): void {
    const answered = this.waiting.filter(({ sinceMs }) => sinceMs <= Math.min(nowMs, doneMs));
    this.waiting = this.waiting.filter((one) => !answered.includes(one));
    for (const { resolve } of answered) resolve();
  }
}

async function clockOn(manner: Manner): Promise<{ clock: WallClock<number>; queue: FakeQueue }> {
  const queue = new FakeQueue(manner);
  const clock = new WallClock(queue, stream(1));
  await clock.calibrate();
  return { clock, queue };
}

const meanOf = async (clock: WallClock<number>, ms: number): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) times.push(await clock.time(ms));
  return times.reduce((a, b) => a + b) / times.length / 1e6;
};

describe('the wall clock', () => {
  test('takes off what an empty submission takes, be it long', async () => {
    const { clock } = await clockOn({ latencyMs: 40 });
    expect(clock.quantumNs).toBeLessThan(1e6);
    expect(await meanOf(clock, 7)).toBeCloseTo(7, 1);
  });

  test('keeps a queue awake that answers to submissions, and tells milliseconds apart', async () => {
    const { clock } = await clockOn({ stepMs: 100, atSubmission: true });
    expect(clock.quantumNs).toBeLessThan(2e6);
    expect(await meanOf(clock, 7)).toBeCloseTo(7, 0);
  });

  test('does not call all work 100 ms long where the queue answers in steps and nothing wakes it', async () => {
    const { clock } = await clockOn({ stepMs: 100 });
    expect(clock.quantumNs).toBeGreaterThan(60e6);
    expect(clock.quantumNs).toBeLessThan(160e6);
    expect(Math.abs((await meanOf(clock, 430)) - 430)).toBeLessThan(30);
  });

  test('leaves a queue alone that answers at once', async () => {
    const { clock, queue } = await clockOn({ latencyMs: 0.2 });
    const before = queue.submissions;
    await clock.time(20);
    expect(queue.submissions).toBe(before + 1);
  });
});

test.for([
  ['steps of 100 ms', { stepMs: 100 }],
  ['steps, awake', { stepMs: 100, atSubmission: true }],
] as const)(
  'on a queue with %s find takes none of two equal kernels for the faster, and finds the one of half the time',
  async ([, manner]) => {
    const measured = async (kernelsMs: readonly number[]): Promise<Awaited<ReturnType<typeof find>>> => {
      const { clock, queue } = await clockOn(manner);
      const time = async (
        runs: readonly { readonly candidate: number; readonly repeats: number }[],
      ): Promise<number[]> => {
        const times: number[] = [];
        for (const { candidate, repeats } of runs)
          times.push((await clock.time(kernelsMs[candidate] * repeats)) / repeats);
        return times;
      };
      const verify = async (candidate: number): Promise<Verification> => ({
        maxError: 0,
        firstNs: (await time([{ candidate, repeats: 1 }]))[0],
      });
      const bench = { quantumNs: clock.quantumNs, now: () => queue.now(), compile: async () => 1, verify, time };
      return find(untriedOf(kernelsMs.map((ms) => ({ ns: 1e6 * ms }))), bench, { budgetMs: 60_000 });
    };
    const equal = await measured([3, 3]);
    expect(equal.records.find(({ behind }) => behind)!.behind!.interval[0]).toBeLessThanOrEqual(0);
    const halved = await measured([6, 3]);
    expect(halved.winner).toBe(1);
    expect(halved.records[0].behind!.interval[0]).toBeGreaterThan(0);
  },
);
