/**
 * Intent: a measured choice is found again for the same work, adapter and kernels, and for nothing else.
 */
import { beforeEach, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { cacheKey } from '../../src/dnn/choice/cache-key.ts';
import { candidateId, candidates } from '../../src/dnn/choice/candidates.ts';
import type { ConvolutionOptions } from '../../src/dnn/api.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import type { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { limits } from '../support/limits.ts';

type Traits = Pick<Device, 'adapter' | 'clock' | 'features' | 'limits'>;
const device: Traits = {
  adapter: { description: 'a', vendor: 'v', architecture: 'r', software: true, features: [], limits },
  clock: { kind: 'timestamp-query', quantumNs: 1 },
  features: new Set(),
  limits,
};

const shape: ConvolutionOptions = { x: [1, 8, 16, 16], w: [8, 8, 3, 3], padding: 1 };
const sources = readShaders();

beforeEach(() => provideShaders(sources));

function keyOf(over: Partial<ConvolutionOptions> = {}, on = device, switches = ''): string {
  const problem = convProblem(convolutionDescriptor({ ...shape, ...over }));
  return cacheKey(problem, candidates(problem, on).plans, switches, on);
}

test('equal work has equal keys', () => {
  expect(keyOf()).toBe(keyOf());
});

test('every part of the problem, the switches and the adapter change it', () => {
  const others = [
    keyOf({ x: [2, 8, 16, 16] }),
    keyOf({ stride: 2 }),
    keyOf({ padding: [1, 1, 0, 2] }),
    keyOf({ direction: 'backward data' }),
    keyOf({ epilogue: { bias: true, residual: false, activation: 'identity' } }),
    keyOf({}, device, 'deterministic'),
    keyOf({}, { ...device, adapter: { ...device.adapter, description: 'a, driver 2' } }),
    keyOf({}, { ...device, clock: { kind: 'wall', quantumNs: 1 } }),
  ];
  expect(new Set([keyOf(), ...others]).size).toBe(others.length + 1);
});

test('a changed shader file changes the keys of the problems that have a candidate which uses it, and no others', () => {
  const pointwise: Partial<ConvolutionOptions> = { w: [8, 8, 1, 1], padding: 0 };
  const before = [keyOf(), keyOf(pointwise)];
  const change = (file: string): void => provideShaders({ ...sources, [file]: `${sources[file]}\n// changed` });
  change('conv2d/im2col.wgsl');
  expect([keyOf() === before[0], keyOf(pointwise) === before[1]]).toEqual([false, true]);
  change('pool/1_direct.wgsl');
  expect([keyOf(), keyOf(pointwise)]).toEqual(before);
  provideShaders(sources);
  const pooled: Partial<ConvolutionOptions> = {
    epilogue: { bias: false, residual: false, activation: 'identity', pool: 'max 2x2' },
  };
  const fused = keyOf(pooled);
  change('pool/1_direct.wgsl'); // which the unfused pool uses
  expect(keyOf(pooled)).not.toBe(fused);
});

test('no two candidates of a problem share an identity, whatever they compute in', () => {
  for (const direction of ['forward', 'backward data', 'backward filter'] as const) {
    const problem = convProblem(convolutionDescriptor({ ...shape, direction, dtype: 'float16' }));
    const { plans } = candidates(problem, device, { mathTypes: ['HALF', 'HALF_ARITHMETIC'] });
    expect(new Set(plans.map(candidateId)).size).toBe(plans.length);
  }
});
