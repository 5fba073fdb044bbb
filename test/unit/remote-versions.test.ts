/** The doctor knows which versions fit, as PyTorch and NVIDIA published it. */
import { describe, expect, test } from 'vitest';
import type { RemoteFacts } from '../../src/remote/doctor/facts.ts';
import { parseFacts } from '../../src/remote/doctor/facts.ts';
import { cudnnVersion, judgeVersions } from '../../src/remote/doctor/versions.ts';

const torch: NonNullable<RemoteFacts['torch']> = {
  version: '2.6.0+cu126',
  cuda: '12.6',
  cudnn: 90501,
  nccl: '2.21.5',
  gloo: true,
  architectures: ['sm_50', 'sm_80', 'sm_90', 'compute_90'],
};
const facts: RemoteFacts = {
  python: '3.11.11',
  executable: '/opt/conda/bin/python',
  torch,
  torch_error: null,
  devices: [{ name: 'NVIDIA A100', capability: '8.0', memory_bytes: 2 ** 36 }],
  driver: '550.54.15',
  shared_memory_bytes: 2 ** 26,
  cpus: 8,
};

test.each([
  [90501, '9.5.1'],
  [90100, '9.1.0'],
  [8902, '8.9.2'],
  [8700, '8.7.0'],
])('cuDNN %i is %s', (number, version) => {
  expect(cudnnVersion(number)).toBe(version);
});

describe('versions', () => {
  test('of the container fit, and the pairing of the article is set right', () => {
    const { fits, message } = judgeVersions(facts);
    expect(fits).toBe(true);
    expect(message).toContain('CUDA 12.6 with cuDNN 9.5.1');
    expect(message).toContain('CUDA 12.1 with cuDNN 8.9, often quoted for 2.6, belongs to 2.1 to 2.3');
  });

  test.each<[string, Partial<RemoteFacts>, RegExp]>([
    ['an old driver', { driver: '470.82.01' }, /470\.82\.01 is too old: CUDA 12\.6 needs at least 525\.60\.13/],
    [
      'a GPU that the build has no code for',
      { devices: [{ name: 'Tesla K80', capability: '3.7', memory_bytes: 1 }] },
      /no code for Tesla K80 \(compute capability 3\.7\)/,
    ],
    ['a build for the CPU beside a driver', { torch: { ...torch, cuda: null, cudnn: null } }, /is a CPU build/],
  ])('with %s do not', (_what, change, message) => {
    const judgement = judgeVersions({ ...facts, ...change });
    expect(judgement.fits).toBe(false);
    expect(judgement.message).toMatch(message);
    expect(judgement.remedy).toBeTruthy();
  });

  test('without a driver nothing misfits: a container without a GPU runs on the CPU', () => {
    expect(judgeVersions({ ...facts, driver: null, devices: [] })).toMatchObject({ fits: true });
  });

  test('a newer GPU runs by PTX, and one of the same generation by its code', () => {
    const on = (capability: string): boolean =>
      judgeVersions({ ...facts, devices: [{ name: 'G', capability, memory_bytes: 1 }] }).fits;
    expect(on('12.0')).toBe(true);
    expect(on('8.9')).toBe(true);
    expect(judgeVersions({ ...facts, torch: { ...torch, architectures: ['sm_90'] } }).fits).toBe(false);
  });
});

test('facts are untrusted', () => {
  expect(parseFacts(`noise\n${JSON.stringify(facts)}\n`)).toEqual(facts);
  expect(() => parseFacts('Segmentation fault')).toThrow(/could not be read/);
  expect(() => parseFacts(JSON.stringify({ ...facts, cpus: '<b>' }))).toThrow(/facts\.cpus/);
});
