/**
 * Intent: what a profile shows follows from its events alone: the table has PyTorch's columns and limits, the trace is
 * what Chrome reads, a queue that answers late still gives times that add up, and profiling changes nothing that a
 * remote is sent.
 */
import { describe, expect, test } from 'vitest';
import type { ProfileData, ProfiledEvent } from '../../src/compile/profile-data.ts';
import { chromeTrace } from '../../src/compile/trace/chrome-trace.ts';
import { QueueTimes } from '../../src/gpu/queue-times.ts';
import { Session } from '../../src/session/session.ts';
import { averaged } from '../../src/torch/profiler/key-averages.ts';

const layer = (name: string, call: string) => ({ name, call });
const event = (name: string, start: number, end: number, more: Partial<ProfiledEvent> = {}): ProfiledEvent => ({
  device: 'webgpu',
  name,
  operation: 'conv2d',
  call: '1',
  layers: [layer('Net', 'a'), layer('Net.conv (Conv2d)', 'b')],
  inputShapes: [
    [1, 3, 8, 8],
    [4, 3, 3, 3],
  ],
  bytes: 2048,
  flops: 3_000_000,
  start,
  end,
  ...more,
});

/** Two kernels of a convolution, then a rectifier at the root: 1, 2 and 1 ms. */
const profiled: ProfileData = {
  events: [
    event('tiles', 10, 11, { flops: 0 }),
    event('product', 11, 13),
    event('pointwise relu', 14, 15, { operation: 'relu', call: '2', layers: [layer('Net', 'a')], flops: 256 }),
  ],
  leftOut: 0,
  wallMs: 6,
  device: { adapter: 'a GPU', software: false, clock: 'timestamp-query', quantumNs: 100 },
  ceilings: { flops: 2, bytes: 10, workgroup: 40 },
};

describe('the table', () => {
  test("has PyTorch's columns, the largest first, and says what the figures are", () => {
    expect(averaged(profiled, 'op', true).table({ sortBy: 'selfGpuTimeTotal' })).toBe(`\
------  --------  ----------  ---------  ------------  ----------  ------------  ----------------------------  -----  ------------  ------------
  Name  Self GPU  Self GPU %  GPU total  GPU time avg  # of Calls  # of Kernels                  Input Shapes  Bytes  Total MFLOPs  % of Ceiling
------  --------  ----------  ---------  ------------  ----------  ------------  ----------------------------  -----  ------------  ------------
conv2d   3.000ms      75.00%    3.000ms       3.000ms           1             2  [[1, 3, 8, 8], [4, 3, 3, 3]]  4 KiB         3.000        50.00%
  relu   1.000ms      25.00%    1.000ms       1.000ms           1             1  [[1, 3, 8, 8], [4, 3, 3, 3]]  2 KiB         0.000         0.02%
------  --------  ----------  ---------  ------------  ----------  ------------  ----------------------------  -----  ------------  ------------
Self GPU time total: 4.000ms on a GPU
Measured by timestamp queries, each kernel in a pass of its own, in steps of 0.100us; bytes and operations are computed
Measured ceilings: 2.00 GFLOP/s, 10.0 GB/s
Wall time from start to stop: 6.000ms
`);
  });

  test('shows as many rows as asked for, under a header, with long names cut', () => {
    const averages = averaged(profiled, 'kernel', false);
    const names = (text: string): string[] =>
      text.split('\n').flatMap((line) => /^ *(\S.*?) {2,}\d/.exec(line)?.[1] ?? []);
    expect(names(averages.table())).toEqual(['tiles', 'product', 'pointwise relu']);
    expect(names(averages.table('gpuTimeTotal', 1))).toEqual(['product']);
    expect(names(averages.table({ rowLimit: -1, maxNameColumnWidth: 8 }))).toEqual(['tiles', 'product', 'point...']);
    expect(averages.table({ header: 'step 3' })).toMatch(/^step 3\n-/);
    expect(() => averages.table({ sortBy: 'self_cuda_time_total' as never })).toThrow(/^table: sortBy is/);
  });

  test('a layer has its own time, and that of all inside', () => {
    const [net, conv] = averaged(profiled, 'layer', false);
    expect(net).toMatchObject({ key: 'Net', count: 1, selfGpuTimeTotal: 1000, gpuTimeTotal: 4000, kernels: 3 });
    expect(conv).toMatchObject({ key: 'Net.conv (Conv2d)', count: 1, selfGpuTimeTotal: 3000, gpuTimeTotal: 3000 });
  });
});

