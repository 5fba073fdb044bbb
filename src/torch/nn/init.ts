/**
 * @file torch.nn.init: first values of parameters, with PyTorch's formulas and, for the same seed, PyTorch's numbers.
 *
 * The functions whose names end in `_` change a tensor in place and return it. They draw on the host and move nothing:
 * the tensor's new value goes to its device with the first kernel that reads it.
 */
import type { HostArray } from '../../base/dtype.ts';
import { encode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { normal, uniform } from '../../base/random.ts';
import type { Generator } from '../../base/random.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { erf, erfinv } from '../../base/special.ts';
import { leaf } from '../../graph/record.ts';
import { fromHost, made } from '../creation.ts';
import { replaceLeaf } from '../inplace.ts';
import { defaultGenerator } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { orthogonalRows } from './orthogonal.ts';

export interface InitOptions {
  /** Draws from this generator instead of the default one. */
  readonly generator?: Generator;
}

function fill(tensor: Tensor, values: ArrayLike<number>): Tensor {
  const { node } = tensor;
  const host: HostArray = values instanceof Float32Array && node.dtype === 'float32' ? values : encode(node.dtype, values);
  replaceLeaf(tensor, leaf(node, node.device, host, node.requiresGrad), 'an initialisation');
  return tensor;
}

const draw = (tensor: Tensor, sample: (g: Generator, n: number) => Float32Array, { generator = defaultGenerator }: InitOptions): Tensor => fill(tensor, sample(generator, sizeOf(tensor.node.shape)));

/** Uniform on [a, b). */
export const uniform_ = (tensor: Tensor, a = 0, b = 1, options: InitOptions = {}): Tensor => draw(tensor, (g, n) => uniform(g, n, a, b), options);

/** Normal with the given mean and standard deviation. */
export const normal_ = (tensor: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor => draw(tensor, (g, n) => normal(g, n, mean, std), options);

export const constant_ = (tensor: Tensor, value: number): Tensor => fill(tensor, new Float64Array(sizeOf(tensor.node.shape)).fill(value));
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);
export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0);

/** Ones on the diagonal of a matrix, zeros elsewhere. */
export function eye_(tensor: Tensor): Tensor {
  const [rows, columns] = tensor.node.shape;
  if (tensor.ndim !== 2) fail(`eye_: a matrix has two dimensions, this tensor has shape ${tensor.shape}`);
  return fill(tensor, Float64Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 1 : 0)));
}

/** How many inputs an element of a weight's output sums over, and how many outputs an input goes to. */
function fans(what: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) fail(`${what}: a weight has at least 2 dimensions, this tensor has ${shape.length}`);
  const window = sizeOf(shape.slice(2));
  return { fanIn: shape[1] * window, fanOut: shape[0] * window };
}

export type Nonlinearity = 'linear' | 'conv1d' | 'conv2d' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'selu';

/** The factor by which a nonlinearity shrinks the standard deviation; `param` is leaky_relu's slope. */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  const gains: Record<Nonlinearity, number> = {
    linear: 1, conv1d: 1, conv2d: 1, sigmoid: 1, tanh: 5 / 3, relu: Math.sqrt(2), leaky_relu: Math.sqrt(2 / (1 + param ** 2)), selu: 3 / 4,
  };
  return gains[nonlinearity] ?? fail(`calculateGain: unknown nonlinearity ${nonlinearity}; known are ${Object.keys(gains).join(', ')}`);
}

/** Uniform, keeping the variance of activations and of gradients (Glorot and Bengio, AISTATS 2010). */
export function xavierUniform_(tensor: Tensor, gain = 1, options: InitOptions = {}): Tensor {
  const { fanIn, fanOut } = fans('xavierUniform_', tensor.node.shape);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return uniform_(tensor, -bound, bound, options);
}

/** Normal, keeping the variance of activations and of gradients. */
export function xavierNormal_(tensor: Tensor, gain = 1, options: InitOptions = {}): Tensor {
  const { fanIn, fanOut } = fans('xavierNormal_', tensor.node.shape);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), options);
}

export interface KaimingOptions extends InitOptions {
  /** The slope below 0 of the leaky_relu that follows; 0 for relu. */
  readonly a?: number;
  /** Keeps the variance on the way forward, or backward. */
  readonly mode?: 'fan_in' | 'fan_out';
  readonly nonlinearity?: Nonlinearity;
}

function kaimingStd(what: string, shape: Shape, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  const { fanIn, fanOut } = fans(what, shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

/** Uniform, keeping the variance through rectifiers (He and others, ICCV 2015). */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd('kaimingUniform_', tensor.node.shape, options);
  return uniform_(tensor, -bound, bound, options);
}

/** Normal, keeping the variance through rectifiers. */
export const kaimingNormal_ = (tensor: Tensor, options: KaimingOptions = {}): Tensor => normal_(tensor, 0, kaimingStd('kaimingNormal_', tensor.node.shape, options), options);

const normalCdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/** Normal, drawn again as long as it is outside [a, b], by the inverse of its distribution function. */
export function truncNormal_(tensor: Tensor, mean = 0, std = 1, a = -2, b = 2, options: InitOptions = {}): Tensor {
  const [low, high] = [normalCdf((a - mean) / std), normalCdf((b - mean) / std)];
  return draw(tensor, (g, n) => uniform(g, n, 2 * low - 1, 2 * high - 1).map((u) => Math.min(b, Math.max(a, erfinv(u) * std * Math.SQRT2 + mean))), options);
}

/** Orthonormal rows or columns, whichever are fewer, of the matrix [size 0, the rest], times `gain` (Saxe and others, ICLR 2014). */
export function orthogonal_(tensor: Tensor, gain = 1, { generator = defaultGenerator }: InitOptions = {}): Tensor {
  const { shape } = tensor.node;
  if (shape.length < 2) fail(`orthogonal_: a matrix has at least 2 dimensions, this tensor has shape ${tensor.shape}`);
  const rows = shape[0];
  const columns = sizeOf(shape) / rows;
  return fill(tensor, orthogonalRows(normal(generator, rows * columns), rows, columns).map((v) => gain * v));
}

/** The default of Linear and Conv layers: kaimingUniform_ with a = √5. */
export function defaultWeight(shape: Shape): Tensor {
  return made('a weight', shape, 'float32', () => kaimingUniform_(fromHost(new Float32Array(sizeOf(shape)), shape, 'float32'), { a: Math.sqrt(5) }));
}

/** The default bias: uniform within ±1/√fan_in of the weight. */
export function defaultBias(size: number, weightShape: Shape): Tensor {
  const bound = 1 / Math.sqrt(sizeOf(weightShape.slice(1)));
  return uniform_(fromHost(new Float32Array(size), [size], 'float32'), -bound, bound);
}
