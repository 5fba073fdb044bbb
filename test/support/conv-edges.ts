/**
 * @file Tests of the transform algorithms (Winograd, FFT) beyond the common sweep: shapes around the edges of their
 * tiles, work in portions, and reasons.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConvAlgorithm, ConvConfig, DeviceTraits } from '../../src/dnn/conv2d/algorithm.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { hasTurn, inTurn } from './combinations.ts';
import { convCase, gate, runConv } from './conv.ts';
import { openTestDevice, softwareAdapters } from './device.ts';

/** A convolution with stride 1 and the same zeros on all sides. */
export const plain = (x: ConvGeometry['x'], w: ConvGeometry['w'], pad = 0, groups = 1): ConvGeometry => ({
  x,
  w,
  padding: [pad, pad, pad, pad],
  groups,
});

/** The directions in which cuDNN has the algorithm. */
export const directionsOf = (name: string): Direction[] =>
  (['forward', 'backward data', 'backward filter'] as const).filter((direction) => name in convTable[direction]);

/**
 * The sweep of one algorithm in all its directions, on every software adapter of the machine. The fastest runs every
 * configuration on every shape in float32; the `large` shapes, whose many lengths take long to compile, take the next
 * in turn, in float32 only. In float16, and on the other adapters, the directions share the shapes, and each takes the
 * next configuration in turn.
 */
export async function sweepEdges(
  name: string,
  shapes: readonly ConvGeometry[],
  large: readonly ConvGeometry[] = [],
): Promise<void> {
  const adapters = await softwareAdapters();
  const [fastest] = adapters;
  describe.each(adapters)(`${name} on %s`, (adapter) => {
    let device: Device;
    let runs = 0;
    beforeAll(async () => {
      device = await openTestDevice(adapter);
    });
    afterAll(() => {
      console.log(`${name} on ${adapter}: ${runs} runs on ${shapes.length} shapes and ${large.length} large ones`);
      device.destroy();
    });

    describe.each<FloatType>(['float32', 'float16'])('%s', (dtype) => {
      const directions = directionsOf(name);
      test.for([...directions.entries()])('%s: %s', async ([d, direction], { skip }) => {
        skip(dtype === 'float16' && !device.features.has('shader-f16'), 'the adapter has no shader-f16');
        for (const [i, geometry] of [...shapes, ...(dtype === 'float32' ? large : [])].entries()) {
          const thorough = adapter === fastest && dtype === 'float32';
          if (!hasTurn(i + d, directions.length, thorough)) continue;
          const desc = convDescriptor(geometry, { direction, dtype });
          const turn = thorough ? i : Math.floor((i + d) / directions.length);
          const taken = inTurn(configsOf(name, desc, device), turn, thorough && i < shapes.length);
          await verifyConfigs(device, name, desc, taken);
          runs += taken.length;
        }
      });
    });

    test('on at least thirty shapes', () => {
      expect(shapes.length).toBeGreaterThanOrEqual(30);
    });
  });
}

/** The algorithm's configurations for the descriptor, which it must take. */
function configsOf(name: string, desc: ConvDescriptor, traits: DeviceTraits): readonly ConvConfig[] {
  const algorithm: ConvAlgorithm = convTable[desc.direction][name];
  expect(algorithm.supports(desc, traits), describeConv(desc)).toBe(true);
  const configs = algorithm.configs(desc, traits);
  expect(configs.length).toBeGreaterThan(0);
  return configs;
}

async function verifyConfigs(
  device: Device,
  name: string,
  desc: ConvDescriptor,
  configs: readonly ConvConfig[],
): Promise<void> {
  const algorithm: ConvAlgorithm = convTable[desc.direction][name];
  const example = convCase(desc);
  for (const config of configs) {
    const { error } = await runConv(device, algorithm, config, example);
    expect(error, `${name} ${config.label} ${config.mathType} on ${describeConv(desc)}`).toBeLessThan(
      gate(desc, config, algorithm),
    );
  }
}

/** The device as it would be with small storage buffers. */
export const withLimit = (device: DeviceTraits, bytes: number): DeviceTraits => ({
  ...device,
  features: device.features,
  limits: { ...device.limits, maxStorageBufferBindingSize: bytes },
});

/**
 * Runs every configuration with storage buffers so small that the work is cut: that it is cut is checked too, and that
 * what is left fits.
 */
export async function verifyInPortions(
  device: Device,
  name: string,
  direction: Direction,
  geometry: ConvGeometry,
  bytes: number,
): Promise<void> {
  const desc = convDescriptor(geometry, { direction });
  const algorithm: ConvAlgorithm = convTable[direction][name];
  const launches = (config: ConvConfig): number =>
    algorithm.launches(desc, config, {
      x: 0,
      w: 1,
      y: 2,
      workspace: algorithm.workspace(desc, config).map((_, i) => 3 + i),
    }).length;
  const whole = new Map(configsOf(name, desc, device).map((config) => [config.label, config]));
  const cut = configsOf(name, desc, withLimit(device, bytes));
  for (const config of cut) {
    expect(launches(config), config.label).toBeGreaterThan(launches(whole.get(config.label)!));
    for (const part of algorithm.workspace(desc, config)) expect(part).toBeLessThanOrEqual(bytes);
  }
  await verifyConfigs(device, name, desc, cut);
}
