/** Large files arrive as they were sent, and a connection that breaks is opened again. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import type { Progress, Transport } from '../../src/remote/transport.ts';
import { echo, failure } from '../support/jobs.ts';
import { pythonWithTorch, testJupyter, transportTo } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { startProxy } from '../support/proxy.ts';
import { startSshd } from '../support/sshd.ts';

const MiB = 2 ** 20;

/** Bytes without a pattern that a transport could get right by chance. */
function tensorsOf(bytes: number): Uint8Array<ArrayBuffer> {
  const data = new Int32Array(bytes / 4);
  for (let i = 0, x = 1; i < data.length; i++) data[i] = x = Math.imul(x, 1664525) + 1013904223;
  return encodeSafetensors([['weights', { dtype: 'int32', shape: [data.length], data }]]);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function expectEcho(transport: Transport, tensors: Uint8Array<ArrayBuffer>): Promise<Progress[]> {
  const progress: Progress[] = [];
  const { tensors: back } = await transport.run(echo(tensors), { onProgress: (p) => progress.push(p) });
  expect(sha256(back)).toBe(sha256(tensors));
  return progress;
}

/** How far each file had come whenever it was told. */
function told(progress: readonly Progress[], stage: Progress['stage'], total: number): number[] {
  return progress.filter((p) => p.stage === stage && p.total === total).map((p) => p.done!);
}

describeWith(['python', 'sshd'], 'the network', () => {
  let server: JupyterProcess;
  beforeAll(async () => {
    server = await testJupyter();
  });
  afterAll(() => server?.stop());

  const tensors = tensorsOf(64 * MiB);

  function expectProgress(progress: readonly Progress[]): void {
    for (const stage of ['uploading', 'downloading'] as const) {
      const done = told(progress, stage, tensors.length);
      expect(done.length).toBeGreaterThanOrEqual(8);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(done.at(-1)).toBe(tensors.length);
    }
  }

  test('64 MiB go up and come down through Jupyter, with equal checksums and progress', async () => {
    expectProgress(await expectEcho(transportTo(server), tensors));
  });

  test('64 MiB go up and come down through ssh, with equal checksums and progress', async () => {
    const sshd = await startSshd();
    try {
      expectProgress(await expectEcho(sshTransport('ssh', sshd.address, pythonWithTorch().path), tensors));
    } finally {
      await sshd.stop();
    }
  });

  test('a connection that is cut while uploading and while running is opened again, and nothing is lost', async () => {
    const proxy = await startProxy(Number(new URL(server.address).port));
    const transport = transportTo({ address: `http://127.0.0.1:${proxy.port}`, token: server.token });
    const small = tensorsOf(20 * MiB);
    const cuts: string[] = [];
    const cutOnce = (when: string): void => {
      if (cuts.includes(when)) return;
      cuts.push(when);
      proxy.cut();
    };
    try {
      const { tensors: back, log } = await transport.run(
        echo(small, 'import time\nprint("halfway", flush=True)\ntime.sleep(3)\nprint("awake", flush=True)'),
        {
          onProgress: ({ stage, text, done }) => {
            if (stage === 'uploading' && done === 8 * MiB) cutOnce('uploading');
            if (text === 'halfway') cutOnce('running');
          },
        },
      );
      expect(cuts).toEqual(['uploading', 'running']);
      expect(sha256(back)).toBe(sha256(small));
      expect(log).toContain('awake');
    } finally {
      await proxy.close();
    }
  });

  const whileDownloading = (kill: () => void) => ({
    onProgress: ({ stage }: Progress) => (stage === 'downloading' ? kill() : undefined),
  });

  test('a server that dies while results come down is told as gone', async () => {
    const dying = await testJupyter();
    const proxy = await startProxy(Number(new URL(dying.address).port)); // whose port no server that starts later takes
    const gone = await failure(
      transportTo({ address: `http://127.0.0.1:${proxy.port}`, token: dying.token }).run(
        echo(tensorsOf(20 * MiB)),
        whileDownloading(() => {
          process.kill(dying.pid, 'SIGKILL');
          void proxy.close();
        }),
      ),
    );
    await dying.stop();
    expect(gone.kind).toBe('connection lost');
    expect(gone.message).toMatch(/nothing listens there.*did not come back within 30 s/);
  });

  // The first request after a cut is the library's, which asks no more for ten seconds after a 503; then it is ours.
  test.each([
    [403, 0, 'connection lost', /what answers there now does not accept the token \(status 403\)/],
    [403, 2, 'connection lost', /what answers there now does not accept the token \(status 403\)/],
    [404, 0, 'kernel died', /the server no longer has the kernel; it may have restarted/],
    [404, 2, 'kernel died', /the server no longer has the kernel; it may have restarted/],
  ])(
    'another server in its place that answers %i, after %i times 503, is told as one, whoever asks it first',
    async (status, unavailable, kind, message) => {
      let asked = 0;
      const other = createServer((_, response) =>
        response.writeHead(asked++ < unavailable ? 503 : status).end('{}'),
      ).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const proxy = await startProxy(Number(new URL(server.address).port));
      const lost = await failure(
        transportTo({ address: `http://127.0.0.1:${proxy.port}`, token: server.token }).run(
          echo(tensorsOf(20 * MiB)),
          whileDownloading(() => proxy.turnTo((other.address() as AddressInfo).port)),
        ),
      );
      await proxy.close();
      other.close();
      expect(lost.kind).toBe(kind);
      expect(lost.message).toMatch(message);
    },
  );

  test('an ssh connection that is cut while results come down is told as lost', async () => {
    const sshd = await startSshd();
    const proxy = await startProxy(sshd.address.port!);
    const address = {
      ...sshd.address,
      port: proxy.port,
      knownHosts: sshd.address.knownHosts.replace(`:${sshd.address.port} `, `:${proxy.port} `),
    };
    const cut = await failure(
      sshTransport('ssh', address, pythonWithTorch().path).run(
        echo(tensorsOf(8 * MiB)),
        whileDownloading(() => proxy.cut()),
      ),
    );
    await Promise.all([proxy.close(), sshd.stop()]);
    expect(cut).toMatchObject({ kind: 'connection lost', message: 'ssh: the connection to 127.0.0.1 was lost' });
  });

  test('a slow link only takes longer', async () => {
    const proxy = await startProxy(Number(new URL(server.address).port), 256 * 1024);
    try {
      await expectEcho(
        transportTo({ address: `http://127.0.0.1:${proxy.port}`, token: server.token }),
        tensorsOf(MiB / 2),
      );
    } finally {
      await proxy.close();
    }
  });
});
