/**
 * Intent: every forward algorithm, in every configuration that it offers, agrees with the float64 reference on shapes
 * that reach every edge, writes all of its output and nothing else, and stays within the workspace that it reports.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import type { Device } from '../../src/gpu/device.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { convShapes } from '../support/conv-shapes.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';

describe.each(await softwareAdapters())('forward on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(name);
  });
  afterAll(() => device.destroy());

  test.each(convShapes.map((geometry) => convDescriptor(geometry)).map((desc) => [describeConv(desc), desc] as const))('%s', async (_, desc) => {
    const example = convCase(desc);
    for (const algorithm of convAlgorithms('forward')) {
      if (algorithm.supports(desc, device) !== true) continue;
      for (const config of algorithm.configs(desc, device)) {
        const { error } = await runConv(device, algorithm, config, example);
        expect(error, `${algorithm.name} ${config.label}`).toBeLessThan(gate(desc, config));
      }
    }
  });
});
