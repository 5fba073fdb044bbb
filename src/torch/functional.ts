/**
 * @file torch.nn.functional: operations with their parameters as arguments.
 */
import { fail } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import * as e from '../graph/expr.ts';
import { conv2d as conv2dOp } from '../graph/ops/conv2d.ts';
import { avgPool2d as avgPool2dOp, maxPool2d as maxPool2dOp } from '../graph/ops/pool2d.ts';
import { record } from '../graph/record.ts';
import { matmul } from './ops/matmul.ts';
import { Tensor } from './tensor.ts';

export * from './functional/activation.ts';

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

export interface ConvOptions {
  readonly stride?: Pair;
  /** Elements of zeros around the input; `'same'` keeps its size at stride 1, `'valid'` is 0; [top, bottom, left, right] pads each side by itself. */
  readonly padding?: Pair | readonly [number, number, number, number] | 'same' | 'valid';
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Runs exactly this algorithm, in cuDNN's name, or fails with the reason. */
  readonly algo?: string;
}

/** Rejects options that an operation does not know, so that a typing error is no silent default. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) if (!known.includes(name)) fail(`${what}: unknown option ${name}; known are ${known.join(', ')}`);
}

/**
 * Cross-correlation of input [N, C, H, W] with weight [K, C / groups, R, S], plus bias [K]; gives [N, K, P, Q].
 * An input [C, H, W] is one image without a batch.
 */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvOptions = {}): Tensor {
  checkOptions('conv2d', options, ['stride', 'padding', 'dilation', 'groups', 'algo']);
  if (input.ndim === 3) return overPlanes(input, (x) => conv2d(new Tensor(x), weight, bias, options).node);
  const stride = pair(options.stride ?? 1);
  const dilation = pair(options.dilation ?? 1);
  const attrs = { stride, dilation, padding: convPadding(options.padding ?? 0, weight, stride, dilation), groups: options.groups ?? 1, algo: options.algo };
  return new Tensor(record(conv2dOp, bias ? [input.node, weight.node, bias.node] : [input.node, weight.node], attrs));
}

function convPadding(padding: NonNullable<ConvOptions['padding']>, weight: Tensor, stride: readonly number[], dilation: readonly number[]): readonly [number, number, number, number] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    if (stride.some((s) => s !== 1)) fail(`conv2d: padding 'same' needs stride 1, got ${formatShape(stride)}`);
    const [h, w] = [0, 1].map((d) => dilation[d] * (weight.shape[2 + d] - 1));
    return [Math.floor(h / 2), Math.ceil(h / 2), Math.floor(w / 2), Math.ceil(w / 2)];
  }
  if (typeof padding === 'string') return fail(`conv2d: unknown padding '${String(padding)}'; known are a number, a pair, four numbers, 'same' and 'valid'`);
  if (Array.isArray(padding) && padding.length === 4) return padding as unknown as readonly [number, number, number, number];
  const [h, w] = pair(padding as Pair);
  return [h, h, w, w];
}

export interface PoolOptions {
  /** The window's size unless given. */
  readonly stride?: Pair;
  readonly padding?: Pair;
  readonly dilation?: Pair;
  readonly ceilMode?: boolean;
}

/** The largest element under each window of an input [N, C, H, W] (or [C, H, W]); padding counts as −∞. */
export function maxPool2d(input: Tensor, kernelSize: Pair, options: PoolOptions = {}): Tensor {
  checkOptions('maxPool2d', options, ['stride', 'padding', 'dilation', 'ceilMode']);
  return overPlanes(input, (x) => record(maxPool2dOp, [x], poolAttrs(kernelSize, options)));
}

/** The mean under each window; padding counts as zeros unless `countIncludePad` is false. */
export function avgPool2d(input: Tensor, kernelSize: Pair, options: Omit<PoolOptions, 'dilation'> & { readonly countIncludePad?: boolean } = {}): Tensor {
  checkOptions('avgPool2d', options, ['stride', 'padding', 'ceilMode', 'countIncludePad']);
  return overPlanes(input, (x) => record(avgPool2dOp, [x], { ...poolAttrs(kernelSize, options), countIncludePad: options.countIncludePad ?? true }));
}

function poolAttrs(kernelSize: Pair, options: PoolOptions) {
  const kernel = pair(kernelSize);
  return { kernel, stride: pair(options.stride ?? kernel), padding: pair(options.padding ?? 0), dilation: pair(options.dilation ?? 1), ceilMode: options.ceilMode ?? false };
}

/** Applies `f` to a batch of planes; a single image is a batch of one. */
function overPlanes(input: Tensor, f: (x: Tensor['node']) => Tensor['node']): Tensor {
  if (input.ndim !== 3) return new Tensor(f(input.node));
  const y = f(e.reshape(input.node, [1, ...input.shape]));
  return new Tensor(e.reshape(y, y.shape.slice(1)));
}

/** input [..., in] · weightᵀ [in, out] + bias [out] */
export function linear(input: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const product = matmul(input, weight.transpose(0, 1));
  return bias ? product.add(bias) : product;
}
