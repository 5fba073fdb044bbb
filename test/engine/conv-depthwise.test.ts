/**
 * Intent: the depthwise kernels, in registers and with workgroup memory, are right where rows have a stride and a
 * dilation of their own, where padding differs from side to side and reaches over more than a filter, and where a
 * channel has several filters.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { openTestDevice } from '../support/device.ts';

const shapes: ConvGeometry[] = [
  { x: [1, 3, 9, 17], w: [6, 1, 3, 5], stride: [2, 1], dilation: [2, 1], padding: [1, 0, 4, 2], groups: 3 },
  { x: [2, 2, 5, 3], w: [2, 1, 2, 3], stride: [3, 1], padding: [4, 1, 5, 6], groups: 2 },
  { x: [1, 3, 3, 2], w: [9, 1, 3, 2], padding: [1, 1, 1, 1], groups: 3 },
  { x: [1, 1, 1, 40], w: [1, 1, 1, 9] },
];

/**
 * Walks of one height and of two, over rows by fours and rows that begin anywhere, with taps that reach beside a strip
 * on one side and on both.
 */
const walked: ConvGeometry[] = [
  { x: [2, 3, 19, 20], w: [3, 1, 3, 3], padding: [1, 1, 1, 1], groups: 3 },
  { x: [1, 2, 21, 24], w: [4, 1, 5, 5], padding: [2, 2, 2, 2], groups: 2, stride: [2, 2] },
  { x: [1, 2, 8, 10], w: [2, 1, 4, 5], padding: [3, 2, 4, 0], groups: 2 },
  { x: [1, 3, 5, 19], w: [3, 1, 2, 4], padding: [0, 1, 3, 5], groups: 3, stride: [2, 2] },
];

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

test.each([
  ['forward', 'DIRECT'],
  ['backward data', 'ALGO_1'],
  ['backward filter', 'ALGO_1'],
  ['backward filter', 'ALGO_0'],
] as const)('%s by %s', async (direction, name) => {
  for (const geometry of shapes) {
    const desc = convDescriptor(geometry, { direction });
    const algorithm = convTable[direction][name];
    const depthwise = algorithm.configs(desc, device).filter(({ label }) => label.includes('depthwise'));
    expect(depthwise, describeConv(desc)).not.toHaveLength(0);
    for (const config of depthwise) {
      const { error } = await runConv(device, algorithm, config, convCase(desc));
      expect(error, `${describeConv(desc)}, ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
    }
  }
});

test.each([
  ['forward', 'DIRECT', walked],
  ['backward data', 'ALGO_1', walked.filter(({ stride }) => !stride)],
] as const)('%s by walks', async (direction, name, geometries) => {
  for (const geometry of geometries) {
    const desc = convDescriptor(geometry, { direction });
    const algorithm = convTable[direction][name];
    const walks = algorithm.configs(desc, device).filter(({ label }) => /^\d+×8 outputs a thread/.test(label));
    expect(walks, describeConv(desc)).not.toHaveLength(0);
    for (const config of walks) {
      const { error } = await runConv(device, algorithm, config, convCase(desc));
      expect(error, `${describeConv(desc)}, ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
    }
  }
});

test('backward filter: an infinite element of x is in the sums of those taps that it lies under, and in no others', async () => {
  const desc = convDescriptor({ x: [1, 1, 3, 10], w: [1, 1, 3, 3] }, { direction: 'backward filter' });
  const example = convCase(desc);
  example.x[9] = Infinity; // the last of the first row, which only tap (0, 2) reaches
  for (const name of ['ALGO_1', 'ALGO_0']) {
    const algorithm = convTable[desc.direction][name];
    for (const config of algorithm.configs(desc, device).filter(({ label }) => label.includes('depthwise'))) {
      const { output } = await runConv(device, algorithm, config, example);
      const infinite = Array.from(output.keys()).filter((tap) => !Number.isFinite(output[tap]));
      expect(infinite, `${name} ${config.label}`).toEqual([2]);
    }
  }
});
