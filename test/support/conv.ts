/**
 * @file Runs one convolution algorithm with one configuration on poisoned buffers and compares it with the float64
 * reference.
 */
import { sizeOf } from '../../src/base/shape.ts';
import { toleranceOfPlan } from '../../src/dnn/choice/candidates.ts';
import type { Algorithm } from '../../src/dnn/algorithm.ts';
import type { ConvConfig, ConvSlots } from '../../src/dnn/conv2d/algorithm.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import type { Epilogue } from '../../src/dnn/kernels/epilogue.ts';
import type { Device } from '../../src/gpu/device.ts';
import { activate } from '../../src/graph/ops/conv2d-fused.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from '../../src/graph/ops/conv2d.ts';
import { randomNumbers, relativeError } from './numbers.ts';
import { rounded, runJob } from './run.ts';

type ConvAlgorithm = Algorithm<ConvDescriptor, ConvSlots>;

/** Host operands of a descriptor, as its dtype stores them, and what should come out, in float64. */
export interface ConvCase {
  readonly desc: ConvDescriptor;
  readonly x: Float64Array;
  readonly w: Float64Array;
  readonly y: Float64Array;
  readonly bias: Float64Array;
  readonly residual: Float64Array;
  readonly reference: Float64Array;
}

export interface ConvRun {
  readonly output: Float64Array;
  /** Largest |error| over the rms of the reference. */
  readonly error: number;
}

const shapes = (d: ConvDescriptor) => ({
  x: [d.N, d.C, d.H, d.W],
  w: [d.K, d.C / d.groups, d.R, d.S],
  y: [d.N, d.K, d.P, d.Q],
});

/** `change` may alter the random operands. */
export function convCase(
  desc: ConvDescriptor,
  seed = 1,
  change: (operands: Pick<ConvCase, 'x' | 'w' | 'y'>) => void = () => {},
): ConvCase {
  const shape = shapes(desc);
  const random = (count: number, salt: number): Float64Array =>
    rounded(desc.dtype, randomNumbers(count, seed * 7919 + salt));
  const x = random(sizeOf(shape.x), 1);
  const w = random(sizeOf(shape.w), 2);
  const y = random(sizeOf(shape.y), 3);
  change({ x, w, y });
  const bias = random(desc.K, 4);
  const residual = random(sizeOf(shape.y), 5);
  const dtype = desc.dtype;
  const attrs = {
    stride: [desc.strideH, desc.strideW],
    padding: [desc.padTop, desc.padBottom, desc.padLeft, desc.padRight],
    dilation: [desc.dilationH, desc.dilationW],
    groups: desc.groups,
  } as const;
  const of = (role: 'x' | 'w' | 'y', data: Float64Array) => ({ shape: shape[role], dtype, data });
  const reference = {
    forward: () => {
      const y = finish(
        desc.epilogue,
        conv2d.reference!([of('x', x), of('w', w)], attrs, { shape: shape.y, dtype }),
        bias,
        residual,
        desc.P * desc.Q,
      );
      return desc.epilogue.pool ? windowMaxima(y, desc.P, desc.Q) : y;
    },
    'backward data': () =>
      conv2dBackwardData.reference!([of('y', y), of('w', w)], { ...attrs, shape: shape.x }, { shape: shape.x, dtype }),
    'backward filter': () =>
      conv2dBackwardFilter.reference!(
        [of('x', x), of('y', y)],
        { ...attrs, shape: shape.w },
        { shape: shape.w, dtype },
      ),
  }[desc.direction]();
  return { desc, x, w, y, bias, residual, reference };
}

/** Runs the algorithm; throws where it wrote out of bounds. */
export async function runConv(
  device: Device,
  algorithm: ConvAlgorithm,
  config: ConvConfig,
  test: ConvCase,
): Promise<ConvRun> {
  const { desc } = test;
  const written = { forward: 'y', 'backward data': 'x', 'backward filter': 'w' }[desc.direction];
  const roles = ['x', 'w', 'y', desc.epilogue.bias && 'bias', desc.epilogue.residual && 'residual'] as const;
  const read = roles.filter((role) => role !== false && role !== written) as Exclude<(typeof roles)[number], false>[];
  const workspace = algorithm.workspace(desc, config);
  const slots = {
    x: 0,
    w: 0,
    y: 0,
    ...Object.fromEntries([...read, written].map((role, slot) => [role, slot])),
    workspace: workspace.map((_, i) => read.length + 1 + i),
  };
  const [output] = await runJob(device, {
    what: `${algorithm.name} (${config.label}) on ${describeConv(desc)}`,
    inputs: read.map((role) => ({ data: test[role], dtype: desc.dtype })),
    outputs: [{ length: test.reference.length, dtype: desc.dtype }],
    workspace,
    launches: algorithm.launches(desc, config, slots),
  });
  return { output, error: relativeError(output, test.reference) };
}

/** What is allowed to the algorithm against float64, over the reference's rms. */
export function gate(desc: ConvDescriptor, config: ConvConfig, algorithm: ConvAlgorithm): number {
  return toleranceOfPlan(convProblem(desc), { algorithm, config, workspace: [] });
}

function finish(
  { bias, residual, activation }: Epilogue,
  sums: Float64Array,
  biases: Float64Array,
  residuals: Float64Array,
  plane: number,
): Float64Array {
  return sums.map((sum, i) =>
    activate(
      activation,
      sum + (bias ? biases[Math.floor(i / plane) % biases.length] : 0) + (residual ? residuals[i] : 0),
    ),
  );
}

/** The largest of every whole 2×2 window of planes of P×Q. */
function windowMaxima(y: Float64Array, P: number, Q: number): Float64Array {
  const maxima: number[] = [];
  for (let row = 0; row < y.length / Q; row++) {
    if ((row % P) % 2 === 1 || row % P === P - 1) continue;
    for (let q = 0; q + 1 < Q; q += 2) {
      const at = row * Q + q;
      maxima.push(Math.max(y[at], y[at + 1], y[at + Q], y[at + Q + 1]));
    }
  }
  return Float64Array.from(maxima);
}
