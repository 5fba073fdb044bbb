/**
 * @file Tests of the transform algorithms (Winograd, FFT) beyond the common sweep: shapes around the edges of their tiles, work in
 * portions, and reasons.
 */
import { expect } from 'vitest';
import type { ConvAlgorithm, DeviceTraits } from '../../src/dnn/conv2d/algorithm.ts';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { convCase, gate, runConv } from './conv.ts';

/** A convolution with stride 1 and the same zeros on all sides. */
export const plain = (x: ConvGeometry['x'], w: ConvGeometry['w'], pad = 0, groups = 1): ConvGeometry => ({ x, w, padding: [pad, pad, pad, pad], groups });

/** The directions in which cuDNN has the algorithm. */
export const directionsOf = (name: string): Direction[] =>
  (['forward', 'backward data', 'backward filter'] as const).filter((direction) => name in convTable[direction]);

/** Runs every configuration on the geometry; they must take it and pass the gate. */
export async function verifyAlgorithm(device: Device, name: string, direction: Direction, geometry: ConvGeometry, traits: DeviceTraits = device): Promise<void> {
  const desc = convDescriptor(geometry, { direction });
  const algorithm: ConvAlgorithm = convTable[direction][name];
  expect(algorithm.supports(desc, traits), describeConv(desc)).toBe(true);
  const configs = algorithm.configs(desc, traits);
  expect(configs.length).toBeGreaterThan(0);
  const example = convCase(desc);
  for (const config of configs) {
    for (const bytes of algorithm.workspace(desc, config)) expect(bytes).toBeLessThanOrEqual(traits.limits.maxStorageBufferBindingSize);
    const { error } = await runConv(device, algorithm, config, example);
    expect(error, `${name} ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
  }
}

/** The device as it would be with small storage buffers. */
export const withLimit = (device: DeviceTraits, bytes: number): DeviceTraits => ({ ...device, features: device.features, limits: { ...device.limits, maxStorageBufferBindingSize: bytes } });

/** The same with storage buffers so small that the work is cut: that it is cut is checked too. */
export async function verifyInPortions(device: Device, name: string, direction: Direction, geometry: ConvGeometry, bytes: number): Promise<void> {
  const desc = convDescriptor(geometry, { direction });
  const algorithm: ConvAlgorithm = convTable[direction][name];
  const launches = (traits: DeviceTraits): number => {
    const [config] = algorithm.configs(desc, traits);
    return algorithm.launches(desc, config, { x: 0, w: 1, y: 2, workspace: algorithm.workspace(desc, config).map((_, i) => 3 + i) }).length;
  };
  expect(launches(withLimit(device, bytes))).toBeGreaterThan(launches(device));
  await verifyAlgorithm(device, name, direction, geometry, withLimit(device, bytes));
}
