/**
 * @file Convolutions for the regret: drawn with a fixed seed from what convolutional networks are made of, in all three
 * directions, none above a number of operations, so that an exhaustive measurement ends on a software adapter too.
 */
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convFlops } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';

const sizes = {
  N: [1, 1, 1, 2, 4, 8],
  C: [3, 8, 16, 24, 32, 64, 96, 128, 192, 256],
  K: [8, 16, 32, 48, 64, 96, 128, 192, 256],
  H: [7, 8, 14, 16, 17, 28, 32, 56, 64],
  R: [1, 1, 3, 3, 3, 3, 5, 7],
  stride: [1, 1, 1, 2],
} as const;

const directions: readonly Direction[] = ['forward', 'forward', 'forward', 'backward data', 'backward filter'];

/** So many problems of at most `flops` operations and at least a fiftieth of them; equal numbers, equal shapes. */
export function convolutions(count: number, flops: number): Problem[] {
  const random = stream(1);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const shapes: ConvDescriptor[] = [convolutionDescriptor({ x: [4, 3, 32, 32], w: [16, 3, 3, 3], padding: 1 })];
  for (let drawn = 0; shapes.length < count && drawn < 1000 * count; drawn++) {
    const [N, C, K, H, R, stride] = [
      one(sizes.N),
      one(sizes.C),
      one(sizes.K),
      one(sizes.H),
      one(sizes.R),
      one(sizes.stride),
    ];
    const depthwise = C >= 16 && R > 1 && random() < 0.1;
    const direction = directions[shapes.length % directions.length];
    const groups = depthwise ? C : 1;
    const desc = convolutionDescriptor({
      x: [N, C, H, H],
      w: [depthwise ? C : K, C / groups, R, R],
      stride,
      padding: R >> 1,
      groups,
      direction,
    });
    if (convFlops(desc) <= flops && convFlops(desc) >= flops / 50) shapes.push(desc);
  }
  return shapes.map(convProblem);
}

/** Numbers in [0, 1). */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
