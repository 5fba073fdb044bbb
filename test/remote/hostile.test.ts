/**
 * @file Intent: a remote that lies, floods, stalls or hangs up at any time costs its run and nothing else: the run ends
 * with an error, in bounded memory, and no error reaches the process.
 */
import { spawnSync } from 'node:child_process';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type WebSocket from 'ws';
import { WebSocketServer } from 'ws';
import { transportTo } from '../../src/remote/node/access.ts';
import { localShell } from '../../src/remote/local.ts';
import { runInFolder } from '../../src/remote/shell.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import type { RemoteError } from '../../src/remote/transport.ts';
import { failure, script } from '../support/jobs.ts';
import { describeWith } from '../support/needs.ts';
import { startSshd } from '../support/sshd.ts';

const uncaught: unknown[] = [];
const remember = (error: unknown): void => void uncaught.push(error);
beforeEach(() => {
  uncaught.length = 0;
  process.on('uncaughtException', remember);
  process.on('unhandledRejection', remember);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  process.off('uncaughtException', remember);
  process.off('unhandledRejection', remember);
  expect(uncaught).toEqual([]);
});

interface Behaviour {
  /** Answers a request; the usual answer of a Jupyter server unless given. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What it does with the kernel's socket. */
  readonly socket?: (socket: WebSocket) => void;
}

const kernel = {
  id: '01234567-89ab-cdef-0123-456789abcdef',
  name: 'python3',
  last_activity: '',
  execution_state: 'starting',
  connections: 0,
};

