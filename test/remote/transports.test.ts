/** One test for all transports: each carries a real job to real PyTorch, and tells each failure as what it is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decode } from '../../src/base/dtype.ts';
import { largestError } from '../../src/compare/compare.ts';
import { evaluate } from '../../src/graph/evaluate.ts';
import { packJob, unpackResults } from '../../src/remote/file.ts';
import { createJob } from '../../src/remote/program.ts';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import type { Progress, RemoteResult, Transport } from '../../src/remote/transport.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import { localTransport } from '../../src/remote/local.ts';
import { container } from '../../src/remote/node/kinds/container.ts';
import type { PrerequisiteName } from '../../src/machine/prerequisites.ts';
import { failure, script } from '../support/jobs.ts';
import { pythonWithTorch, testJupyter, transportTo } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { startContainer } from '../support/podman.ts';
import { startSshd } from '../support/sshd.ts';
import { smallCnn } from '../support/traces.ts';
import { readHost } from '../support/read-host.ts';

interface OpenTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** What each needs besides a Python. */
const needs: Readonly<Record<string, PrerequisiteName>> = {
  ssh: 'sshd',
  'ssh over a jump host': 'sshd',
  container: 'podman',
};

const transports: Record<string, () => Promise<OpenTransport>> = {
  jupyter: async () => {
    const server = await testJupyter();
    return { transport: transportTo(server), close: () => server.stop() };
  },
  ssh: async () => {
    const sshd = await startSshd();
    return { transport: sshTransport('ssh', sshd.address, pythonWithTorch().path), close: () => sshd.stop() };
  },
  'ssh over a jump host': async () => {
    const [first, second] = [await startSshd(), await startSshd()];
    const address = { ...second.address, jump: first.address };
    return {
      transport: sshTransport('ssh', address, pythonWithTorch().path),
      close: async () => void (await Promise.all([first.stop(), second.stop()])),
    };
  },
  container: async () => {
    const { name, remove } = startContainer(temporary);
    const address = `podman:${name}${pythonWithTorch().path}`;
    return { transport: container.transport({ address, token: '' }), close: async () => remove() };
  },
  'this machine': async () => ({ transport: localTransport(pythonWithTorch().path), close: async () => {} }),
};

/** Whether nothing has to be connected to. */
const isHere = (name: string): boolean => name === 'this machine' || name === 'container';

const model = smallCnn(2, 16);

/** 27 products of numbers below 1 in float32: 27 · 2⁻²⁴ · a few. */
const tolerance = 5e-6;

function expectRightNumbers({ report, tensors }: RemoteResult): void {
  const output = decodeSafetensors(tensors).tensors.get('output')!;
  const [expected] = evaluate(model.outputs, 'float64');
  expect(output.shape).toEqual(model.outputs[0].shape);
  expect(largestError(decode(output.dtype, output.data), expected)).toBeLessThan(tolerance);
  expect(report.model).toBe('SmallCNN');
  expect(report.versions['torch']).toMatch(/^\d+\.\d+/);
}

/** The tests' own, where no other test leaves anything; sshd hands it on too. */
const temporary = mkdtempSync(join(tmpdir(), 'wudnn-transports-'));
const usual = process.env['TMPDIR'];
beforeAll(() => void (process.env['TMPDIR'] = temporary));
afterAll(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  rmSync(temporary, { recursive: true, force: true });
});

/** Folders of jobs that were left behind. */
const leftovers = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('wudnn-job-'));

