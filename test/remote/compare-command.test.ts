/**
 * `wudnn compare`: the page's comparison on the command line, by every way to a PyTorch, and what it says where
 * something is wrong.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/compare.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import { listAdapters } from '../../src/machine/adapters.ts';
import type { RemoteComparison } from '../../src/compare/types.ts';
import type { CommandResult } from '../support/command.ts';
import { wudnn } from '../support/command.ts';
import { jupyterForAll } from '../support/hooks.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { freePort, startSshd } from '../support/sshd.ts';

const simpleCnn = 'src/playground/examples/1-simple-cnn.ts';

describeWith(['adapter', 'python', 'sshd'], 'wudnn compare', () => {
  let jupyter: JupyterProcess;
  let python: string;
  let folder: string;
  let adapter: string;
  jupyterForAll((server) => (jupyter = server));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-compare-'));
    python = `python:${pythonWithTorch().path}`;
    adapter = (await listAdapters()).find(({ software }) => software)!.name;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const compare = (program: string, ...args: string[]): Promise<CommandResult> =>
    wudnn(['compare', program, '--adapter', adapter, ...args], { env: { WUDNN_TOKEN: jupyter.token } });

  /** A program of its own for a test. */
  function programOf(name: string, text: string): string {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, `import { torch, nn, F, optim } from 'wudnn'\n${text}`);
    return file;
  }

  test('prints the tables of the page for two remotes, writes zip and JSON, and ends with 0', async () => {
    const [zip, json] = [join(folder, 'results.zip'), join(folder, 'results.json')];
    const { status, stdout, stderr } = await compare(
      simpleCnn,
      '--remote',
      python,
      '--remote',
      jupyter.address,
      '--gradients',
      '--zip',
      zip,
      '--json',
      json,
    );
    expect(status, stderr).toBe(0);
    for (const remote of [python, jupyter.address]) {
      expect(stdout).toMatch(
        new RegExp(
          `^${remote} +output +\\[4, 16, 16, 16\\] +(equal|within tolerance) .*effect of rounding to float32 .*$`,
          'm',
        ),
      );
      expect(stdout).toMatch(new RegExp(`^${remote} .*\\d to \\d.*perf_counter +python 3\\.\\S+, torch \\d`, 'm'));
      expect(stdout).toContain(`${remote}: Layer by layer: all 3 agree\n`);
      expect(stdout).toContain(`${remote}: Gradients of the sum of the outputs: all 3 agree\n`);
    }
    expect(stdout).toMatch(/^conv1 +Conv2d .* ms \(its kernels, \w+\) .* ms \(its call, by perf_counter\)$/m);
    expect(stderr).toContain('output shape: [4, 16, 16, 16]'); // what the program prints

    const { model, sides, errors } = JSON.parse(readFileSync(json, 'utf8')) as {
      model: string;
      sides: RemoteComparison[];
      errors: string[];
    };
    expect([model, errors]).toEqual(['SimpleCNN', []]);
    expect(sides.map(({ remote }) => remote)).toEqual([python, jupyter.address]);
    const files = unzipSync(new Uint8Array(readFileSync(zip)));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'manifest.json',
        'comparison.csv',
        'notebook.ipynb',
        'remote-1/gradients.csv',
        'remote-2/report.json',
      ]),
    );
    for (const [name, bytes] of Object.entries({
      ...files,
      json: new Uint8Array(readFileSync(json)),
      stdout: Buffer.from(stdout + stderr),
    })) {
      expect(Buffer.from(bytes).includes(jupyter.token), name).toBe(false);
    }
  });

  test('trains on both sides, and finds the cause of an error', async () => {
    const zip = join(folder, 'trained.zip');
    const program = programOf(
      'train',
      `
torch.manualSeed(1)
const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Tanh(), new nn.Linear(3, 2))
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const [x, y] = [torch.randn(8, 4), torch.randn(8, 2)]
for (let i = 0; i < 2; i++) {
  optimizer.zeroGrad()
  const loss = F.mseLoss(model(x), y)
  loss.backward()
  await optimizer.step()
}
`,
    );
    const { status, stdout, stderr } = await compare(
      program,
      '--remote',
      python,
      '--dtype',
      'bfloat16',
      '--train',
      '3',
      '--why',
      '--zip',
      zip,
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^Training: 3 steps of SGD, lr 0\.1, with a fresh optimizer/m);
    expect(stdout).toMatch(/^autocast computes in bfloat16 +there +the cause +output +\S+e-\d +\S+e-\d$/m);
    const files = unzipSync(new Uint8Array(readFileSync(zip)));
    expect(strFromU8(files['remote-1/training.csv']).trim().split('\r\n')).toHaveLength(4);
    expect(JSON.parse(strFromU8(files['manifest.json']))).toMatchObject({
      remotes: [
        {
          training: { steps: 3 },
          why: expect.arrayContaining([expect.objectContaining({ side: 'remote', is_it: 'the cause' })]),
        },
      ],
    });
  });

  test('takes results that were made by hand, in a folder or zipped, and refuses those of another job', async () => {
    const job = join(folder, 'job.zip');
    expect(await compare(simpleCnn, '--job', job)).toMatchObject({ status: 0, stdout: '' });
    const place = join(folder, 'by-hand');
    mkdirSync(place);
    for (const [name, bytes] of Object.entries(unzipSync(new Uint8Array(readFileSync(job)))))
      writeFileSync(join(place, name.split('/').at(-1)!), bytes);
    execFileSync(python.slice('python:'.length), ['job.py'], { cwd: place, stdio: 'ignore' });
    const zipped = join(folder, 'by-hand.zip');
    writeFileSync(
      zipped,
      zipSync(
        Object.fromEntries(
          ['report.json', 'results.safetensors'].map((name) => [name, new Uint8Array(readFileSync(join(place, name)))]),
        ),
      ),
    );

    const both = await compare(simpleCnn, '--remote', `file:${place}`, '--remote', `file:${zipped}`);
    expect(both.status, both.stderr).toBe(0);
    expect(both.stdout.match(/^\S+ +output +\[4, 16, 16, 16\] +(equal|within tolerance)/gm)).toHaveLength(2);
    const other = await compare('src/playground/examples/3-sequential.ts', '--remote', `file:${place}`);
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toContain('these results of SimpleCNN belong to another job than the last run of Sequential');
    expect((await compare(simpleCnn, '--remote', 'file:/no/such/folder')).stderr).toMatch(
      /file: \/no\/such\/folder cannot be read: ENOENT.*after python job\.py ran in it/,
    );
  });

  test('goes by ssh to a host of ~/.ssh/config', async () => {
    const sshd = await startSshd();
    const home = join(folder, 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    writeFileSync(join(home, '.ssh/known_hosts'), sshd.address.knownHosts);
    writeFileSync(
      join(home, '.ssh/config'),
      `Host gpu\n  HostName 127.0.0.1\n  Port ${sshd.address.port}\n  IdentityFile ${sshd.folder}/user\n`,
      { mode: 0o600 },
    );
    const address = `ssh://gpu${python.slice('python:'.length)}`;
    const { status, stdout, stderr } = await wudnn(['compare', simpleCnn, '--adapter', 'cpu', '--remote', address], {
      env: { HOME: home, SSH_AUTH_SOCK: '' },
    });
    await sshd.stop();
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${address} +output +\\[4, 16, 16, 16\\] +(equal|within tolerance)`, 'm'));
  });

  test('where one of two remotes fails, the other is compared all the same, and the status tells', async () => {
    const dead = `http://127.0.0.1:${await freePort()}/`;
    const { status, stdout, stderr } = await compare(simpleCnn, '--remote', dead, '--remote', python);
    expect(status).toBe(2);
    expect(stdout).toMatch(new RegExp(`^${python} +output`, 'm'));
    expect(stderr).toMatch(new RegExp(`^wudnn compare: ${dead}: jupyter: .* nothing listens there`, 'm'));
  });

  test('a token that the server does not accept', async () => {
    const { status, stderr } = await wudnn(['compare', simpleCnn, '--adapter', 'cpu', '--remote', jupyter.address], {
      env: { WUDNN_TOKEN: 'planted-token' },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/does not accept this token/);
    expect(stderr).not.toContain('planted-token');
  });

  test('Control-C interrupts the run, and nothing is printed as if it were a result', async () => {
    const ended = await wudnn(['compare', simpleCnn, '--adapter', 'cpu', '--remote', jupyter.address], {
      env: { WUDNN_TOKEN: jupyter.token },
      onStderr: (soFar, kill) => {
        if (soFar.includes('starting the kernel')) kill('SIGINT');
      },
    });
    expect(ended).toMatchObject({ status: 130, stdout: '' });
    const kernels = (): Promise<Response> =>
      fetch(`${jupyter.address}api/kernels`, { headers: { authorization: `token ${jupyter.token}` } });
    await expect.poll(async () => (await kernels()).json()).toEqual([]);
  });

  test('a kernel that is killed in the middle of the run', async () => {
    let killed = false;
    const { status, stdout, stderr } = await wudnn(
      ['compare', simpleCnn, '--adapter', 'cpu', '--remote', jupyter.address],
      {
        env: { WUDNN_TOKEN: jupyter.token },
        onStderr: (soFar) => {
          if (killed || !soFar.includes('running SimpleCNN')) return;
          killed = true;
          execFileSync('pkill', ['-KILL', '-P', String(jupyter.pid)]); // the server's children are its kernels
        },
      },
    );
    expect([status, stdout, killed]).toEqual([2, '', true]);
    expect(stderr).toMatch(/wudnn compare: jupyter: the kernel died during the run; out of memory is the usual cause/);
  });

  test.each<[string, string[], RegExp]>([
    ['no remote', [], /give a remote to compare with by --remote/],
    [
      'a dtype that is none',
      ['--remote', 'python:python3', '--dtype', 'float8'],
      /unknown --dtype float8; known are float32, tf32, bfloat16, float16/,
    ],
    [
      'steps that are none',
      ['--remote', 'python:python3', '--train', 'some'],
      /--train some is not a whole number of at least 1/,
    ],
    ['an address that is none', ['--remote', 'no address'], /'no address' is not an address/],
    ['one remote twice', ['--remote', 'python:python3', '--remote', 'python:python3'], /python:python3 is given twice/],
    [
      'a token too few',
      ['--remote', 'http://127.0.0.1:1024', '--remote', 'http://127.0.0.1:1025'],
      /WUDNN_TOKEN has 1 of 2 tokens/,
    ],
  ])('%s is refused before anything runs', async (_what, args, reason) => {
    vi.stubEnv('WUDNN_TOKEN', 'planted-token');
    const refusal = main([simpleCnn, '--adapter', 'cpu', ...args]).catch((error: Error) => error.message);
    expect(await refusal).toMatch(reason);
    expect(await refusal).not.toContain('planted-token');
    vi.unstubAllEnvs();
  });

  test.each<[string, string[], RegExp]>([
    [
      'steps of a program that trains nothing',
      ['--remote', 'python:python3', '--train', '3'],
      /--train: the program trains no model/,
    ],
    ['a python that is not there', ['--remote', 'python:/no/such/python'], /\/no\/such\/python was not found/],
  ])('%s is told, with status 2', async (_what, args, reason) => {
    const ended = await wudnn(['compare', simpleCnn, '--adapter', 'cpu', ...args], {
      env: { WUDNN_TOKEN: 'planted-token' },
    });
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(reason);
    expect(ended.stderr).not.toContain('planted-token');
  });

  test.each<[string, string, RegExp]>([
    [
      'an odd shape in it',
      'new nn.Linear(3, 2)(torch.randn(4, 4))\n',
      /an\.ts:2:\d+: Error: linear: the input \[4, 4\] has 4 features, the weight expects 3/,
    ],
    ['a mistake in it', 'const x = torch.ones(2)\nx.reshpae(1)\n', /a\.ts:3:\d+: TypeError: .*reshpae/],
    ['no model', 'export const x = torch.ones(2)\n', /wudnn compare: the last run called no model/],
  ])('a program with %s', async (what, text, reason) => {
    const ended = await wudnn(['compare', programOf(what.split(' ')[0], text), '--adapter', 'cpu', '--remote', python]);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(reason);
  });
});
