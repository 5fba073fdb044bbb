/** A job runs on a real kernel of a real Jupyter server, and each way in which it can fail has a message of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode } from '../../src/base/dtype.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { largestError } from '../../src/compare/compare.ts';
import { evaluate } from '../../src/graph/evaluate.ts';
import type { Job } from '../../src/remote/job.ts';
import { createJob, readHost } from '../../src/remote/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/remote/safetensors.ts';
import type { Progress, RemoteError } from '../../src/remote/transport.ts';
import { testJupyter, transportTo } from '../support/jupyter.ts';
import { smallCnn } from '../support/traces.ts';

let server: JupyterProcess;
beforeAll(async () => {
  server = await testJupyter();
});
afterAll(() => server?.stop());

/** A job whose program is the given Python. */
function script(program: string): Job {
  return { model: 'Script', program, tensors: encodeSafetensors([]) };
}

const failure = (run: Promise<unknown>): Promise<RemoteError> => run.then(() => Promise.reject(new Error('it succeeded')), (error) => error);

async function kernels(): Promise<unknown[]> {
  const response = await fetch(`${server.address}api/kernels`, { headers: { Authorization: `token ${server.token}` } });
  return (await response.json()) as unknown[];
}

describe('a job on a Jupyter server', () => {
  test('gives the numbers of the float64 reference, its times, versions and device, and leaves no kernel behind', async () => {
    const model = smallCnn();
    const progress: Progress[] = [];
    const { report, tensors, log } = await transportTo(server).run(await createJob(model, readHost), { onProgress: (p) => progress.push(p) });

    const [expected] = evaluate(model.outputs, 'float64');
    const output = decodeSafetensors(tensors).tensors.get('output')!;
    expect(output.shape).toEqual(model.outputs[0].shape);
    // 27 products of numbers below 1 in float32: 27 · 2⁻²⁴ · a few.
    expect(largestError(decode(output.dtype, output.data), expected)).toBeLessThan(5e-6);

    expect(report.model).toBe('SmallCNN');
    expect(report.times.warm_ms).toHaveLength(20);
    expect(Math.min(...report.times.warm_ms)).toBeGreaterThan(0);
    expect(report.versions['torch']).toMatch(/^\d+\.\d+/);
    expect(report.outputs).toEqual([{ name: 'output', shape: [4, 16, 32, 32], dtype: 'float32' }]);
    expect(log).toContain('measuring: 20 runs');
    expect([...new Set(progress.map((p) => p.stage))]).toEqual(['connecting', 'starting', 'uploading', 'running', 'downloading']);
    expect(await kernels()).toEqual([]);
  });

  test('a python exception is told with its name, message and traceback', async () => {
    const error = await failure(transportTo(server).run(script('def f():\n    raise ValueError("no such layer")\nf()')));
    expect(error.kind).toBe('python exception');
    expect(error.message).toContain('ValueError: no such layer');
    expect(error.detail).toContain('in f');
    expect(await kernels()).toEqual([]);
  });

  test('a kernel without PyTorch is told as such', async () => {
    const error = await failure(transportTo(server).run(script('import sys\nsys.modules["torch"] = None\nsys.path.clear()\nraise ModuleNotFoundError("No module named \'torch\'", name="torch")')));
    expect(error.kind).toBe('no torch');
  });

  test('memory that is not there is told as out of memory', async () => {
    const error = await failure(transportTo(server).run(script('import torch\ntorch.empty(2**50)')));
    expect(error.kind).toBe('out of memory');
  });

  test('a kernel that dies in mid-run is told, and the kernel that the server starts in its place is shut down', async () => {
    const error = await failure(transportTo(server).run(script('import os\nos._exit(1)')));
    expect(error.kind).toBe('kernel died');
    expect(await kernels()).toEqual([]);
  });

  test('cancel interrupts the running program', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const run = transportTo(server).run(script('import time\nprint("asleep", flush=True)\ntime.sleep(60)'), {
      signal: controller.signal,
      onProgress: ({ text }) => {
        if (text === 'asleep') controller.abort();
      },
    });
    expect((await failure(run)).kind).toBe('cancelled');
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(await kernels()).toEqual([]);
  });

  test('a program that writes no results, or wrong ones, is refused', async () => {
    const none = await failure(transportTo(server).run(script('pass')));
    expect(none.message).toMatch(/report\.json/);
    const wrong = await failure(transportTo(server).run(script(
      'import sys\nopen(sys.argv[1] + "/report.json", "w").write("{}")\nopen(sys.argv[1] + "/results.safetensors", "wb").write(b"x" * 100)')));
    expect(wrong.kind).toBe('bad results');
    expect(wrong.message).toContain("'format' is missing");
  });
});

describe('an address that does not serve', () => {
  const job = script('pass');

  test('a wrong token', async () => {
    const error = await failure(transportTo({ address: server.address, token: 'wrong' }).run(job));
    expect(error.kind).toBe('wrong token');
    expect(error.message).not.toContain('xsrf');
    expect(error.message).not.toContain('wrong token');
  });

  test('a missing token', async () => {
    const error = await failure(transportTo({ address: server.address, token: '' }).run(job));
    expect(error.message).toContain('wants a token');
  });

  test('a dead port', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const error = await failure(transportTo({ address: `http://127.0.0.1:${port}`, token: 't' }).run(job));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('nothing listens there');
  });

  test('another web server', async () => {
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await failure(transportTo({ address: `http://127.0.0.1:${port}`, token: 't' }).run(job));
    other.close();
    expect(error.kind).toBe('not a jupyter server');
  });

  test('a redirect is not followed, so the token reaches no other host', async () => {
    const seen: string[] = [];
    const thief = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.end('{"version":"1"}');
    });
    await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
    const { port } = thief.address() as AddressInfo;
    const redirecting = createServer((_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/api` }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const from = (redirecting.address() as AddressInfo).port;
    const error = await failure(transportTo({ address: `http://127.0.0.1:${from}`, token: 'secret' }).run(job));
    redirecting.close();
    thief.close();
    expect(error.kind).toBe('forbidden');
    expect(seen).toEqual([]);
  });

  test('text that is no address, without echoing a token in it', async () => {
    const error = await failure((async () => transportTo({ address: 'localhost 8888?token=secret', token: 't' }).run(job))());
    expect(error.message).toContain('is not an address');
    expect(error.message).not.toContain('secret');
  });
});
