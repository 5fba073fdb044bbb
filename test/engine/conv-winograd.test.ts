/**
 * Intent: WINOGRAD and WINOGRAD_NONFUSED are right wherever a tile meets an edge, with any number of channels and
 * groups, in float32 and float16, on every software adapter, and when the workspace takes the tiles in portions; what
 * they cannot do they refuse with the values.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { directionsOf, plain, sweepEdges, verifyInPortions, withLimit } from '../support/conv-edges.ts';
import { openTestDevice } from '../support/device.ts';

/** Outputs of 1 to 9 in each direction pass every remainder of a tile of 2 or 4. */
const threes: ConvGeometry[] = [
  ...Array.from({ length: 9 }, (_, i) => plain([1, 3, i + 1, 10 - i], [5, 3, 3, 3], 1)),
  ...Array.from({ length: 9 }, (_, i) => plain([2, 4, i + 3, 14 - i], [4, 4, 3, 3])),
  ...[1, 2, 7, 8, 9, 15, 16, 17].map((channels) => plain([1, channels, 6, 7], [18 - channels, channels, 3, 3], 1)),
  plain([3, 6, 8, 9], [9, 2, 3, 3], 1, 3),
  plain([1, 5, 9, 9], [5, 1, 3, 3], 1, 5),
  plain([2, 3, 5, 6], [4, 3, 3, 3], 2),
  plain([1, 2, 4, 4], [3, 2, 3, 3], 4),
  { x: [1, 4, 6, 5], w: [6, 4, 3, 3], padding: [0, 2, 1, 0] },
];
const fives: ConvGeometry[] = [
  ...Array.from({ length: 5 }, (_, i) => plain([1, 3, i + 1, 7 - i], [4, 3, 5, 5], 2)),
  plain([2, 9, 11, 8], [7, 9, 5, 5], 1),
  plain([1, 6, 9, 9], [4, 3, 5, 5], 2, 2),
];

await sweepEdges('WINOGRAD', threes);
await sweepEdges('WINOGRAD_NONFUSED', [...threes, ...fives]);

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

describe.each(['WINOGRAD', 'WINOGRAD_NONFUSED'])('%s', (name) => {
  test('refuses other filters, strides and dilations with the values', () => {
    const reason = (geometry: ConvGeometry) => convTable.forward[name].supports(convDescriptor(geometry), device);
    expect(reason(plain([1, 3, 9, 9], [4, 3, 7, 7]))).toMatch(/^needs a filter of .*, got 7×7$/);
    expect(reason({ ...plain([1, 3, 9, 9], [4, 3, 3, 3]), stride: [2, 1] })).toBe('needs stride 1, got 2×1');
    expect(reason({ ...plain([1, 3, 9, 9], [4, 3, 3, 3]), dilation: [1, 2] })).toBe('needs dilation 1, got 1×2');
  });
});

test.each(directionsOf('WINOGRAD_NONFUSED'))(
  'WINOGRAD_NONFUSED %s takes tiles in portions where a storage buffer is small',
  async (direction) => {
    await verifyInPortions(device, 'WINOGRAD_NONFUSED', direction, plain([3, 8, 17, 19], [8, 8, 3, 3], 1), 40_000);
  },
);

/** Sums of 512 steps: of float16 alone they would lose more than the gate. */
const deep: Record<Direction, ConvGeometry> = {
  forward: plain([2, 512, 8, 8], [8, 512, 3, 3], 1),
  'backward data': plain([2, 8, 8, 8], [512, 8, 3, 3], 1),
  'backward filter': plain([8, 8, 32, 32], [8, 8, 3, 3], 1),
};

test.for(directionsOf('WINOGRAD_NONFUSED'))(
  'WINOGRAD_NONFUSED %s in float16 arithmetic stays within its gate where the product is deep',
  async (direction, { skip }) => {
    skip(!device.features.has('shader-f16'), 'the adapter has no shader-f16');
    const desc = convDescriptor(deep[direction], { direction, dtype: 'float16' });
    const algorithm = convTable[direction].WINOGRAD_NONFUSED;
    const example = convCase(desc);
    for (const config of algorithm.configs(desc, device).filter(({ mathType }) => mathType === 'HALF_ARITHMETIC')) {
      const { error } = await runConv(device, algorithm, config, example);
      expect(error, config.label).toBeLessThan(gate(desc, config, algorithm));
    }
  },
);

test('a workspace beyond the device is refused with both numbers', () => {
  const reason = convTable.forward.WINOGRAD_NONFUSED.supports(
    convDescriptor(plain([1, 8, 9, 9], [8, 8, 3, 3])),
    withLimit(device, 1000),
  );
  expect(reason).toBe("the workspace for filters would take 9216 bytes, and this adapter's storage buffers hold 1000");
});