describe.each(Object.keys(transports))('%s', (name) => {
  describeWith(name in needs ? ['python', needs[name]] : ['python'], 'carries a job', () => {
    let opened: OpenTransport;
    let before: string[];
    beforeAll(async () => {
      opened = await transports[name]();
    });
    beforeEach(() => {
      before = leftovers();
    });
    afterAll(() => opened?.close());
    const run = (program: string, options = {}): Promise<RemoteResult> =>
      opened.transport.run(script(program), options);

    test('there and back, with the right numbers, and leaves no folder', async () => {
      const progress: Progress[] = [];
      const result = await opened.transport.run(await createJob(model, readHost, { repeats: 3 }), {
        onProgress: (p) => progress.push(p),
      });
      expectRightNumbers(result);
      expect(result.report.times.warm_ms).toHaveLength(3);
      expect(result.log).toContain('measuring: 3 runs');
      expect([...new Set(progress.map((p) => p.stage))]).toEqual(
        ['connecting', 'starting', 'uploading', 'running', 'downloading'].slice(isHere(name) ? 1 : 0),
      );
      const sent = progress.filter((p) => p.stage === 'uploading').at(-1)!;
      expect(sent.done).toBe(sent.total);
      expect(leftovers()).toEqual(before);
    });

    test('and tells an exception with its name, message and traceback', async () => {
      const error = await failure(run('def f():\n    raise ValueError("no such layer")\nf()'));
      expect(error.kind).toBe('python exception');
      expect(error.message).toContain('ValueError: no such layer');
      expect(error.detail).toContain('in f');
    });

    test('and tells a missing PyTorch', async () => {
      expect((await failure(run('raise ModuleNotFoundError("No module named \'torch\'", name="torch")'))).kind).toBe(
        'no torch',
      );
    });

    test('and tells memory that is not there', async () => {
      expect((await failure(run('import torch\ntorch.empty(2**50)'))).kind).toBe('out of memory');
    });

    test('and tells a python that was killed', async () => {
      expect((await failure(run('import os, signal\nos.kill(os.getpid(), signal.SIGKILL)'))).kind).toBe('kernel died');
    });

    test('and interrupts it on cancel', async () => {
      const controller = new AbortController();
      const error = await failure(
        run('import time\nprint("asleep", flush=True)\ntime.sleep(3600)', {
          signal: controller.signal,
          onProgress: ({ text }: Progress) => {
            if (text === 'asleep') controller.abort();
          },
        }),
      );
      expect(error.kind).toBe('cancelled');
      expect(leftovers()).toEqual(before);
    });

    test('and does not begin what was cancelled before', async () => {
      expect((await failure(run('', { signal: AbortSignal.abort() }))).kind).toBe('cancelled');
    });

    test('and refuses results that are missing or wrong', async () => {
      expect((await failure(run('pass'))).message).toMatch(/report\.json/);
      const wrong = await failure(
        run(
          'import sys\nopen(sys.argv[1] + "/report.json", "w").write("{}")\nopen(sys.argv[1] + "/results.safetensors", "wb").write(b"x" * 100)',
        ),
      );
      expect(wrong.kind).toBe('bad results');
      expect(wrong.message).toContain("'format' is missing");
    });
  });
});

describeWith(['python'], 'the file transport', () => {
  let folder: string;
  let results: { name: string; bytes: Uint8Array }[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-file-'));
    const unpacked = unzipSync(packJob(await createJob(model, readHost, { repeats: 2 })));
    for (const [path, bytes] of Object.entries(unpacked)) writeFileSync(join(folder, path.split('/').at(-1)!), bytes);
    execFileSync(pythonWithTorch().path, ['job.py'], { cwd: folder });
    results = ['report.json', 'results.safetensors'].map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(join(folder, name))),
    }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes the two files that the program wrote by hand', () => expectRightNumbers(unpackResults(results)));

  test('takes them zipped, and nothing else from the zip', () => {
    const zipped = zipSync({
      'run/other.txt': strToU8('no'),
      ...Object.fromEntries(results.map(({ name, bytes }) => [`run/${name}`, bytes])),
    });
    expectRightNumbers(unpackResults([{ name: 'run.zip', bytes: zipped }]));
  });

  test('says which file is missing, and refuses one that is damaged', () => {
    expect(() => unpackResults(results.slice(0, 1))).toThrow(/results\.safetensors is missing/);
    expect(() =>
      unpackResults([results[0], { name: 'results.safetensors', bytes: results[1].bytes.subarray(0, -1) }]),
    ).toThrow(/safetensors/);
  });
});
