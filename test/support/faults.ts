/**
 * @file Faults of the size that a wrong index in a convolution's kernel makes.
 */
import { sizeOf } from '../../src/base/shape.ts';
import { rootMeanSquare } from '../../src/compare/compare.ts';
import type { Node, Operand } from '../../src/graph/types.ts';
import { stream } from './fake-bench.ts';
import type { Fault } from './rounded-side.ts';

export const faultNames = [
  'one tap of one output',
  'one tap of one channel',
  'last column off by one',
  'edges repeated, not zero',
  'no bias',
] as const;
export type FaultName = (typeof faultNames)[number];

/** A fault of that kind in one of the convolutions of a graph; `undefined` where it has none that could have it. */
export function faultIn(nodes: readonly Node[], name: FaultName, seed: number): Fault | undefined {
  const random = stream(seed);
  const able = nodes.filter(
    (node) =>
      node.op.name === 'conv2d' &&
      (name !== 'no bias' || node.inputs.length === 3) &&
      (name !== 'edges repeated, not zero' || padding(node) > 0),
  );
  if (able.length === 0) return undefined;
  const node = able[Math.floor(random() * able.length)];
  return { node, change: changes[name](node, random) };
}

const padding = ({ attrs }: Node): number => (attrs['padding'] as readonly number[])[0];

type Change = Fault['change'];

const changes: Record<FaultName, (node: Node, random: () => number) => Change> = {
  'one tap of one output':
    (node, random) =>
    ([x, w], values) => {
      const typical = rootMeanSquare(x.data) * rootMeanSquare(w.data);
      for (let attempt = 0; attempt < 200; attempt++) {
        const at = Math.floor(random() * values.length);
        const without = withoutTap(node, [x, w], at, Math.floor(random() * sizeOf(w.shape.slice(1))));
        // On padding there is none to leave out.
        if (Math.abs(without) >= typical) return values.map((y, i) => (i === at ? y + without : y));
      }
      return values;
    },
  'one tap of one channel':
    (node, random) =>
    ([x, w], values) => {
      const [K, plane] = [node.shape[1], sizeOf(node.shape.slice(2))];
      const [channel, tap] = [Math.floor(random() * K), Math.floor(random() * sizeOf(w.shape.slice(1)))];
      return values.map((y, i) => (Math.floor(i / plane) % K === channel ? y + withoutTap(node, [x, w], i, tap) : y));
    },
  'last column off by one':
    ({ shape }) =>
    (_, values) =>
      values.map((y, i) => (i % shape[3] === shape[3] - 1 ? values[i - 1] : y)),
  'edges repeated, not zero':
    (node) =>
    ([x, ...others]) =>
      node.op.reference!([repeated(x, padding(node)), ...others], { ...node.attrs, padding: [0, 0, 0, 0] }, node),
  'no bias':
    ({ shape: [, K, P, Q] }) =>
    ([, , bias], values) =>
      values.map((y, i) => y - bias.data[Math.floor(i / (P * Q)) % K]),
};

/** What an output element lacks where a tap of its filter is left out. */
function withoutTap({ shape, attrs }: Node, [x, w]: readonly Operand[], at: number, tap: number): number {
  const [, K, P, Q] = shape;
  const [, C, R, S] = w.shape;
  const [n, k, p, q] = [Math.floor(at / (K * P * Q)), Math.floor(at / (P * Q)) % K, Math.floor(at / Q) % P, at % Q];
  const [c, r, s] = [Math.floor(tap / (R * S)), Math.floor(tap / S) % R, tap % S];
  const [stride, pad] = [attrs['stride'] as readonly number[], attrs['padding'] as readonly number[]];
  const [h, v] = [p * stride[0] + r - pad[0], q * stride[1] + s - pad[2]];
  const [, channels, H, W] = x.shape;
  if (h < 0 || v < 0 || h >= H || v >= W) return 0;
  const group = Math.floor(k / (K / (channels / C)));
  return -w.data[k * C * R * S + tap] * x.data[((n * channels + group * C + c) * H + h) * W + v];
}

/** An image with its edges repeated around it. */
function repeated({ shape: [n, c, H, W], dtype, data }: Operand, pad: number): Operand {
  const [height, width] = [H + 2 * pad, W + 2 * pad];
  const inside = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at - pad));
  const out = Float64Array.from({ length: n * c * height * width }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    return data[(plane * H + inside(row, H)) * W + inside(column, W)];
  });
  return { shape: [n, c, height, width], dtype, data: out };
}
