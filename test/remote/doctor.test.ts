/** The doctor finds each thing that can be wrong on the way to a remote, at its stage, with what mends it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { examine as examineNamed } from '../../src/remote/node/access.ts';
import { examineJupyter } from '../../src/remote/doctor/jupyter.ts';
import { examineSsh } from '../../src/remote/doctor/ssh.ts';
import type { StageResult } from '../../src/remote/doctor/stages.ts';
import { socketWithToken } from '../../src/remote/jupyter/node.ts';
import { pythonWithTorch, testJupyter, testJupyterWith } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { freePort, startSshd } from '../support/sshd.ts';

const pageOrigin = 'http://page.example';

interface Patient {
  readonly address: string;
  readonly token: string;
}

const examine = ({ address, token }: Patient, origin?: string): Promise<StageResult[]> =>
  examineJupyter({ address, token, WebSocket: socketWithToken(token), ...(origin && { origin }) });

/** The one stage that failed; the later ones must not have been reached. */
function failed(results: readonly StageResult[]): StageResult {
  const at = results.findIndex((stage) => stage.state === 'failed');
  expect(at, JSON.stringify(results)).toBeGreaterThanOrEqual(0);
  expect(results.slice(at + 1).every((stage) => stage.state === 'not reached')).toBe(true);
  return results[at];
}

describeWith(['python'], 'the doctor, for a Jupyter server,', () => {
  let server: JupyterProcess;
  beforeAll(async () => {
    server = await testJupyter([`--ServerApp.allow_origin=${pageOrigin}`]);
  });
  afterAll(() => server?.stop());

  test('passes a good one, and tells what is there', async () => {
    const heard: string[] = [];
    const results = await examineJupyter(
      {
        address: `${server.address}lab`,
        token: server.token,
        WebSocket: socketWithToken(server.token),
        origin: pageOrigin,
      },
      (stage) => heard.push(stage.name),
    );
    expect(results.map((stage) => stage.name)).toEqual([
      'address',
      'reachable',
      'encryption',
      'this page',
      'token',
      'kernel',
      'torch',
      'CUDA',
      'cuDNN',
      'versions',
      'distributed',
      'shared memory',
    ]);
    expect(heard).toEqual(results.map((stage) => stage.name));
    expect(results.filter((stage) => stage.state === 'failed')).toEqual([]);
    expect(results.find((stage) => stage.name === 'torch')!.message).toMatch(/^PyTorch \d+\.\d+.* on python 3/);
  });

  test('finds text that is no address', async () => {
    expect(failed(await examine({ address: 'no address', token: '' }))).toMatchObject({ name: 'address' });
  });

  test('finds a dead port', async () => {
    const stage = failed(await examine({ address: `http://127.0.0.1:${await freePort()}`, token: '' }));
    expect(stage).toMatchObject({ name: 'reachable', remedy: expect.stringContaining('jupyter server') });
    expect(stage.message).toContain('nothing listens');
  });

  test('tells to start no server on a port that servers do not have', async () => {
    expect(failed(await examine({ address: 'http://127.0.0.1:1', token: '' }))).toMatchObject({
      name: 'reachable',
      remedy: 'jupyter server list',
    });
  });

  test('finds a server that runs without a token', async () => {
    const open = await testJupyter(['--ServerApp.token=']);
    try {
      const stage = failed(await examine({ address: open.address, token: '' }));
      expect(stage.message).toContain('runs without a token');
      expect(stage.message).not.toContain('xsrf');
    } finally {
      await open.stop();
    }
  });

  test('finds a certificate that nobody vouches for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wudnn-tls-'));
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
      ],
      { stdio: 'ignore' },
    );
    const web = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end());
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const stage = failed(
      await examine({ address: `https://127.0.0.1:${(web.address() as AddressInfo).port}`, token: '' }),
    );
    web.close();
    rmSync(folder, { recursive: true });
    expect(stage.name).toBe('reachable');
    expect(stage.message).toContain('certificate is not trusted');
    expect(stage.remedy).toContain('ssh -L');
  });

  test('finds a page that the server does not allow', async () => {
    const stage = failed(await examine(server, 'http://other.example'));
    expect(stage).toMatchObject({
      name: 'this page',
      remedy: 'jupyter server --ServerApp.allow_origin=http://other.example',
    });
  });

  test('finds a wrong token, and does not repeat it', async () => {
    const results = await examine({ address: server.address, token: 'planted-token' });
    expect(failed(results)).toMatchObject({ name: 'token', remedy: 'jupyter server list' });
    expect(JSON.stringify(results)).not.toContain('planted-token');
  });

  test('finds a kernel that crashes at once', async () => {
    const crashing = await testJupyterWith('import os; os._exit(1)');
    const stage = failed(await examine(crashing));
    await crashing.stop();
    expect(stage.name).toBe('kernel');
  });

  test('finds a python without torch, and names the python', async () => {
    const bare = await testJupyterWith('import sys; sys.modules["torch"] = None');
    const stage = failed(await examine(bare));
    await bare.stop();
    expect(stage.name).toBe('torch');
    expect(stage.message).toContain('cannot import torch');
    expect(stage.remedy).toMatch(/-m pip install torch$/);
  });
});

