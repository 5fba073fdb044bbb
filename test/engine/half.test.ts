/**
 * @file Intent: an adapter without shader-f16 keeps two float16 in a word and computes in float32, and says so. Every
 * convolution algorithm stores float16 with sums in float32, and float16 arithmetic is a math type of its own.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAdapters, openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { DeviceTraits } from '../../src/dnn/algorithm.ts';
import { candidates, namedCandidates } from '../../src/dnn/choice/candidates.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import type { FloatType } from '../../src/dnn/kernels/epilogue.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';

/** Transforms whose points outgrow float16's range. */
const onlyFloat32 = ['FFT', 'FFT_TILING'];

const limits = {
  maxBufferSize: 2 ** 30,
  maxStorageBufferBindingSize: 2 ** 30,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 2 ** 15,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
};
const traits: DeviceTraits = { features: new Set(['shader-f16', 'subgroups']), limits, subgroupSize: 32 };

describe.each(['forward', 'backward data', 'backward filter'] as const)('math types, %s', (direction) => {
  const descriptor = (dtype: FloatType) =>
    convDescriptor({ x: [2, 20, 14, 14], w: [24, 20, 3, 3], padding: [1, 1, 1, 1] }, { direction, dtype });

  test.for(convAlgorithms(direction).map(({ name }) => name))('%s', (name) => {
    const mathTypes = (dtype: FloatType) => [
      ...new Set(convTable[direction][name].configs(descriptor(dtype), traits).map(({ mathType }) => mathType)),
    ];
    expect(mathTypes('float32')).toEqual(['FMA']);
    expect(mathTypes('float16')).toEqual(onlyFloat32.includes(name) ? ['HALF'] : ['HALF', 'HALF_ARITHMETIC']);
  });

  test('what has no float16 arithmetic is in the list of candidates with the reason, for float16 alone', () => {
    const without = (dtype: FloatType) =>
      candidates(convProblem(descriptor(dtype)), traits, { mathTypes: ['FMA', 'HALF', 'HALF_ARITHMETIC'] }).excluded;
    expect(without('float32')).toEqual([]);
    expect(without('float16').map(({ algo, status, mathType }) => [algo, status, mathType])).toEqual(
      onlyFloat32.map((name) => [name, 'not supported', 'HALF_ARITHMETIC']),
    );
    for (const { reason } of without('float16'))
      expect(reason).toMatch(/^computes in float32 only, .* float16's largest number, 65504$/);
  });

  test.for(onlyFloat32)('%s that must compute in float16 is refused with that reason', (algo) => {
    const named = () =>
      namedCandidates('conv2d', convProblem(descriptor('float16')), traits, { algo, mathTypes: ['HALF_ARITHMETIC'] });
    expect(named).toThrow(/computes in float32 only/);
  });
});

const plain = (await listAdapters()).find((adapter) => adapter.software && !adapter.features.includes('shader-f16'));

describeWith(['adapter'], 'float16', () => {
  beforeAll(async () => {
    provideShaders(readShaders());
    if (plain) await engine.start((await openAdapter(plain.name)).gpu);
  });
  afterAll(() => engine.device?.destroy());

  test('without shader-f16 shares words, is rounded to float16, and the program is told', async ({ skip }) => {
    skip(!plain, 'every software adapter here has shader-f16');
    const remarks: string[] = [];
    engine.onRemark = (text) => remarks.push(text);
    const numbers = [1, 0.1, 65519, 65520, 2 ** -24, 2 ** -25, NaN, -0];
    const x = torch.tensor(numbers, { dtype: 'float16' });
    const onDevice = torch.tensor(numbers).to('webgpu').to('float16');
    expect(await onDevice.mul(1).tolist()).toEqual(await x.tolist());
    expect(await x.to('webgpu').mul(x.to('webgpu')).sum().tolist()).toEqual(await x.mul(x).sum().tolist());
    expect(remarks).toEqual([expect.stringMatching(/^float16: this adapter has no shader-f16, so it keeps two/)]);
  });
});
