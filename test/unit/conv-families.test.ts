/**
 * Intent: every convolution algorithm has a kernel with workgroup memory and one without, in each direction; those with
 * it are offered where the adapter's limits allow, and there only.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import type { DeviceTraits } from '../../src/dnn/algorithm.ts';
import type { ConvAlgorithm, ConvConfig } from '../../src/dnn/conv2d/algorithm.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import type { KernelSpec } from '../../src/gpu/kernel.ts';
import { link, provideShaders } from '../../src/gpu/linker.ts';

beforeAll(() => provideShaders(readShaders()));

/** WebGPU's guaranteed limits, and what is changed of them. */
const device = (over: Partial<DeviceTraits['limits']> = {}): DeviceTraits => ({
  features: new Set<string>(),
  limits: {
    maxBufferSize: 2 ** 28,
    maxStorageBufferBindingSize: 2 ** 27,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 2 ** 14,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    ...over,
  },
});

const kernelsOf = (algorithm: ConvAlgorithm, desc: ConvDescriptor, config: ConvConfig): KernelSpec[] =>
  algorithm.launches(desc, config, { x: 0, w: 1, y: 2, workspace: [3, 4, 5, 6, 7, 8] }).map(({ kernel }) => kernel);

const sharesMemory = (kernel: KernelSpec): boolean => link(kernel).code.includes('var<workgroup>');

const directions = ['forward', 'backward data', 'backward filter'] as const;
const geometry = { x: [1, 40, 40, 40], w: [72, 40, 3, 3], padding: [1, 1, 1, 1] } as const;

describe.each(directions)('%s', (direction) => {
  const desc = convDescriptor(geometry, { direction });

  test.for(convAlgorithms(direction).map((algorithm) => [algorithm.name, algorithm] as const))(
    '%s comes with and without workgroup memory',
    ([, algorithm]) => {
      const families = new Set(
        algorithm.configs(desc, device()).map((config) => kernelsOf(algorithm, desc, config).some(sharesMemory)),
      );
      expect([...families].sort()).toEqual([false, true]);
    },
  );

  test('an adapter with little workgroup memory, or small workgroups, is offered what it can run', () => {
    // The lines of FFTs take no more than WebGPU guarantees.
    for (const algorithm of convAlgorithms(direction).filter(({ name }) => !name.startsWith('FFT'))) {
      const without = algorithm.configs(desc, device({ maxComputeWorkgroupStorageSize: 1000 }));
      expect(without.length, algorithm.name).toBeGreaterThan(0);
      for (const config of without)
        expect(kernelsOf(algorithm, desc, config).some(sharesMemory), `${algorithm.name} ${config.label}`).toBe(false);
      for (const config of algorithm.configs(desc, device({ maxComputeInvocationsPerWorkgroup: 64 }))) {
        for (const kernel of kernelsOf(algorithm, desc, config))
          expect(kernel.traits!.group, `${algorithm.name} ${config.label}`).toBeLessThanOrEqual(64);
      }
    }
  });
});

