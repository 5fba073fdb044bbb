/**
 * Intent: what a measurement took is told by its parts, and what ran side by side is not counted twice.
 */
import { expect, test } from 'vitest';
import { Stopwatch, atOnce } from '../../src/dnn/choice/stopwatch.ts';
import type { Bench } from '../../src/dnn/tuner/find.ts';

/** A bench whose calls last until they are ended, on a clock that is set by hand. */
function scripted() {
  let now = 0;
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const call = <T>(value: T): Promise<T> =>
    new Promise((resolve, reject) => {
      ends.push(() => resolve(value));
      fails.push(reject);
    });
  const bench: Bench = {
    quantumNs: 5,
    now: () => now,
    compile: () => call(1),
    verify: () => call({ maxError: 0, firstNs: 1 }),
    time: () => call([7]),
  };
  return { bench, ends, fails, at: (ms: number) => (now = ms) };
}

test('compilations side by side count once, from the first beginning to the last end', async () => {
  const { bench, ends, at } = scripted();
  const watch = new Stopwatch(bench, atOnce);
  at(10);
  const first = watch.compile(0);
  at(15);
  const second = watch.compile(1);
  at(40);
  ends[0]();
  await first;
  at(60);
  ends[1]();
  await second;
  expect(watch.spentMs).toEqual({ compile: 50, verify: 0, time: 0 });
});

test('each part is added up, failures included, and answers pass through', async () => {
  const { bench, ends, fails, at } = scripted();
  const watch = new Stopwatch(bench, atOnce);
  expect([watch.quantumNs, watch.now(), watch.interruption]).toEqual([5, 0, undefined]);
  const wrong = watch.verify(0);
  at(3);
  fails[0](new Error('refused'));
  await expect(wrong).rejects.toThrow('refused');
  const right = watch.verify(1);
  at(10);
  ends[1]();
  expect(await right).toEqual({ maxError: 0, firstNs: 1 });
  const timed = watch.time([{ candidate: 0, repeats: 1 }]);
  at(14);
  ends[2]();
  expect(await timed).toEqual([7]);
  expect(watch.spentMs).toEqual({ compile: 0, verify: 10, time: 4 });
});

test('the time until the device is free counts neither as measuring nor toward a budget', async () => {
  const { bench, ends, at } = scripted();
  const waiting: (() => void)[] = [];
  const watch = new Stopwatch(bench, async (work) => {
    await new Promise<void>((free) => waiting.push(free));
    return work();
  });
  const verified = watch.verify(0);
  at(500);
  waiting[0]();
  await Promise.resolve();
  await Promise.resolve();
  at(503);
  ends[0]();
  await verified;
  expect([watch.spentMs.verify, watch.now()]).toEqual([3, 3]);
});
