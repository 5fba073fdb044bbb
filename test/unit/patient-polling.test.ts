/**
 * Intent: Dawn's questions whether the GPU is done leave the processor alone: few in a long wait, none late by more
 * than its share. Other callbacks notice nothing.
 */
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { patient, pollPatiently } from '../../src/machine/patient-polling.ts';

/** A clock that each turn of the event loop moves by 10 µs, and each pause by its length. */
function simulated() {
  let now = 0;
  const queue: (() => void)[] = [];
  const immediate = patient((callback) => queue.push(callback), {
    now: () => now,
    sleep: (ms) => void (now += ms),
    later: (callback, ms) => {
      now += ms;
      return queue.push(callback);
    },
  });
  const turn = (): void => {
    now += 0.01;
    queue.shift()?.();
  };
  return { immediate, turn, now: () => now };
}

/** Bound functions look native, as those of Dawn's binding are. */
const native = (callback: () => void): (() => void) => callback.bind(undefined);

/** How often a wait of so many milliseconds asks, and at what time it is told. */
function waited(ms: number): { asked: number; at: number } {
  const { immediate, turn, now } = simulated();
  let asked = 0;
  let isDone = false;
  const ask = native(() => {
    asked++;
    if (now() >= ms) isDone = true;
    else immediate(ask);
  });
  immediate(ask);
  while (!isDone) turn();
  return { asked, at: now() };
}

test.each([0.1, 1, 10, 100, 1000])('a wait of %d ms is told in time', (ms) => {
  const { at } = waited(ms);
  expect(at).toBeGreaterThanOrEqual(ms);
  expect(at).toBeLessThanOrEqual(Math.min(ms * 1.05, ms + 2) + 0.05);
});

test('a long wait asks seldom', () => {
  expect(waited(1).asked).toBeLessThan(70);
  expect(waited(1000).asked).toBeLessThan(700);
});

test('each wait begins anew', () => {
  const { immediate, turn, now } = simulated();
  const ask = native(() => {
    if (now() < 50) immediate(ask);
  });
  immediate(ask);
  while (now() < 50) turn();
  turn();
  const before = now();
  let at = Infinity;
  immediate(native(() => (at = now())));
  turn();
  expect(at - before).toBeLessThan(0.02);
});

test('other callbacks are scheduled as they are, with their arguments', () => {
  const scheduled: unknown[][] = [];
  const immediate = patient((...all) => scheduled.push(all));
  const callback = (): void => {};
  immediate(callback, 1, 2);
  expect(scheduled).toEqual([[callback, 1, 2]]);
});

test('setImmediate stays what Node makes of it', async () => {
  pollPatiently();
  expect(await promisify(setImmediate)('value')).toBe('value');
  const cancelled = setImmediate(() => expect.unreachable());
  clearImmediate(cancelled);
  await new Promise((resolve) => setImmediate(resolve));
});
