/**
 * @file Small convolutions that between them reach every edge: odd sizes, 1×1, filters that are not square, padding on
 * one side only, strides, dilation, groups, batches, channels that no tile divides, planes below any tile.
 */
import type { ConvGeometry } from '../../src/graph/geometry.ts';

type Options = Omit<ConvGeometry, 'x' | 'w'>;

const shape = (x: ConvGeometry['x'], w: ConvGeometry['w'], options: Options = {}): ConvGeometry => ({
  x,
  w,
  ...options,
});
const same = (pad: number): Options => ({ padding: [pad, pad, pad, pad] });

export const convShapes: readonly ConvGeometry[] = [
  shape([1, 1, 1, 1], [1, 1, 1, 1]),
  shape([1, 1, 5, 5], [1, 1, 3, 3]),
  shape([4, 3, 12, 12], [16, 3, 3, 3], same(1)),
  shape([1, 8, 14, 14], [8, 8, 3, 3], same(1)),
  shape([1, 64, 8, 8], [64, 64, 3, 3], same(1)),
  shape([2, 5, 9, 7], [7, 5, 3, 3], same(1)),
  shape([1, 3, 2, 2], [4, 3, 3, 3], same(1)),
  shape([1, 3, 1, 17], [5, 3, 1, 3], { padding: [0, 0, 1, 1] }),
  shape([1, 2, 17, 1], [3, 2, 3, 1], { padding: [1, 1, 0, 0] }),
  shape([3, 6, 7, 5], [4, 6, 1, 1]),
  shape([1, 33, 6, 6], [17, 33, 1, 1]),
  shape([2, 16, 8, 8], [32, 16, 1, 1]),
  shape([2, 8, 9, 9], [12, 8, 1, 1], { stride: [2, 2] }),
  shape([1, 4, 6, 6], [4, 4, 1, 1], same(1)),
  shape([2, 3, 16, 16], [8, 3, 7, 7], { ...same(3), stride: [2, 2] }),
  shape([1, 12, 10, 10], [10, 12, 5, 5], same(2)),
  shape([1, 4, 13, 13], [6, 4, 9, 9]),
  shape([1, 4, 12, 9], [3, 4, 2, 5], same(1)),
  shape([2, 3, 8, 11], [5, 3, 4, 3], { padding: [2, 1, 0, 1] }),
  shape([1, 4, 7, 7], [4, 4, 3, 3], { padding: [0, 2, 1, 0] }),
  shape([1, 4, 7, 7], [4, 4, 3, 3], { padding: [3, 3, 4, 4] }),
  shape([1, 8, 11, 11], [8, 8, 3, 3], { ...same(1), stride: [2, 2] }),
  shape([1, 8, 11, 10], [9, 8, 3, 3], { ...same(1), stride: [1, 3] }),
  shape([1, 3, 9, 9], [4, 3, 3, 3], { stride: [5, 4] }),
  shape([1, 4, 12, 12], [4, 4, 3, 3], { ...same(2), dilation: [2, 2] }),
  shape([1, 4, 12, 14], [5, 4, 3, 2], { padding: [3, 3, 1, 1], dilation: [3, 1], stride: [2, 1] }),
  shape([2, 8, 9, 9], [8, 4, 3, 3], { ...same(1), groups: 2 }),
  shape([1, 12, 7, 7], [18, 4, 3, 3], { ...same(1), groups: 3 }),
  shape([2, 16, 10, 10], [16, 1, 3, 3], { ...same(1), groups: 16 }),
  shape([1, 6, 9, 9], [12, 1, 3, 3], { ...same(1), groups: 6, stride: [2, 2] }),
  shape([1, 8, 12, 12], [8, 1, 5, 5], { ...same(2), groups: 8 }),
  shape([2, 8, 6, 6], [12, 2, 1, 1], { groups: 4 }),
  shape([8, 16, 7, 7], [24, 16, 3, 3], same(1)),
  shape([1, 32, 4, 4], [40, 32, 3, 3], same(1)),
  shape([1, 2, 40, 37], [3, 2, 3, 3], same(1)),
  shape([1, 70, 3, 3], [65, 70, 3, 3], same(1)),
];
