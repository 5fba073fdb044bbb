/**
 * Intent: FFT and FFT_TILING are right for every length of transform, at the edges of tiles, with any number of
 * channels and groups, in float32 and float16, on every software adapter, and when the workspace takes channels and
 * tiles in portions; what they cannot do they refuse with the values.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { directionsOf, plain, sweepEdges, verifyInPortions } from '../support/conv-edges.ts';
import { openTestDevice } from '../support/device.ts';
import '../support/four-lanes.ts';

const small: ConvGeometry[] = [
  ...Array.from({ length: 8 }, (_, i) => plain([1, 2, i + 3, 15 - i], [3, 2, 3, 3], i % 3)),
  ...[1, 2, 3, 4, 5, 8, 9].map((channels) => plain([2, channels, 8, 7], [10 - channels, channels, 3, 3], 1)),
  ...[1, 2, 3, 4, 5, 6].map((batch) => plain([batch, 2, 6, 6], [2, 2, 3, 3], 1)),
  plain([1, 3, 9, 9], [4, 3, 1, 1]),
  plain([1, 3, 10, 11], [4, 3, 5, 5], 2),
  plain([1, 2, 16, 12], [2, 2, 9, 9], 4),
  plain([3, 6, 8, 9], [9, 2, 3, 3], 1, 3),
  plain([1, 5, 9, 9], [5, 1, 3, 3], 1, 5),
  { x: [2, 3, 8, 11], w: [5, 3, 4, 3], padding: [2, 1, 0, 1] },
  { x: [1, 2, 9, 5], w: [3, 2, 2, 5], padding: [1, 1, 2, 2] },
  { x: [1, 4, 7, 7], w: [6, 4, 3, 3], padding: [0, 2, 1, 0] },
  plain([9, 17, 5, 6], [18, 17, 3, 3], 1),
];

/** Lengths 16 to 256 (FFT), and images of several tiles of 32×32. */
const large: ConvGeometry[] = [
  plain([1, 2, 30, 33], [2, 2, 3, 3], 1),
  plain([1, 1, 62, 20], [2, 1, 5, 5], 1),
  plain([1, 1, 65, 100], [1, 1, 3, 3], 1),
  plain([1, 1, 150, 31], [1, 1, 7, 7], 3),
];

for (const name of ['FFT', 'FFT_TILING']) await sweepEdges(name, small, large);

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

describe.each(['FFT', 'FFT_TILING'] as const)('%s', (name) => {
  test.each(directionsOf(name))(
    '%s takes channels and tiles in portions where a storage buffer is small',
    async (direction) => {
      await verifyInPortions(
        device,
        name,
        direction,
        plain([5, 3, 14, 14], [9, 3, 3, 3], 1),
        name === 'FFT' ? 42_000 : 160_000,
      );
    },
  );

  test('refuses strides, dilations and wide padding with the values', () => {
    const reason = (geometry: ConvGeometry) => convTable.forward[name].supports(convDescriptor(geometry), device);
    expect(reason({ ...plain([1, 3, 9, 9], [4, 3, 3, 3]), stride: [2, 1] })).toBe('needs stride 1, got 2×1');
    expect(reason({ ...plain([1, 3, 9, 9], [4, 3, 3, 3]), dilation: [1, 2] })).toBe('needs dilation 1, got 1×2');
    expect(reason(plain([1, 3, 9, 9], [4, 3, 3, 3], 3))).toBe(
      'needs padding smaller than the filter, got padding 3×3 and a filter of 3×3',
    );
  });
});

test.each(['forward', 'backward data'] as const)(
  'FFT_TILING %s makes the same products of one image of many tiles as of many images of one tile',
  (direction) => {
    const products = ([N, size]: readonly [number, number]) => {
      const desc = convDescriptor(plain([N, 8, size, size], [16, 8, 3, 3], direction === 'forward' ? 0 : 2), {
        direction,
      });
      const algorithm = convTable[direction].FFT_TILING;
      return algorithm.configs(desc, device).map((config) => {
        const launches = algorithm.launches(desc, config, {
          x: 0,
          w: 1,
          y: 2,
          workspace: algorithm.workspace(desc, config).map((_, i) => 3 + i),
        });
        return [config.label, launches.filter(({ kernel }) => /product/.test(kernel.label))];
      });
    };
    // An output of 60×60 is four tiles of 30×30.
    const [single, batch] = [
      [1, 62],
      [4, 32],
    ].map(([N, size]) => products([N, direction === 'forward' ? size : size - 2]));
    expect(single.length).toBeGreaterThan(2);
    expect(single).toEqual(batch);
  },
);

test('each refuses what is too long for its transforms', () => {
  expect(convTable.forward.FFT.supports(convDescriptor(plain([1, 1, 300, 20], [1, 1, 3, 3], 1)), device)).toBe(
    'transforms at most 256×256 elements, the padded image has 302×22',
  );
  expect(convTable.forward.FFT_TILING.supports(convDescriptor(plain([1, 1, 40, 40], [1, 1, 33, 3])), device)).toBe(
    'needs a filter of at most 32×32, got 33×3',
  );
});