describeWith(['python', 'sshd'], 'the doctor, for ssh,', () => {
  test('passes a good one, and finds what is wrong with the port, the host, the key and the python', async () => {
    const sshd = await startSshd();
    const { path } = pythonWithTorch();
    const good = await examineSsh(sshd.address, path);
    expect(good.map((stage) => stage.name).slice(0, 5)).toEqual([
      'reachable',
      'host key',
      'account',
      'python',
      'torch',
    ]);
    expect(good.filter((stage) => stage.state === 'failed')).toEqual([]);

    expect(failed(await examineSsh({ ...sshd.address, port: await freePort() }, path)).name).toBe('reachable');
    expect(failed(await examineSsh({ ...sshd.address, knownHosts: '' }, path))).toMatchObject({
      name: 'host key',
      remedy: expect.stringContaining('ssh-keyscan'),
    });
    expect(failed(await examineSsh({ ...sshd.address, keys: [] }, path))).toMatchObject({
      name: 'account',
      remedy: `ssh-copy-id -p ${sshd.address.port} ${sshd.address.username}@127.0.0.1`,
    });
    expect(failed(await examineSsh(sshd.address, '/no/such/python')).name).toBe('python');
    await sshd.stop();
  });
});

describeWith(['python'], 'the doctor, for a python of this machine,', () => {
  test('passes a good one, and finds one that is not there', async () => {
    const { path } = pythonWithTorch();
    const good = await examineNamed({ address: `python:${path}`, token: '' });
    expect(good.map((stage) => stage.name).slice(0, 2)).toEqual(['python', 'torch']);
    expect(good.filter((stage) => stage.state === 'failed')).toEqual([]);
    expect(failed(await examineNamed({ address: 'python:/no/such/python', token: '' }))).toMatchObject({
      name: 'python',
      remedy: 'which -a python3',
    });
  });
});

describeWith(['python'], 'wudnn doctor --remote', () => {
  const doctor = (address: string) =>
    spawnSync('node_modules/.bin/tsx', ['src/cli/main.ts', 'doctor', '--remote', address], {
      encoding: 'utf8',
      env: { ...process.env, WUDNN_TOKEN: 'planted-token' },
    });

  test('prints the stages, and its status is whether one failed', async () => {
    const good = doctor(`python:${pythonWithTorch().path}`);
    expect(good.stdout).toMatch(/^✓ python .*\n✓ torch +PyTorch/);
    expect(good.status).toBe(0);
    const bad = doctor(`http://127.0.0.1:${await freePort()}`);
    expect(bad.stdout).toMatch(/✓ address[\s\S]*✗ reachable[\s\S]*mend it: jupyter server[\s\S]*· shared memory/);
    expect(bad.status).toBe(1);
    expect(bad.stdout + bad.stderr).not.toContain('planted-token');
  });
});
