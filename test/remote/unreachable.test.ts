/**
 * @file Intent: whoever gives an address at which nothing answers is told the cause and what to do, whichever way the
 * connection fails.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/remote/address.ts';
import { unreachable } from '../../src/remote/jupyter/server.ts';
import { connectionFailure } from '../../src/remote/network-error.ts';
import { settingsOf } from '../../src/remote/node/ssh-config.ts';
import { SshConnection } from '../../src/remote/ssh/connection.ts';
import { failure, script } from '../support/jobs.ts';
import { transportTo } from '../support/jupyter.ts';
import { freePort } from '../support/sshd.ts';

/** A message names a cause, and behind it what to do. */
const remedied = /: .+; (check|start|give|mend|see|use|connect|close|is )/;

/** What answers every connection with this, and closes it. */
async function answering<T>(text: string, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('a Jupyter server', () => {
  const told = async (address: string): Promise<string> =>
    (await failure(transportTo({ address, token: 't' }).run(script('pass')))).message;

  test.each([
    ['http://127.0.0.1:1', /127\.0\.0\.1:1 cannot be reached: fetch refuses port 1, .*start the server on 8888/],
    ['http://localhost:6000', /fetch refuses port 6000/],
    ['http://nowhere.invalid:8888', /the host name is (unknown|not found)/],
  ])('%s', async (address, says) => {
    const message = await told(address);
    expect(message).toMatch(says);
    expect(message).toMatch(remedied);
  });

  test('what speaks another protocol, or says nothing', async () => {
    expect(await answering('SSH-2.0-OpenSSH_9.2\r\n', (port) => told(`http://127.0.0.1:${port}`))).toMatch(
      /does not use http; check the port/,
    );
    expect(await answering('', (port) => told(`http://127.0.0.1:${port}`))).toMatch(remedied);
    expect(await answering('', (port) => told(`https://127.0.0.1:${port}`))).toMatch(remedied);
  });

  test('an address that can be none', () => {
    expect(() => parseAddress('http://127.0.0.1:99999')).toThrow(remedied);
    expect(() => parseAddress('ftp://127.0.0.1')).toThrow(remedied);
  });

  test('every code of the system, and what has none', () => {
    const codes = ['ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'EACCES', 'EADDRNOTAVAIL', 'ENOTHINGKNOWN'];
    for (const code of [...codes, 'UND_ERR_CONNECT_TIMEOUT', 'HPE_INVALID_CONSTANT'])
      expect(
        unreachable(
          'http://host:8888/',
          new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
        ).message,
      ).toMatch(remedied);
    expect(unreachable('http://host/', new TypeError('fetch failed')).message).toMatch(/; the server is not there, or/);
    expect(connectionFailure(undefined, 'odd')).toBe('odd; check the host and the port, and whether the server runs');
  });
});

describe('ssh', () => {
  const told = async (host: string, port: number): Promise<string> =>
    (await failure(SshConnection.open({ host, port, username: 'user', keys: [], knownHosts: '', agent: '/nowhere' })))
      .message;

  test('a host that is unknown', async () => {
    expect(await told('nowhere.invalid', 22)).toMatch(/cannot be reached: the host name is .*; check/);
  });
  test('a port at which nothing listens', async () => {
    expect(await told('127.0.0.1', await freePort())).toMatch(/nothing listens on .*; is the container's port 22/);
  });
  test('a port of something else', async () => {
    expect(await answering('HTTP/1.1 200 OK\r\n\r\n', (port) => told('127.0.0.1', port))).toMatch(remedied);
  });
  test('an account that is no word', async () => {
    await expect(settingsOf({ host: '-oProxyCommand=touch' })).rejects.toThrow(remedied);
  });
});