test('the trace is trace events: complete ones in microseconds from the first, on named tracks', () => {
  const trace = JSON.parse(chromeTrace(profiled)) as { traceEvents: Record<string, unknown>[] };
  for (const traced of trace.traceEvents)
    expect(traced).toMatchObject({
      name: expect.any(String),
      ph: expect.stringMatching(/^[XM]$/),
      pid: expect.any(Number),
      tid: expect.any(Number),
      ts: expect.any(Number),
    });
  const complete = trace.traceEvents.filter(({ ph }) => ph === 'X');
  expect(complete.map(({ cat, name, ts, dur }) => [cat, name, ts, dur])).toEqual([
    ['kernel', 'tiles', 0, 1000],
    ['kernel', 'product', 1000, 2000],
    ['kernel', 'pointwise relu', 4000, 1000],
    ['operation', 'conv2d', 0, 3000],
    ['operation', 'relu', 4000, 1000],
    ['layer', 'Net', 0, 5000],
    ['layer', 'Net.conv (Conv2d)', 0, 3000],
  ]);
  const named = new Set(trace.traceEvents.flatMap(({ name, tid }) => (name === 'thread_name' ? [tid] : [])));
  expect(complete.every(({ tid }) => named.has(tid))).toBe(true);
});

test('the trace has what the engine was busy with on the same time axis, where that is known', () => {
  const run = { phases: [{ name: 'compiling' as const, start: 8, end: 10 }], start: 7, end: 20 };
  const trace = JSON.parse(chromeTrace(profiled, run)) as { traceEvents: Record<string, unknown>[] };
  const found = trace.traceEvents.filter(({ cat, name }) => cat === 'program' || cat === 'phase' || name === 'tiles');
  expect(found.map(({ cat, name, ts, dur }) => [cat, name, ts, dur])).toEqual([
    ['kernel', 'tiles', 3000, 1000],
    ['program', 'run', 0, 13_000],
    ['phase', 'compiling', 1000, 2000],
  ]);
});

describe('a queue that tells when work is done', () => {
  /** Times of submissions at such times that the queue answers at such others. */
  async function spans(submitted: readonly number[], answered: readonly number[]): Promise<[number, number][]> {
    let now = 0;
    const answers: (() => void)[] = [];
    const times = new QueueTimes(
      () => new Promise<void>((resolve) => answers.push(resolve)),
      () => now,
    );
    for (const at of submitted) {
      now = at;
      times.submitted();
    }
    for (const [i, at] of answered.entries()) {
      now = at;
      answers[i]();
      await Promise.resolve();
      await Promise.resolve();
    }
    return (await times.end()).map(({ start, end }) => [start, end]);
  }

  test('work begins when it is submitted, or when the work before it ends', async () => {
    expect(await spans([0, 1, 10], [4, 6, 12])).toEqual([
      [0, 4],
      [4, 6],
      [10, 12],
    ]);
  });

  test('work that is answered for together shares the time evenly', async () => {
    expect(await spans([0, 0, 0], [3, 9, 9])).toEqual([
      [0, 3],
      [3, 6],
      [6, 9],
    ]);
  });
});

test('a program that takes a profile sends a remote the same as without', async () => {
  const program = (call: string): string => `
    import { torch, nn } from 'wudnn';
    const model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());
    const x = torch.ones(2, 4);
    ${call}
  `;
  const jobOf = async (text: string): Promise<unknown> => {
    const session = new Session({ versions: {} });
    const result = await session.run(text, { console: () => {}, progress: () => {} });
    expect(result).toMatchObject({ ok: true });
    const { id: _, ...job } = (await session.job()) as unknown as Record<string, unknown>;
    return job;
  };
  const plain = await jobOf(program('await model(x).data();'));
  const taken = await jobOf(
    program(`const prof = torch.profiler.profile();
    await prof.run(() => torch.profiler.recordFunction('forward', () => model(x)));
    prof.keyAverages().table();`),
  );
  expect(taken).toEqual(plain);
});

test('a profile that a program leaves running ends with it', async () => {
  const session = new Session({ versions: {} });
  const text = `import { torch } from 'wudnn';\nawait torch.profiler.profile().start();`;
  for (let i = 0; i < 2; i++)
    expect(await session.run(text, { console: () => {}, progress: () => {} })).toMatchObject({ ok: true });
});