async function startServer({
  answer = () => false,
  socket = () => {},
}: Behaviour): Promise<{ address: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    response.on('error', () => {});
    if (answer(request, response)) return;
    const path = new URL(request.url!, 'http://x').pathname;
    const send = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.method === 'DELETE') response.writeHead(204).end();
    else if (path === '/api') send(200, { version: '2.0' });
    else if (path === '/api/kernelspecs')
      send(200, { default: 'python3', kernelspecs: { python3: { spec: { language: 'python' } } } });
    else if (path.startsWith('/api/kernels')) send(request.method === 'POST' ? 201 : 200, kernel);
    else send(404, {});
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => false });
  sockets.on('connection', (ws) => {
    ws.on('error', () => {});
    socket(ws);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      sockets.clients.forEach((ws) => ws.terminate());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs a job on a server that behaves so, and stops after a while where it does not end by itself. */
async function against(behaviour: Behaviour, stopAfterMs = Infinity): Promise<RemoteError> {
  const server = await startServer(behaviour);
  const controller = new AbortController();
  const timer = stopAfterMs < Infinity ? setTimeout(() => controller.abort(), stopAfterMs) : undefined;
  try {
    return await failure(
      transportTo({ address: server.address, token: 't' }).run(script('pass'), { signal: controller.signal }),
    );
  } finally {
    clearTimeout(timer);
    await server.stop();
  }
}

const flood = (response: ServerResponse): true => {
  const more = (): void => {
    if (!response.destroyed && response.write('x'.repeat(2 ** 16))) setImmediate(more);
    else response.once('drain', more);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  more();
  return true;
};

test.each([
  'not json',
  '{}',
  '[]',
  'null',
  '{"header":null}',
  '{"header":{"msg_type":"status"},"content":{}}',
  JSON.stringify({
    header: { msg_type: 'stream', msg_id: 'a', session: 'a', username: '', date: '', version: '5' },
    parent_header: {},
    metadata: {},
    content: { name: 1, text: 2 },
    channel: 'iopub',
    buffers: [],
  }),
])('a message that is none ends the run: %s', async (text) => {
  const error = await against({ socket: (socket) => socket.send(text) });
  expect(error).toMatchObject({
    kind: 'bad results',
    message: expect.stringContaining("does not follow Jupyter's protocol"),
  });
});

test.each([
  ['bytes without a header', Buffer.alloc(3)],
  ['an offset beyond the end', Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['nothing', Buffer.alloc(0)],
])('a binary message of %s ends the run', async (_, bytes) => {
  expect((await against({ socket: (socket) => socket.send(bytes) })).kind).toBe('bad results');
});

test.each(['/api', '/api/kernelspecs', '/api/kernels'])('a body without end at %s is cut off', async (path) => {
  const before = process.memoryUsage().rss;
  const error = await against({
    answer: (request, response) =>
      new URL(request.url!, 'http://x').pathname === path && request.method !== 'DELETE' && flood(response),
  });
  expect(error.message).toMatch(/more than 4194304 bytes|does not start/);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
});

test('a server that stalls in mid-body, or that never opens the socket, is left at Stop', async () => {
  const stall =
    (path: string) =>
    (request: IncomingMessage, response: ServerResponse): boolean => {
      if (new URL(request.url!, 'http://x').pathname !== path) return false;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{');
      return true;
    };
  expect(await against({ answer: stall('/api') })).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('no answer within 15 s'),
  });
  expect((await against({}, 2000)).kind).toBe('cancelled');
});

test('a server that sends half a frame, or closes the socket whenever it is opened, ends the run', async () => {
  const half = await against(
    {
      socket: (socket) =>
        (socket as unknown as { _socket: { write(bytes: Buffer): void; destroy(): void } })._socket.write(
          Buffer.from([0x81, 0x7e, 0xff]),
        ),
    },
    3000,
  );
  expect(['cancelled', 'no kernel', 'connection lost', 'kernel died']).toContain(half.kind);
  const closing = await against({ socket: (socket) => socket.terminate() }, 5000);
  expect(['cancelled', 'no kernel', 'connection lost', 'kernel died']).toContain(closing.kind);
});

test.each([
  ['says nothing', ''],
  ['speaks another protocol', 'HTTP/1.0 200 OK\r\n\r\n'],
  ['sends a banner without end', undefined],
])('an ssh host that %s is told as such', async (_, text) => {
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    if (text !== undefined) return void socket.write(text);
    const more = (): void =>
      void (socket.destroyed || (socket.write('x'.repeat(2 ** 16)) ? setImmediate(more) : socket.once('drain', more)));
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port, username: 'me', keys: [], agent: '/nowhere', knownHosts: '' };
  const error = await failure(sshTransport('ssh', address).run(script('pass')));
  server.close();
  expect(error.kind).toBe('unreachable');
});

test('a command whose output never ends, or that is silent, is killed', async () => {
  const endless = await failure(localShell.run('yes'));
  expect(endless.message).toContain('more than 1048576 bytes');
  const silent = await failure(localShell.run('sleep 3600', { idleMs: 300 }));
  expect(silent.message).toContain('no data for 0.3 s');
});

test('Stop ends a transfer in its middle', async () => {
  const controller = new AbortController();
  // What it is given it never reads, and what it is asked for never ends.
  for (const command of ['sleep 3600', 'sleep 3600; cat /dev/zero']) {
    const ending = failure(localShell.run(command, { stdin: new Uint8Array(2 ** 22), signal: controller.signal }));
    setTimeout(() => controller.abort(), 200);
    expect((await ending).kind).toBe('cancelled');
  }
  expect(
    (await failure(runInFolder(localShell, 'python3', script('pass'), { signal: AbortSignal.abort() }))).kind,
  ).toBe('cancelled');
});

test('what nobody catches fails the run alone', async () => {
  const program = `
    import { sheltered } from './src/remote/node/shelter.ts'
    const outcome = await sheltered(() => new Promise(() => setTimeout(() => { throw new Error('thrown in an event') }, 10))).catch((error) => error.message)
    setTimeout(() => { throw new Error('a moment later') }, 10)
    await new Promise((resolve) => setTimeout(resolve, 100))
    console.log(outcome)
  `;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('remote: invalid data broke the connection: thrown in an event\n');
  expect(status).toBe(0);
});

describeWith(['sshd'], 'a real sshd', () => {
  test.each(['yes', 'yes >&2', 'cat /dev/zero'])('whose every command is %s ends the run', async (command) => {
    const sshd = await startSshd([`ForceCommand ${command}`]);
    try {
      const before = process.memoryUsage().rss;
      const error = await failure(sshTransport('ssh', sshd.address).run(script('pass')));
      expect(error.message).toContain('more than 1048576 bytes');
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    } finally {
      await sshd.stop();
    }
  });
});
