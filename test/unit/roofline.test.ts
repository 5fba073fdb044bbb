/**
 * Intent: a point of the roofline is computed work over measured time, held against the lower of two ceilings; the
 * sentence says no more than the numbers do.
 */
import { describe, expect, test } from 'vitest';
import type { ProfileData, ProfiledEvent } from '../../src/compile/profile-data.ts';
import { kernelSign } from '../../src/playground/panes/kernel-sign.ts';
import { signOf } from '../../src/playground/panes/palette.ts';
import { logAxis, tickText } from '../../src/playground/panes/roofline/axis.ts';
import { rooflineOf, summaryOf } from '../../src/playground/panes/roofline/points.ts';

const event = (name: string, ms: number, bytes: number, flops: number): ProfiledEvent => ({
  device: 'webgpu',
  name,
  operation: 'op',
  call: '1',
  layers: [],
  inputShapes: [],
  bytes,
  flops,
  start: 10,
  end: 10 + ms,
});

/** An adapter of 100 GFLOP/s and 10 GB/s: the ridge is at 10 operations a byte. */
const profile = (...events: readonly ProfiledEvent[]): ProfileData => ({
  events,
  leftOut: 0,
  wallMs: 100,
  device: { adapter: 'a GPU', software: false, clock: 'timestamp-query', quantumNs: 1000 },
  ceilings: { flops: 100, bytes: 10, workgroup: 50 },
});
const summary = (...events: readonly ProfiledEvent[]): string => summaryOf(rooflineOf(profile(...events))!);

describe('points', () => {
  test('are bound by what is the lower ceiling for them, and reach a share of it', () => {
    const { computing, moving } = rooflineOf(
      profile(
        event('conv2d/direct', 6, 1e6, 300e6), // 300 operations a byte, 50 GFLOP/s of 100
        event('pointwise relu', 3, 12e6, 3e6), // 0.25 operations a byte, 4 GB/s of 10
        event('move/copy_into', 1, 5e6, 0),
      ),
    )!;
    expect(computing).toMatchObject([
      { name: 'conv2d/direct', intensity: 300, gflops: 50, bound: 'arithmetic', reached: 0.5, share: 0.6 },
      { name: 'pointwise relu', intensity: 0.25, gflops: 1, gbs: 4, bound: 'memory', reached: 0.4, share: 0.3 },
    ]);
    expect(moving).toMatchObject([{ name: 'move/copy_into', gbs: 5, bound: 'memory', reached: 0.5 }]);
  });

  test('are one for all calls of equal work, and another for other work', () => {
    const { computing } = rooflineOf(
      profile(event('gemm', 1, 1e6, 1e6), event('gemm', 3, 1e6, 1e6), event('gemm', 1, 2e6, 1e6)),
    )!;
    expect(computing.map(({ calls, ms, bytes, gbs }) => [calls, ms, bytes, gbs])).toEqual([
      [2, 4, 2e6, 0.5],
      [1, 1, 2e6, 2],
    ]);
  });

  test('there are none without kernels of a device, or ceilings', () => {
    expect(rooflineOf(profile({ ...event('conv2d', 1, 1, 1), device: 'cpu' }))).toBeUndefined();
    const { ceilings, ...without } = profile(event('gemm', 1, 1, 1));
    expect(ceilings).toBeDefined();
    expect(rooflineOf(without)).toBeUndefined();
  });
});

describe('the sentence', () => {
  test('names the kernel that takes most, and how near it comes', () => {
    expect(summary(event('conv2d/direct', 6, 1e6, 300e6), event('move/copy_into', 4, 1e6, 0))).toBe(
      "60% of the kernels' time goes to conv2d/direct: it reaches 50% of what this adapter's arithmetic allows.",
    );
    expect(summary(event('move/copy_into', 4, 4e6, 0))).toBe(
      "100% of the kernels' time goes to move/copy_into: it reaches 10% of what this adapter's memory allows.",
    );
  });

  test('explains what passes a ceiling without claiming it, and is silent about what the clock cannot tell', () => {
    expect(summary(event('pointwise relu', 1, 15e6, 1e6))).toMatch(/50% more than .* memory allows; its operands may/);
    expect(summary(event('conv2d/winograd', 1, 1e6, 250e6))).toMatch(/150% more than .* arithmetic allows; its alg/);
    expect(summary(event('tiny', 0.0009, 1e6, 1e6))).toMatch(/shorter than a step of the clock/);
    expect(summary(event('nothing', 0, 1e6, 1e6))).toMatch(/shorter than a step of the clock/);
  });
});

test('the axis is logarithmic, holds all values, and has round ticks within it', () => {
  const axis = logAxis([0.1, 1000, 0, Infinity, NaN], 0, 600);
  expect(axis.at(axis.low)).toBeCloseTo(0, 9);
  expect(axis.at(axis.high)).toBeCloseTo(600, 9);
  expect(axis.at(10) - axis.at(1)).toBeCloseTo(axis.at(100) - axis.at(10), 9);
  expect(axis.ticks.map(({ value }) => value)).toEqual([0.1, 1, 10, 100, 1000]);
  expect(logAxis([1, 10], 400, 0).ticks.map(({ value }) => value)).toEqual([1, 2, 5, 10]);
  expect(logAxis([1e-6, 1e6], 0, 120).ticks.length).toBeLessThanOrEqual(4);
});

test('numbers far from 1 are powers of ten', () => {
  expect([0.001, 0.5, 5000, 1e-5, 20_000, 1e12].map(tickText)).toEqual([
    '0.001',
    '0.5',
    '5000',
    '10⁻⁵',
    '2·10⁴',
    '10¹²',
  ]);
});

test('a kernel has the sign of its algorithm, and of its folder where no algorithm is meant', () => {
  expect(kernelSign('conv2d/winograd/2_fused_shared')).toEqual(signOf('WINOGRAD'));
  expect(kernelSign('conv2d/winograd/nonfused_tiles')).toEqual(signOf('WINOGRAD_NONFUSED'));
  expect(kernelSign('conv2d/implicit/gemm')).toEqual(signOf('IMPLICIT_GEMM'));
  expect(kernelSign('pointwise add+relu')).toEqual(signOf('pointwise'));
  expect(kernelSign('softmax/1_serial softmax')).toEqual(kernelSign('softmax/2_workgroup softmax'));
});
