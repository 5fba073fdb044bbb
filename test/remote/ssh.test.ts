/** ssh trusts only the host that the visitor knows, and says what is wrong with the way, the key or the account. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KnownHosts } from '../../src/remote/ssh/known-hosts.ts';
import type { SshAddress } from '../../src/remote/ssh/connection.ts';
import { SshConnection } from '../../src/remote/ssh/connection.ts';
import { examineSsh } from '../../src/remote/doctor/ssh.ts';
import type { SshKey } from '../../src/remote/ssh/keys.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import { failure, script } from '../support/jobs.ts';
import { describeWith } from '../support/needs.ts';
import type { TestSshd } from '../support/sshd.ts';
import { freePort, startSshd } from '../support/sshd.ts';

const keyAt = (file: string): SshKey => ({ file, text: readFileSync(file, 'utf8') });

describeWith(['sshd'], 'an ssh connection', () => {
  let sshd: TestSshd;
  let address: SshAddress;
  beforeAll(async () => {
    sshd = await startSshd();
    address = sshd.address;
  });
  afterAll(() => sshd?.stop());
  const open = (change: Partial<SshAddress>): Promise<SshConnection> => SshConnection.open({ ...address, ...change });

  test('runs a command and brings its status, output and errors', async () => {
    const connection = await open({});
    expect(await connection.run('cat; echo no >&2; exit 3', { stdin: new TextEncoder().encode('yes') })).toEqual({
      status: 3,
      stdout: 'yes',
      stderr: 'no\n',
    });
    connection.close();
  });

  test('a host that is not known is refused, with its fingerprint and the command that adds it', async () => {
    const error = await failure(open({ knownHosts: '' }));
    expect(error.kind).toBe('host key');
    const shown = execFileSync('ssh-keygen', ['-lf', join(sshd.folder, 'host.pub')], { encoding: 'utf8' });
    expect(error.message).toContain(/SHA256:\S+/.exec(shown)![0]);
    expect(error.message).toContain(`ssh-keyscan -p ${address.port} 127.0.0.1`);
  });

  test('a host that shows another key than before is refused as such', async () => {
    const other = readFileSync(join(sshd.folder, 'user.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    const error = await failure(open({ knownHosts: `[127.0.0.1]:${address.port} ${other}\n` }));
    expect(error.kind).toBe('host key');
    expect(error.message).toContain('a different key');
  });

  test('a key that the account does not accept', async () => {
    const error = await failure(open({ keys: [keyAt(join(sshd.folder, 'host'))] }));
    expect(error.kind).toBe('authentication');
    expect(error.message).toContain('authorized_keys');
  });

  test('text that is no key, and no key at all, without repeating the text', async () => {
    const planted = 'planted-secret';
    const error = await failure(open({ keys: [{ file: '~/.ssh/id_odd', text: planted }] }));
    expect(error.kind).toBe('authentication');
    expect(error.message).toContain('the private key ~/.ssh/id_odd cannot be used');
    expect(error.message).not.toContain(planted);
    expect((await failure(open({ keys: [] }))).message).toContain('there is no agent and no key');
  });

  test('of several keys the one that fits is found, and one that is broken stops nobody', async () => {
    const connection = await open({
      keys: [{ file: 'broken', text: 'no key' }, keyAt(join(sshd.folder, 'host')), ...address.keys!],
    });
    expect((await connection.run('echo in')).stdout).toBe('in\n');
    connection.close();
  });

  test('an agent that is gone gives way to the keys', async () => {
    const connection = await open({ agent: join(sshd.folder, 'no-such-socket') });
    expect((await connection.run('echo in')).stdout).toBe('in\n');
    connection.close();
  });

  describe('a key with a passphrase', () => {
    const passphrase = 'open sesame';
    let locked: SshKey;
    beforeAll(() => {
      const file = join(sshd.folder, 'locked');
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
      appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${file}.pub`, 'utf8'));
      locked = keyAt(file);
    });

    test('is opened by it, which is asked for once', async () => {
      const asked: string[] = [];
      const connection = await open({ keys: [locked], passphrase: async (file) => (asked.push(file), passphrase) });
      expect((await connection.run('echo in')).stdout).toBe('in\n');
      expect(asked).toEqual([locked.file]);
      connection.close();
    });

    test('is not needed where another key opens the door', async () => {
      const connection = await open({
        keys: [locked, ...address.keys!],
        passphrase: () => Promise.reject(new Error('asked')),
      });
      connection.close();
    });

    test('says what is missing, and what mends it', async () => {
      const error = await failure(open({ keys: [locked] }));
      expect(error).toMatchObject({
        kind: 'passphrase',
        message: `ssh: a passphrase is needed for the key ${locked.file}; give its passphrase, or put it into an agent: ssh-add ${locked.file}`,
      });
      const stages = await examineSsh({ ...address, keys: [locked] });
      expect(stages.slice(0, 3)).toMatchObject([
        { state: 'ok' },
        { state: 'ok' },
        { name: 'account', state: 'failed', remedy: `ssh-add ${locked.file}` },
      ]);
    });

    test('refuses a wrong one three times, and does not repeat it', async () => {
      const attempts: number[] = [];
      const error = await failure(
        open({ keys: [locked], passphrase: async (_, attempt) => (attempts.push(attempt), 'planted-secret') }),
      );
      expect(error).toMatchObject({ kind: 'passphrase', message: expect.stringContaining('does not open the key') });
      expect(attempts).toEqual([1, 2, 3]);
      expect(error.message).not.toContain('planted-secret');
    });

    test('is opened in the old PEM form too', async () => {
      const file = join(sshd.folder, 'pem');
      execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', passphrase, '-f', file]);
      appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${file}.pub`, 'utf8'));
      expect(
        (
          await failure(
            open({ keys: [keyAt(file)], passphrase: async (_, attempt) => (attempt === 1 ? 'wrong' : undefined) }),
          )
        ).kind,
      ).toBe('passphrase');
      const connection = await open({ keys: [keyAt(file)], passphrase: async () => passphrase });
      connection.close();
    });
  });

  test('an agent holds the key', async () => {
    const started = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const agent = /SSH_AUTH_SOCK=([^;]+)/.exec(started)![1];
    try {
      execFileSync('ssh-add', ['-q', join(sshd.folder, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
      const connection = await open({ keys: [], agent });
      expect((await connection.run('echo in')).stdout).toBe('in\n');
      connection.close();
    } finally {
      process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(started)![1]));
    }
  });

  test('a port on which nobody listens, and one that speaks something else', async () => {
    expect((await failure(open({ port: await freePort() }))).message).toContain('nothing listens');
  });

  test('a python that is not there is told as such', async () => {
    const error = await failure(sshTransport('ssh', address, '/no/such/python').run(script('')));
    expect(error.kind).toBe('no python');
  });
});

describe('known_hosts', () => {
  const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIE6Y1pUbqDBLbDGVlu0PqtO8fGrb3pGmPCKwBUMFHe1z', 'base64');
  const line = `ssh-ed25519 ${key.toString('base64')}`;

  test.each<[string, string, string, number, string]>([
    ['a host by name', `example.org ${line}`, 'example.org', 22, 'known'],
    ['a name in other letters', `Example.org ${line}`, 'EXAMPLE.ORG', 22, 'known'],
    ['a list with an address', `example.org,10.0.0.1 ${line} comment`, '10.0.0.1', 22, 'known'],
    ['a port of its own', `[example.org]:2222 ${line}`, 'example.org', 2222, 'known'],
    ['another port', `[example.org]:2222 ${line}`, 'example.org', 22, 'unknown'],
    ['a pattern', `*.example.org ${line}`, 'gpu.example.org', 22, 'known'],
    ['a pattern that excludes', `*.example.org,!gpu.example.org ${line}`, 'gpu.example.org', 22, 'unknown'],
    ['a dot that is no wildcard', `gpuxexample.org ${line}`, 'gpu.example.org', 22, 'unknown'],
    ['a revoked key', `@revoked * ${line}\nexample.org ${line}`, 'example.org', 22, 'revoked'],
    ['an authority, which is not a host', `@cert-authority * ${line}`, 'example.org', 22, 'unknown'],
    ['comments and blank lines', `# comment\n\nexample.org ${line}`, 'example.org', 22, 'known'],
  ])('%s', (_what, text, host, port, verdict) => {
    expect(new KnownHosts(text).judge(host, port, key)).toBe(verdict);
  });

  describeWith(['sshd'], 'hashed by OpenSSH', () => {
    test('is found all the same', async () => {
      const sshd = await startSshd();
      const file = join(sshd.folder, 'known_hosts');
      writeFileSync(file, `[gpu.example.org]:2222 ${line}\n`);
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
      const hashed = readFileSync(file, 'utf8');
      await sshd.stop();
      expect(hashed).toMatch(/^\|1\|/);
      expect(new KnownHosts(hashed).judge('gpu.example.org', 2222, key)).toBe('known');
      expect(new KnownHosts(hashed).judge('gpu.example.org', 22, key)).toBe('unknown');
    });
  });
});