describe("DIRECT's patches", () => {
  const { DIRECT } = convTable.forward;
  const patches = (
    x: readonly [number, number, number, number],
    w: readonly [number, number, number, number],
    options: object = {},
    limits = {},
  ) => {
    const desc = convDescriptor({ x, w, ...options });
    return DIRECT.configs(desc, device(limits))
      .filter(({ label }) => label.includes('outputs a workgroup'))
      .map((config) => ({
        label: config.label,
        const: kernelsOf(DIRECT, desc, config)[0].spec!.const! as Record<string, number>,
      }));
  };
  const bytes = ({ PLANES, PATCH_H, PATCH_W, THREADS_M = 0, TAPS = 0 }: Record<string, number>): number =>
    4 * PLANES * (PATCH_H * PATCH_W + 8 * THREADS_M * TAPS);

  test.for([
    [[1, 64, 56, 56], [64, 64, 3, 3], {}],
    [[1, 3, 224, 224], [64, 3, 7, 7], { stride: [2, 2] }],
    [[1, 64, 64, 64], [128, 64, 9, 9], {}],
    [[1, 32, 40, 40], [32, 1, 5, 5], { groups: 32, stride: [2, 2], dilation: [2, 1] }],
  ] as const)('%j * %j %j fit the memory that they are offered for', ([x, w, options]) => {
    for (const maxComputeWorkgroupStorageSize of [2 ** 14, 2 ** 15]) {
      const offered = patches(x, w, options, { maxComputeWorkgroupStorageSize });
      expect(offered.length).toBeGreaterThan(0);
      for (const { label, const: constants } of offered)
        expect(bytes(constants), label).toBeLessThanOrEqual(maxComputeWorkgroupStorageSize);
    }
  });

  test('cover what stride, dilation and filter reach, and no more', () => {
    const [{ const: constants }] = patches(
      [1, 8, 64, 64],
      [16, 8, 3, 5],
      { stride: [2, 3], dilation: [4, 1] },
      { maxComputeWorkgroupStorageSize: 2 ** 15 },
    );
    expect(constants).toMatchObject({
      PATCH_H: 7 * 2 + 2 * 4 + 1,
      PATCH_W: (constants.THREADS_N - 1) * 3 + 4 + 1,
      TAPS: 15,
    });
  });

  test('are not offered where none fits', () => {
    expect(patches([1, 4, 300, 300], [4, 4, 40, 40])).toEqual([]);
    expect(patches([1, 8, 200, 200], [8, 1, 3, 3], { groups: 8, stride: [9, 9] })).toEqual([]);
  });

  test('leave out tiles that mostly lie beyond the output', () => {
    expect(patches([1, 64, 7, 7], [64, 64, 3, 3], { padding: [1, 1, 1, 1] }).map(({ label }) => label)).toEqual([
      '64 filters × 8×8 outputs a workgroup',
    ]);
  });
});

describe("backward filter's kernels for one channel a group", () => {
  const offered = (w: readonly [number, number, number, number], options: object = {}, limits = {}): string[] => {
    const desc = convDescriptor({ x: [2, 8, 40, 40], w, groups: 8, ...options }, { direction: 'backward filter' });
    const [one, other] = (['ALGO_1', 'ALGO_0'] as const).map((name) =>
      convTable['backward filter'][name]
        .configs(desc, device(limits))
        .map(({ label }) => label)
        .filter((label) => label.includes('depthwise')),
    );
    expect(one).toEqual(other);
    return one;
  };
  const [sliding, shared] = ['a row of taps a thread, depthwise', 'a filter a workgroup, depthwise'];

  test('are both offered for stride and dilation 1, with several filters a channel too', () => {
    expect(offered([8, 1, 3, 3])).toEqual([sliding, shared]);
    expect(offered([24, 1, 5, 1])).toEqual([sliding, shared]);
    expect(offered([8, 2, 3, 3], { x: [2, 16, 40, 40] })).toEqual([]);
  });

  test('slide under no stride or dilation along the width', () => {
    expect(offered([8, 1, 3, 3], { stride: [1, 2] })).toEqual([shared]);
    expect(offered([8, 1, 3, 3], { dilation: [1, 2] })).toEqual([shared]);
    expect(offered([8, 1, 3, 3], { stride: [2, 1], dilation: [2, 1] })).toEqual([sliding, shared]);
  });

  test('keep the sums of all taps in workgroup memory where it holds them', () => {
    expect(offered([8, 1, 8, 8])).toEqual([sliding, shared]);
    expect(offered([8, 1, 9, 8])).toEqual([sliding]);
    expect(offered([8, 1, 9, 8], {}, { maxComputeWorkgroupStorageSize: 2 ** 15 })).toEqual([sliding, shared]);
  });
});
