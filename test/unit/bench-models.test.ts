/**
 * Intent: the bench of models compares what is comparable: a side whose outputs differ has no times, one that cannot
 * says why, all others take turns one at a time, and the figure at the end is against the fastest peer on the same
 * device.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { watch } from '../../bench/models/child.ts';
import { initializer, model, node } from '../../bench/onnx.ts';
import { dataOf } from '../../bench/models/parameters.ts';
import type { Answer, Remote } from '../../bench/models/protocol.ts';
import { formatResults, ratioToFastestPeer } from '../../bench/models/report.ts';
import type { Candidate } from '../../bench/models/rounds.ts';
import { measure } from '../../bench/models/rounds.ts';
import { workloads } from '../../bench/models/workloads.ts';

const log: string[] = [];

/** A side with these outputs and times of a call. */
function side(name: string, outputs: readonly number[] | string, ms: readonly number[] = []): Candidate {
  let at = 0;
  const remote: Remote = {
    ask: async (request): Promise<Answer> => {
      if (request.do === 'time') log.push(`${name} ×${request.calls}`);
      if (request.do === 'time') return { is: 'timed', ms: ms[at++ % ms.length] };
      return typeof outputs === 'string'
        ? { is: 'failed', reason: outputs }
        : { is: 'prepared', firstMs: 50, outputs: Float32Array.from(outputs), peakBytes: 2048, kernels: 3 };
    },
    resume: () => log.push(`${name} runs`),
    suspend: () => log.push(`${name} stops`),
    end: () => {},
  };
  return { name, flags: 'usual', remote };
}

const options = { rounds: 3, turnMs: 10, tolerance: 1e-3, onProgress: () => {} };

test('outputs decide who is measured, and sides take turns', async () => {
  log.length = 0;
  const timings = await measure(
    'w',
    [
      side('wuDNN 1 compiled', [1, 2], [4, 2, 3, 4]),
      side('a peer', [1, 2.0001], [10, 8, 9, 10]),
      side('a wrong one', [1, 2.1], [1]),
      side('NaN', [1, NaN], [1]),
      side('unable', 'it does not train'),
      side('PyTorch 2 on the CPU', [1, 2], [1]),
    ],
    options,
  );
  expect(timings.map(({ name, medianMs, rounds }) => [name, medianMs, rounds])).toEqual([
    ['PyTorch 2 on the CPU', 1, 3],
    ['wuDNN 1 compiled', 3, 3],
    ['a peer', 9, 3],
    ['a wrong one', undefined, 0],
    ['NaN', undefined, 0],
    ['unable', undefined, 0],
  ]);
  expect(timings.slice(3).map(({ failure }) => failure)).toEqual([
    expect.stringContaining('differs by 6.3e-2 of the rms'),
    expect.stringContaining('differs by NaN'),
    'it does not train',
  ]);
  expect(log.slice(-9)).toEqual(
    ['wuDNN 1 compiled ×3', 'a peer ×1', 'PyTorch 2 on the CPU ×10'].flatMap((turn) => {
      const name = turn.replace(/ ×\d+$/, '');
      return [`${name} runs`, turn, `${name} stops`];
    }),
  );
  expect(ratioToFastestPeer(timings)).toEqual({ ratio: 3, peer: 'a peer' });
  const text = formatResults({
    adapter: 'a GPU',
    software: false,
    host: 'a host',
    command: 'npm run bench -- models',
    tolerance: 1e-3,
    workloads: [{ name: 'w', timings }],
  });
  expect(text).toContain('compiled wuDNN is 3.00 times as fast as a peer');
  expect(text).toContain('unable: it does not train');
});

test('a side that fails among the rounds is told with its cause, and the others go on', async () => {
  const dying = side('dying', [1, 2], [1]);
  let asked = 0;
  const remote: Remote = {
    ...dying.remote,
    ask: async (request) =>
      request.do === 'time' && ++asked > 2 ? { is: 'failed', reason: 'its process died' } : dying.remote.ask(request),
  };
  const timings = await measure('w', [side('steady', [1, 2], [1]), { ...dying, remote }], options);
  expect(timings.map(({ name, rounds, failure }) => [name, rounds, failure])).toEqual([
    ['steady', 3, undefined],
    ['dying', 1, 'its process died'],
  ]);
});

test('a process that ends by itself says how, with the last lines of its standard error', async () => {
  const started = (script: string) =>
    watch(spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] }));
  expect(await started("console.error('one\\ntwo'); process.exitCode = 3").ended).toBe(
    'its process ended with status 3\n  one\n  two',
  );
  const endless = started('setInterval(() => {}, 1000)');
  endless.end();
  expect(await endless.ended).toBe('its process was ended by SIGKILL');
  expect(await watch(spawn('/nowhere/python', { stdio: ['ignore', 'ignore', 'pipe'] })).ended).toContain('ENOENT');
});

test('no child outlives a bench that a signal ends', async () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { watch } from './bench/models/child.ts';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'pipe'] });
    watch(child);
    child.once('spawn', () => child.kill('SIGSTOP') && console.log('stopped'));
  `;
  const bench = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(bench.stdout, 'data');
  const closed = once(bench, 'close'); // when nobody holds its standard output any more
  bench.kill('SIGHUP');
  expect(await closed).toEqual([129, null]);
});

test('every workload has its weights, the same each time', () => {
  expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
  const count = (name: string): number => {
    const { parameters } = dataOf(workloads.find((workload) => workload.name === name)!);
    return [...parameters.values()].reduce((sum, { data, fixed }) => sum + (fixed ? 0 : data.length), 0);
  };
  // torchvision's models have as many.
  expect(count('resnet18-224')).toBe(11_689_512);
  expect(count('mobilenet-v2')).toBe(3_504_872);
  const [first, second] = [0, 1].map(() => dataOf(workloads[0]));
  expect(first.input).toEqual(second.input);
  expect([...first.parameters]).toEqual([...second.parameters]);
});

test('ONNX models are written field by field', () => {
  const bytes = model(
    [node('Clip', ['x', '', 'c'], ['y'], { axis: -1, e: { float: 1 } })],
    [initializer('c', [1], Float32Array.of(6))],
    { name: 'x', dims: [2] },
    { name: 'y', dims: [2] },
  );
  const text = String.fromCharCode(...bytes);
  for (const part of ['Clip', 'axis', '\x00\x00\x80\x3f', '\x00\x00\xc0\x40']) expect(text).toContain(part);
  // A negative int is a varint of ten bytes.
  expect(text).toContain('\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01');
});
