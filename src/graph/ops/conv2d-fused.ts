/**
 * @file conv2dFused: a convolution with its epilogue, y = pool(activation(conv2d(x, w) + bias + residual)), as one
 * operation.
 *
 * Programs never record it: the fusing pass makes it, after autograd, of a convolution and what follows.
 */
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import type { Conv2dAttrs } from './conv2d.ts';
import { conv2d, productsOf } from './conv2d.ts';
import { gelu, hardtanh, leakyRelu, relu, sigmoid, silu, tanh } from './elementwise/index.ts';
import type { Pool2dAttrs } from './pool2d.ts';
import { maxPool2d } from './pool2d.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, Node, Op } from '../types.ts';

/**
 * The activations that a convolution can end in: the operation that a program records, and its attributes where only
 * some will do.
 */
const activations = {
  relu: { op: relu, attrs: {} },
  relu6: { op: hardtanh, attrs: { low: 0, high: 6 } },
  leaky_relu: { op: leakyRelu, attrs: { slope: 0.01 } },
  silu: { op: silu, attrs: {} },
  gelu: { op: gelu, attrs: {} },
  sigmoid: { op: sigmoid, attrs: {} },
  tanh: { op: tanh, attrs: {} },
} satisfies Record<string, PointwiseCall>;

interface PointwiseCall {
  readonly op: Op;
  readonly attrs: Attrs;
}

export type Activation = 'identity' | keyof typeof activations;

export const activationNames = ['identity', ...Object.keys(activations)] as readonly Activation[];

/** What a program records for an activation; `undefined` for none. */
export const appliedBy = (activation: Activation): PointwiseCall | undefined =>
  activation === 'identity' ? undefined : activations[activation];

/** The activation of a double. */
export function activate(activation: Activation, v: number): number {
  const applied = appliedBy(activation);
  return applied ? applied.op.elementwise!.js([v], applied.attrs) : v;
}

/** Which activation a node applies to its only operand, if it is one that a convolution can end in. */
export const activationOf = ({ op, attrs }: PointwiseCall): Activation | undefined =>
  activationNames.find((name) => {
    const applied = appliedBy(name);
    return applied?.op === op && Object.entries(applied.attrs).every(([key, value]) => attrs[key] === value);
  });

/** The poolings that a convolution can end in, as a program records them. */
export const pools = {
  'max 2x2': { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false },
} satisfies Record<string, Pool2dAttrs>;

export type Pool = keyof typeof pools;

/**
 * Which of them a node applies to its only operand, if it is one. Rounding sizes up makes no difference where they are
 * even.
 */
export function poolOf({ op, attrs, shape, inputs: [y] }: Node): Pool | undefined {
  const names = op === maxPool2d ? (Object.keys(pools) as Pool[]) : [];
  return names.find((name) => {
    const { ceilMode: _, ...windows } = pools[name];
    return (
      Object.entries(windows).every(([key, value]) => String(attrs[key]) === String(value)) &&
      sameShape(shape, maxPool2d.infer([y], pools[name]).shape)
    );
  });
}

/** What happens to a sum before it is stored. */
export interface Epilogue {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
  /** The last step, if there is one: what is stored is the pooled output, [N, K, ⌊P/2⌋, ⌊Q/2⌋]. */
  readonly pool?: Pool;
}

export interface Conv2dFusedAttrs extends Conv2dAttrs {
  readonly epilogue: Epilogue;
}

/** Inputs: x, w, then the bias and the residual if the epilogue has them. */
export const conv2dFused: Op<Conv2dFusedAttrs> = {
  name: 'conv2dFused',
  infer: (inputs, attrs) => {
    const y = conv2d.infer(inputs.slice(0, attrs.epilogue.bias ? 3 : 2), attrs);
    return attrs.epilogue.pool ? maxPool2d.infer([y], pools[attrs.epilogue.pool]) : y;
  },
  reference: (inputs, attrs, output) => {
    const { bias, residual, activation, pool } = attrs.epilogue;
    const operands = inputs.slice(0, bias ? 3 : 2);
    const y = conv2d.infer(operands, attrs);
    const sum = conv2d.reference!(operands, attrs, y);
    const skip = residual ? inputs.at(-1)!.data : undefined;
    const data = sum.map((v, i) => activate(activation, skip ? v + skip[i] : v));
    return pool ? maxPool2d.reference!([{ ...y, data }], pools[pool], output) : data;
  },
  gradient: 'none',
  sums: sumsOf(2, ([x, w], attrs) => productsOf(w.shape, conv2d.infer([x, w], attrs).shape)),
  python: () => fail('conv2dFused: print the graph before it is fused'),
};
