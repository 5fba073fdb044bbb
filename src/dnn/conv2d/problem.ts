/**
 * @file A convolution as a problem: its operands by role, and single output elements by the definition, in float64.
 */
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { activate, pools } from '../../graph/ops/conv2d-fused.ts';
import { unfusedAlgorithm } from '../kernels/unfused.ts';
import type { Pool } from '../kernels/epilogue.ts';
import { poolProblem } from '../pool/problem.ts';
import type { Operand, Problem } from '../problem.ts';
import type { ConvSlots } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, convFlops, convKey, describeConv, storedShape } from './descriptor.ts';
import { ownKey } from './own.ts';
import { allConvAlgorithms } from './table.ts';
import { describeElement } from './taps.ts';

export function convProblem(d: ConvDescriptor): Problem<ConvDescriptor, ConvSlots> {
  const written = { forward: 'y', 'backward data': 'x', 'backward filter': 'w' }[d.direction];
  const operand = (role: string, shape: Shape): Operand => ({
    role,
    elements: sizeOf(shape),
    shape,
    dtype: d.dtype,
    access: role === written ? 'write' : 'read',
  });
  const y = [d.N, d.K, d.P, d.Q];
  const stored = { ...operand('y', storedShape(d)), ...(d.epilogue.pool && { sums: d.K * computedPixels(d) }) };
  const operands = [operand('x', [d.N, d.C, d.H, d.W]), operand('w', [d.K, d.C / d.groups, d.R, d.S]), stored];
  if (d.epilogue.bias) operands.push(operand('bias', [d.K]));
  if (d.epilogue.residual) operands.push(operand('residual', y));
  const element = {
    forward: d.epilogue.pool ? pooledElement : forwardElement,
    'backward data': dataElement,
    'backward filter': filterElement,
  }[d.direction];
  return {
    operation: 'conv2d',
    direction: d.direction,
    desc: d,
    key: `conv2d ${convKey(d)}${ownKey(d)}`,
    description: describeConv(d),
    algorithms: d.epilogue.pool
      ? [...allConvAlgorithms(d.direction), ...poolingApart(d, d.epilogue.pool)]
      : allConvAlgorithms(d.direction),
    operands,
    flops: convFlops(d),
    reference: (inputs, at) => Float64Array.from(at, (i) => element(d, inputs, i)),
    describeElement: (i) => describeElement(d, i),
  };
}

/** Every algorithm, with the pool in a launch of its own. */
function poolingApart(d: ConvDescriptor, pool: Pool): Problem<ConvDescriptor, ConvSlots>['algorithms'] {
  const first = convProblem({ ...d, epilogue: { ...d.epilogue, pool: undefined } });
  const {
    kernel: [R, S],
    stride: [strideH, strideW],
    padding: [padH, padW],
    dilation: [dilationH, dilationW],
  } = pools[pool];
  const [N, C, P, Q] = storedShape(d);
  const last = poolProblem({
    direction: 'forward',
    mode: 'max',
    keeps: 'value',
    N,
    C,
    H: d.P,
    W: d.Q,
    P,
    Q,
    R,
    S,
    strideH,
    strideW,
    padH,
    padW,
    dilationH,
    dilationW,
    dtype: d.dtype,
  });
  return first.algorithms.map((algorithm) => unfusedAlgorithm(algorithm, { first, last, name: 'pool' }));
}

type Inputs = Readonly<Record<string, Float64Array>>;

/** y at flat index i: the sum of the definition, then the epilogue. */
function forwardElement(d: ConvDescriptor, { x, w, bias, residual }: Inputs, i: number): number {
  const [n, k, p, q] = unflatten(i, d.K, d.P, d.Q);
  const Cg = d.C / d.groups;
  const firstC = Math.floor(k / (d.K / d.groups)) * Cg;
  let sum = 0;
  for (let c = 0; c < Cg; c++) {
    for (let r = 0; r < d.R; r++) {
      const h = p * d.strideH - d.padTop + r * d.dilationH;
      if (h < 0 || h >= d.H) continue;
      for (let s = 0; s < d.S; s++) {
        const v = q * d.strideW - d.padLeft + s * d.dilationW;
        if (v >= 0 && v < d.W)
          sum += x[((n * d.C + firstC + c) * d.H + h) * d.W + v] * w[((k * Cg + c) * d.R + r) * d.S + s];
      }
    }
  }
  return activate(d.epilogue.activation, sum + (bias ? bias[k] : 0) + (residual ? residual[i] : 0));
}

/** The pooled y at flat index i: the largest under its window, or NaN where one is. */
function pooledElement(d: ConvDescriptor, inputs: Inputs, i: number): number {
  const [n, k, p, q] = unflatten(i, ...(storedShape(d).slice(1) as [number, number, number]));
  const first = ((n * d.K + k) * d.P + 2 * p) * d.Q + 2 * q;
  return Math.max(...[0, 1, d.Q, d.Q + 1].map((step) => forwardElement(d, inputs, first + step)));
}

/** dx at flat index i: every output that read this element, times the weight it met. */
function dataElement(d: ConvDescriptor, { y, w }: Inputs, i: number): number {
  const [n, c, h, v] = unflatten(i, d.C, d.H, d.W);
  const [Cg, Kg] = [d.C / d.groups, d.K / d.groups];
  const group = Math.floor(c / Cg);
  let sum = 0;
  for (let r = 0; r < d.R; r++) {
    const p = (h + d.padTop - r * d.dilationH) / d.strideH;
    if (!Number.isInteger(p) || p < 0 || p >= d.P) continue;
    for (let s = 0; s < d.S; s++) {
      const q = (v + d.padLeft - s * d.dilationW) / d.strideW;
      if (!Number.isInteger(q) || q < 0 || q >= d.Q) continue;
      for (let k = group * Kg; k < (group + 1) * Kg; k++) {
        sum += y[((n * d.K + k) * d.P + p) * d.Q + q] * w[((k * Cg + (c % Cg)) * d.R + r) * d.S + s];
      }
    }
  }
  return sum;
}

/** dw at flat index i: every product of an input with an output's gradient that this weight made. */
function filterElement(d: ConvDescriptor, { x, y }: Inputs, i: number): number {
  const Cg = d.C / d.groups;
  const [k, cg, r, s] = unflatten(i, Cg, d.R, d.S);
  const c = Math.floor(k / (d.K / d.groups)) * Cg + cg;
  let sum = 0;
  for (let n = 0; n < d.N; n++) {
    for (let p = 0; p < d.P; p++) {
      const h = p * d.strideH - d.padTop + r * d.dilationH;
      if (h < 0 || h >= d.H) continue;
      for (let q = 0; q < d.Q; q++) {
        const v = q * d.strideW - d.padLeft + s * d.dilationW;
        if (v >= 0 && v < d.W) sum += x[((n * d.C + c) * d.H + h) * d.W + v] * y[((n * d.K + k) * d.P + p) * d.Q + q];
      }
    }
  }
  return sum;
}

function unflatten(i: number, B: number, C: number, D: number): [number, number, number, number] {
  return [Math.floor(i / (B * C * D)), Math.floor(i / (C * D)) % B, Math.floor(i / D) % C, i % D];
}
