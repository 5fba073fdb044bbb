/** What only a Jupyter server can do wrong: each has a message of its own, and no kernel is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { failure, script } from '../support/jobs.ts';
import { pythonWithTorch, testJupyter, transportTo } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { freePort } from '../support/sshd.ts';

let server: JupyterProcess;

async function kernels(): Promise<unknown[]> {
  const response = await fetch(`${server.address}api/kernels`, { headers: { Authorization: `token ${server.token}` } });
  return (await response.json()) as unknown[];
}

/** A web server that answers all alike, for as long as `use` lasts. */
async function withServer<T>(
  answer: Parameters<typeof createServer>[1],
  use: (address: string) => Promise<T>,
): Promise<T> {
  const web = createServer(answer!);
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(web.address() as AddressInfo).port}`);
  } finally {
    web.close();
  }
}

describeWith(['python'], 'a Jupyter server', () => {
  beforeAll(async () => {
    server = await testJupyter();
  });
  afterAll(() => server?.stop());

  test.each([
    ['ends well or badly', 'raise ValueError', 'python exception'],
    ['dies in mid-run, and the server starts another in its place', 'import os\nos._exit(1)', 'kernel died'],
  ])('keeps no kernel that %s', async (_how, program, kind) => {
    expect((await failure(transportTo(server).run(script(program)))).kind).toBe(kind);
    await expect.poll(kernels).toEqual([]);
  });

  test('that we started ends with us, even when we are killed', async () => {
    const child = spawn('node_modules/.bin/tsx', ['test/support/start-jupyter.ts', pythonWithTorch().path], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const address = String((await once(child.stdout, 'data'))[0]).trim();
    expect((await fetch(`${address}api`)).status).toBe(200);
    process.kill(-child.pid!, 'SIGKILL');
    await expect
      .poll(() =>
        fetch(`${address}api`).then(
          () => 'alive',
          () => 'gone',
        ),
      )
      .toBe('gone');
  });

  const job = script('pass');

  test('a wrong token', async () => {
    const error = await failure(transportTo({ address: server.address, token: 'wrong' }).run(job));
    expect(error.kind).toBe('wrong token');
    expect(error.message).not.toContain('xsrf');
    expect(error.message).not.toContain('wrong token');
  });

  test('a missing token', async () => {
    const error = await failure(transportTo({ address: server.address, token: '' }).run(job));
    expect(error.message).toContain('needs a token');
  });

  test('a dead port', async () => {
    const error = await failure(transportTo({ address: `http://127.0.0.1:${await freePort()}`, token: 't' }).run(job));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('nothing listens there');
  });

  test('another web server', async () => {
    const error = await withServer(
      (_, response) => response.end('<html>hello</html>'),
      (address) => failure(transportTo({ address, token: 't' }).run(job)),
    );
    expect(error.kind).toBe('not a jupyter server');
  });

  test('a redirect is not followed, so the token reaches no other host', async () => {
    const seen: unknown[] = [];
    const thief: Parameters<typeof createServer>[1] = (request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"version":"1"}');
    };
    const error = await withServer(thief, (target) =>
      withServer(
        (_, response) => response.writeHead(302, { location: `${target}/api` }).end(),
        (address) => failure(transportTo({ address, token: 'secret' }).run(job)),
      ),
    );
    expect(error.kind).toBe('forbidden');
    expect(seen).toEqual([]);
  });

  test('text that is no address, without echoing a token in it', async () => {
    const error = await failure(
      (async () => transportTo({ address: 'localhost 8888?token=secret', token: 't' }).run(job))(),
    );
    expect(error.message).toContain('is not an address');
    expect(error.message).not.toContain('secret');
  });
});
