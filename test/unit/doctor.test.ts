/**
 * @file The doctor tells of a machine what it has, what it lacks, and what mends that; and of this one the truth.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AdapterReport } from '../../src/machine/adapters.ts';
import type { MachineReport } from '../../src/cli/doctor.ts';
import { format, inspect } from '../../src/cli/doctor.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { capture } from '../../src/machine/programs.ts';
import { prerequisiteNames } from '../../src/machine/prerequisites.ts';
import type { Python } from '../../src/machine/pythons.ts';

const bare: Machine = {
  adapters: async () => [],
  browsers: async () => [],
  pythons: async () => [],
  podmans: async () => [],
  sshds: async () => [],
};
const swiftshader: AdapterReport = {
  name: 'swiftshader',
  device: 'SwiftShader Device',
  description: 'SwiftShader driver 5.0.0',
  vendor: 'google',
  architecture: 'swiftshader',
  software: true,
  features: ['subgroups'],
  limits: { maxBufferSize: 1024 },
};
const torchAlone: Python = {
  path: '/opt/python3',
  version: '3.12.1',
  torch: { version: '2.6.0+cu126', cuda: '12.6', cudnn: 90501, devices: ['NVIDIA L4'] },
};

describe('a machine', () => {
  test('with nothing misses everything, each with its remedy', async () => {
    const { prerequisites } = await inspect(bare);
    expect(prerequisites.map(({ name, state }) => [name, state])).toEqual(
      prerequisiteNames.map((name) => [name, 'missing']),
    );
    for (const { remedy } of prerequisites) expect(remedy).toMatch(/install/);
  });

  test('whose only adapter is slow works, and is told of a better one', async () => {
    const report = await inspect({ ...bare, adapters: async () => [swiftshader] });
    expect(report.prerequisites[0]).toMatchObject({
      name: 'adapter',
      state: 'poor',
      remedy: expect.stringContaining('mesa-vulkan-drivers'),
    });
    expect(format(report)).toContain(
      'swiftshader  SwiftShader driver 5.0.0  (software: times say nothing about a GPU)',
    );
  });

  test('whose PyTorch has no Jupyter cannot be a remote, and its CUDA is shown all the same', async () => {
    const report = await inspect({ ...bare, pythons: async () => [torchAlone] });
    expect(report.prerequisites.find(({ name }) => name === 'python')?.state).toBe('missing');
    expect(format(report)).toContain('torch 2.6.0+cu126 (CUDA 12.6, cuDNN 90501, NVIDIA L4)');
    expect(format(report)).toContain('jupyter_server missing, ipykernel missing');
  });
});

test('the command prints what it writes to its file, and its status is that something is missing', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'wudnn-doctor-')), 'machine.json');
  const { status, stdout } = await wudnn('doctor', '--json', file);
  const { format: version, ...report } = JSON.parse(readFileSync(file, 'utf8')) as MachineReport & { format: string };
  expect(version).toBe('wudnn-doctor/1');
  expect(stdout).toBe(format(report));
  expect(status).toBe(report.prerequisites.some(({ state }) => state === 'missing') ? 1 : 0);
  expect(report.node).toBe(process.versions.node);
});

test('help goes to standard output, a mistake to standard error with the help', async () => {
  const help = await wudnn('--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toContain('  doctor ');
  expect(await wudnn('docter')).toEqual({
    status: 2,
    stdout: '',
    stderr: `wudnn: there is no command 'docter'; did you mean doctor?\n\n${help.stdout}`,
  });
  const option = await wudnn('doctor', '--jsno', 'x');
  expect([option.status, option.stdout]).toEqual([2, '']);
  expect(option.stderr).toContain('there is no option --jsno; did you mean --json?');
});

function wudnn(...args: string[]) {
  return capture(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], 60);
}
