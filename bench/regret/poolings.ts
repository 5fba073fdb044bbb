/**
 * @file Poolings for the regret, each with its gradient: those of well-known networks, and windows from 2×2 to a whole
 * plane.
 */
import type { PoolDescriptor, PoolMode } from '../../src/dnn/pool/descriptor.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';

interface Geometry {
  /** N, C, H, W. */
  readonly x: readonly [number, number, number, number];
  readonly window: number;
  readonly stride?: number;
  readonly padding?: number;
}

const geometries: readonly Geometry[] = [
  { x: [1, 64, 112, 112], window: 3, stride: 2, padding: 1 }, // ResNet's stem
  { x: [8, 16, 32, 32], window: 3, stride: 2, padding: 1 },
  { x: [1, 64, 112, 112], window: 2 }, // VGG
  { x: [32, 6, 28, 28], window: 2 }, // LeNet
  { x: [4, 256, 14, 14], window: 2 },
  { x: [1, 96, 55, 55], window: 3, stride: 2 }, // AlexNet
  { x: [1, 192, 28, 28], window: 3, stride: 1, padding: 1 }, // Inception
  { x: [2, 32, 35, 35], window: 3, stride: 1, padding: 1 },
  { x: [1, 128, 13, 13], window: 5, stride: 1, padding: 2 }, // a pyramid of poolings, as detectors have it
  { x: [1, 128, 13, 13], window: 13, stride: 1, padding: 6 },
  { x: [1, 512, 7, 7], window: 7 }, // a whole plane
  { x: [8, 64, 8, 8], window: 8 },
  { x: [1, 32, 56, 56], window: 56 },
  { x: [1, 3, 224, 224], window: 16 },
];

export const poolings = (): Problem[] =>
  geometries.flatMap((geometry) => {
    const [max, average] = [describe(geometry, 'max'), describe(geometry, 'average count include padding')];
    return [
      poolProblem(max),
      poolProblem({ ...max, direction: 'backward data', keeps: 'place' }),
      poolProblem(average),
      poolProblem({ ...average, direction: 'backward data' }),
    ];
  });

function describe({ x: [N, C, H, W], window, stride = window, padding = 0 }: Geometry, mode: PoolMode): PoolDescriptor {
  const outputs = (size: number): number => Math.floor((size + 2 * padding - window) / stride) + 1;
  return {
    direction: 'forward',
    mode,
    keeps: 'value',
    N,
    C,
    H,
    W,
    P: outputs(H),
    Q: outputs(W),
    R: window,
    S: window,
    strideH: stride,
    strideW: stride,
    padH: padding,
    padW: padding,
    dilationH: 1,
    dilationW: 1,
    dtype: 'float32',
  };
}
