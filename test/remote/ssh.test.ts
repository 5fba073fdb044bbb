/** ssh trusts only the host that the visitor knows, and says what is wrong with the way, the key or the account. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KnownHosts } from '../../src/remote/ssh/known-hosts.ts';
import type { SshAddress } from '../../src/remote/ssh/connection.ts';
import { SshConnection } from '../../src/remote/ssh/connection.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import { failure, script } from '../support/jobs.ts';
import { describeWith } from '../support/needs.ts';
import type { TestSshd } from '../support/sshd.ts';
import { freePort, startSshd } from '../support/sshd.ts';

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
    expect(await connection.run('cat; echo no >&2; exit 3', { stdin: new TextEncoder().encode('yes') })).toEqual({ status: 3, stdout: 'yes', stderr: 'no\n' });
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
    expect(error.message).toContain('another key');
  });

  test('a key that the account does not accept', async () => {
    const error = await failure(open({ privateKey: readFileSync(join(sshd.folder, 'host'), 'utf8') }));
    expect(error.kind).toBe('authentication');
    expect(error.message).toContain('authorized_keys');
  });

  test('text that is no key, and a key whose passphrase is missing, without repeating them', async () => {
    const planted = 'planted-secret';
    const error = await failure(open({ privateKey: planted }));
    expect(error.kind).toBe('authentication');
    expect(error.message).not.toContain(planted);
    const locked = join(sshd.folder, 'locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', locked]);
    expect((await failure(open({ privateKey: readFileSync(locked, 'utf8') }))).message).toMatch(/passphrase/);
  });

  test('an agent holds the key', async () => {
    const started = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const agent = /SSH_AUTH_SOCK=([^;]+)/.exec(started)![1];
    try {
      execFileSync('ssh-add', ['-q', join(sshd.folder, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
      const { privateKey: _, ...rest } = address;
      const connection = await SshConnection.open({ ...rest, agent });
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
