/**
 * @file A real sshd on loopback, for tests: keys of its own, one account, gone at the end.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findPrograms } from '../../src/machine/programs.ts';
import type { SshAddress } from '../../src/remote/ssh/connection.ts';

export interface TestSshd {
  /** How to get in; known_hosts has its key. */
  readonly address: SshAddress;
  readonly folder: string;
  stop(): Promise<void>;
}

/** `more` are further lines of its configuration. */
export async function startSshd(more: readonly string[] = []): Promise<TestSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-sshd-'));
  const keygen = (name: string): void =>
    void execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const home = join(folder, 'home');
  mkdirSync(home);
  keygen('host');
  keygen('user');
  const publicKey = (name: string): string => readFileSync(join(folder, `${name}.pub`), 'utf8');
  writeFileSync(join(folder, 'authorized_keys'), publicKey('user'), { mode: 0o600 });
  const port = await freePort();
  writeFileSync(
    join(folder, 'config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      `PidFile ${folder}/pid`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'StrictModes no',
      'UsePAM no',
      // A home without a .bashrc: what this machine's does at every command is no part of a test.
      `SetEnv TMPDIR=${tmpdir()} HOME=${home}`,
      ...more,
    ].join('\n'),
  );
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true }); // where root's sshd separates its privileges

  const [program] = findPrograms(/^sshd$/, ['/usr/sbin', '/usr/local/sbin']);
  const child = spawn(program, ['-D', '-e', '-f', join(folder, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Server listening')) resolve();
    });
    child.on('exit', () => reject(new Error(`sshd does not start: ${log}`)));
  });
  const [type, key] = publicKey('host').split(' ');
  return {
    folder,
    address: {
      host: '127.0.0.1',
      port,
      username: userInfo().username,
      keys: [{ file: join(folder, 'user'), text: readFileSync(join(folder, 'user'), 'utf8') }],
      knownHosts: `[127.0.0.1]:${port} ${type} ${key}\n`,
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A port of loopback on which nobody listens. The system hands out ports from 32768 on, to whoever connects: one below
 * stays free until it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) =>
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true))),
    );
    if (free) return port;
  }
}
