/**
 * What ~/.ssh/config says of a host is done as ssh does it, with the real ssh and sshd; a passphrase is asked for
 * without being shown.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { transportTo } from '../../src/remote/node/access.ts';
import { resolveSshAddress } from '../../src/remote/node/ssh-address.ts';
import { SshConnection } from '../../src/remote/ssh/connection.ts';
import { echo, failure } from '../support/jobs.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import type { TestSshd } from '../support/sshd.ts';
import { startSshd } from '../support/sshd.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';

describeWith(['sshd', 'python'], '~/.ssh/config', () => {
  let [sshd, door]: TestSshd[] = [];
  let home: string;
  let python: string;
  const before = { HOME: process.env['HOME'], SSH_AUTH_SOCK: process.env['SSH_AUTH_SOCK'], PATH: process.env['PATH'] };
  beforeAll(async () => {
    [sshd, door] = await Promise.all([startSshd(), startSshd()]);
    python = pythonWithTorch().path;
  });
  afterAll(() => Promise.all([sshd?.stop(), door?.stop()]));
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'wudnn-home-'));
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/known_hosts'), sshd.address.knownHosts + door.address.knownHosts);
    process.env['HOME'] = home;
    delete process.env['SSH_AUTH_SOCK'];
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(home, { recursive: true });
  });

  const config = (text: string): void => writeFileSync(join(home, '.ssh/config'), text, { mode: 0o600 });
  const hostOf = ({ address, folder }: TestSshd): string =>
    `  HostName 127.0.0.1\n  Port ${address.port}\n  User ${address.username}\n  IdentityFile ${folder}/user\n`;

  async function say(address: string): Promise<string> {
    const connection = await SshConnection.open((await resolveSshAddress(address)).ssh);
    const { stdout } = await connection.run('echo $SSH_CONNECTION');
    connection.close();
    return stdout.trim();
  }

  test('an alias has its host, port, user and key, and carries a job', async () => {
    config(`Host gpu\n${hostOf(sshd)}`);
    const transport = transportTo({ address: `ssh://gpu${python}`, token: '' });
    const tensors = encodeSafetensors([]);
    expect(transport.name).toBe('gpu');
    expect((await transport.run(echo(tensors))).tensors).toEqual(tensors);
  });

  test('included files, patterns, tokens and ~ are read as ssh reads them', async () => {
    config('Include more\n');
    writeFileSync(
      join(home, '.ssh/more'),
      `Host g*\n  HostName 127.0.0.1\nMatch host 127.0.0.1\n  Port ${sshd.address.port}\n  IdentityFile ~/.ssh/key-of-%r\n`,
    );
    writeFileSync(join(home, '.ssh', `key-of-${userInfo().username}`), readFileSync(join(sshd.folder, 'user')), {
      mode: 0o600,
    });
    expect(await say('ssh://gpu7')).toMatch(new RegExp(` ${sshd.address.port}$`));
  });

  test('what stands in the address wins over the config', async () => {
    config(`Host gpu\n  HostName 127.0.0.1\n  Port 9\n  User nobody\n  IdentityFile /no/such/key\n`);
    expect(await say(`ssh://${userInfo().username}@gpu:${sshd.address.port}?key=${sshd.folder}/user`)).toContain(
      '127.0.0.1',
    );
  });

  test('ProxyJump leads over another host, which has its own lines', async () => {
    config(`Host gpu\n${hostOf(sshd)}  ProxyJump door\nHost door\n${hostOf(door)}`);
    expect((await resolveSshAddress('ssh://gpu')).ssh.jump).toMatchObject({ port: door.address.port });
    expect(await say('ssh://gpu')).toMatch(new RegExp(` ${sshd.address.port}$`));
    await door.stop();
    expect((await failure(say('ssh://gpu'))).message).toContain(`nothing listens on 127.0.0.1:${door.address.port}`);
    door = await startSshd();
  });

  test('several hosts to go over are gone over in their order', async () => {
    const { ssh } = await resolveSshAddress('ssh://me@gpu?jump=a@first:2200,second');
    expect(ssh).toMatchObject({
      host: 'gpu',
      jump: { host: 'second', port: 22, jump: { host: 'first', port: 2200, username: 'a' } },
    });
    expect(ssh.jump!.jump!.jump).toBeUndefined();
  });

  test('HostKeyAlias is the name in known_hosts', async () => {
    const [, ...key] = sshd.address.knownHosts.trim().split(' ');
    writeFileSync(join(home, '.ssh/known_hosts'), `the-gpu ${key.join(' ')}\n`);
    config(`Host gpu\n${hostOf(sshd)}`);
    expect((await failure(say('ssh://gpu'))).kind).toBe('host key');
    config(`Host gpu\n${hostOf(sshd)}  HostKeyAlias the-gpu\n`);
    expect(await say('ssh://gpu')).toContain('127.0.0.1');
  });

  test('an agent of its own, and none', async () => {
    process.env['SSH_AUTH_SOCK'] = '/the/usual';
    config(
      'Host own\n  IdentityAgent ~/.ssh/agent\nHost none\n  IdentityAgent none\nHost only\n  IdentitiesOnly yes\n',
    );
    expect((await resolveSshAddress('ssh://any')).ssh.agent).toBe('/the/usual');
    expect((await resolveSshAddress('ssh://own')).ssh.agent).toBe(join(home, '.ssh/agent'));
    expect((await resolveSshAddress('ssh://none')).ssh.agent).toBeUndefined();
    expect((await resolveSshAddress('ssh://only')).ssh.agent).toBeUndefined();
  });

  test.each<[string, string, string, RegExp]>([
    [
      'a ProxyCommand is not run',
      'Host gpu\n  ProxyCommand touch HOME/ran\n',
      'ssh://gpu',
      /reaches gpu by a ProxyCommand.*use ProxyJump/,
    ],
    [
      'a circle of jumps ends',
      'Host gpu\n  ProxyJump door\nHost door\n  ProxyJump gpu\n',
      'ssh://gpu',
      /contain a loop/,
    ],
    [
      'a config that ssh refuses is told',
      'Host gpu\n  Prot 22\n',
      'ssh://gpu',
      /~\/\.ssh\/config cannot be used: .*line 2: Bad configuration option: prot/,
    ],
    ['a host that looks like an option is refused', '', 'ssh://-oProxyCommand=touch', /is not the name of a host/],
    [
      'an account that looks like a command is refused',
      '',
      'ssh://$(touch)@gpu',
      /is not the name of a host or an account/,
    ],
  ])('%s', async (_what, text, address, reason) => {
    config(text.replace('HOME', home));
    expect((await failure(resolveSshAddress(address))).message).toMatch(reason);
    expect(() => readFileSync(join(home, 'ran'))).toThrow(/ENOENT/);
  });

  test('without an ssh of this machine the usual keys are tried at the host as it was typed', async () => {
    process.env['PATH'] = '';
    writeFileSync(join(home, '.ssh/id_ed25519'), readFileSync(join(sshd.folder, 'user')), { mode: 0o600 });
    expect(await say(`ssh://127.0.0.1:${sshd.address.port}`)).toContain('127.0.0.1');
  });

  /** Runs `doctor --remote` in a terminal of its own, types when it is asked, and gives what the terminal showed. */
  function doctorInTerminal(address: string, typed: string): { status: number | null; shown: string } {
    const terminal = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, answered = b"", 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    shown += chunk
    if shown.count(b"Passphrase of") > answered:
        answered += 1
        os.write(terminal, sys.argv[1].encode())
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
    const { status, stdout } = spawnSync(
      python,
      ['-c', terminal, typed, process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'doctor', '--remote', address],
      { encoding: 'utf8' },
    );
    return { status, shown: stdout };
  }

  test('a passphrase is asked for in the terminal, which does not show it; a wrong one is asked for again', () => {
    const key = join(sshd.folder, 'locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', key]);
    appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`, 'utf8'));
    const address = `ssh://127.0.0.1:${sshd.address.port}${python}?key=${key}`;

    const right = doctorInTerminal(address, 'open sesame\r');
    expect(right.shown).toMatch(/Passphrase of \S+locked: \r\n[\s\S]*✓ account[\s\S]*✓ torch/);
    expect(right.shown).not.toContain('sesame');
    expect(right.status).toBe(0);

    const wrong = doctorInTerminal(address, 'planted-secret\r');
    expect(wrong.shown.match(/Passphrase of/g)).toHaveLength(3);
    expect(wrong.shown).toMatch(
      /Wrong passphrase[\s\S]*✗ account +ssh: the passphrase does not open the key[\s\S]*mend it: ssh-add/,
    );
    expect(wrong.shown).not.toContain('planted-secret');
    expect(wrong.status).toBe(1);

    expect(doctorInTerminal(address, '\u0003')).toMatchObject({
      status: 1,
      shown: expect.stringContaining('cancelled'),
    });

    process.env['WUDNN_PASSPHRASE'] = 'open sesame';
    const silent = doctorInTerminal(address, '');
    delete process.env['WUDNN_PASSPHRASE'];
    expect(silent.shown).not.toMatch(/Passphrase of|sesame/);
    expect(silent.status).toBe(0);
  });
});
