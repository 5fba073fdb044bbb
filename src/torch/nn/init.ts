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
import { replaceLeaf } from '../inplace.ts';
import { defaultGenerator } from '../random.ts';
import { fn, p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { orthogonalRows } from './orthogonal.ts';

function fill(tensor: Tensor, values: ArrayLike<number>): Tensor {
  const { node } = tensor;
  const host: HostArray =
    values instanceof Float32Array && node.dtype === 'float32' ? values : encode(node.dtype, values);
  replaceLeaf(tensor, leaf(node, node.device, host, node.requiresGrad), 'an initialisation');
  return tensor;
}

const draw = (tensor: Tensor, sample: (g: Generator, n: number) => Float32Array, generator: Generator | null): Tensor =>
  fill(tensor, sample(generator ?? defaultGenerator, sizeOf(tensor.node.shape)));

const tensor = p.tensor('tensor');
/** Where numbers are drawn from, in place of the default generator. */
const generator = p.generator('generator', null);

/** Uniform on [a, b). */
export const uniform_ = fn(
  'nn.init.uniform_',
  [tensor, p.float('a', 0), p.float('b', 1), generator],
  (tensor, a, b, generator): Tensor => draw(tensor, (g, n) => uniform(g, n, a, b), generator),
);

/** Normal with the given mean and standard deviation. */
export const normal_ = fn(
  'nn.init.normal_',
  [tensor, p.float('mean', 0), p.float('std', 1), generator],
  (tensor, mean, std, generator): Tensor => draw(tensor, (g, n) => normal(g, n, mean, std), generator),
);

/** Fills the tensor with a value. */
export const constant_ = fn('nn.init.constant_', [tensor, p.float('val')], (tensor, val): Tensor =>
  fill(tensor, new Float64Array(sizeOf(tensor.node.shape)).fill(val)),
);
/** Fills the tensor with ones. */
export const ones_ = fn('nn.init.ones_', [tensor], (tensor): Tensor => constant_(tensor, 1));
/** Fills the tensor with zeros. */
export const zeros_ = fn('nn.init.zeros_', [tensor], (tensor): Tensor => constant_(tensor, 0));

/** Ones on the diagonal of a matrix, zeros elsewhere. */
export const eye_ = fn('nn.init.eye_', [tensor], (tensor): Tensor => {
  const [rows, columns] = tensor.node.shape;
  if (tensor.ndim !== 2) fail(`eye_: a matrix has two dimensions, this tensor has shape ${tensor.shape}`);
  return fill(
    tensor,
    Float64Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 1 : 0)),
  );
});

/** How many inputs an element of a weight's output sums over, and how many outputs an input goes to. */
function fans(what: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) fail(`${what}: a weight has at least 2 dimensions, this tensor has ${shape.length}`);
  const window = sizeOf(shape.slice(2));
  return { fanIn: shape[1] * window, fanOut: shape[0] * window };
}

const gains = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.sqrt(2),
  leaky_relu: NaN,
  selu: 3 / 4,
};
const nonlinearity = p.choice(Object.keys(gains) as (keyof typeof gains)[]);

/**
 * The factor by which a nonlinearity shrinks the standard deviation; `param` is leaky_relu's slope, 0.01 unless given.
 */
export const calculateGain = fn(
  'nn.init.calculate_gain',
  [nonlinearity('nonlinearity'), p.float('param', null)],
  (nonlinearity, param): number =>
    nonlinearity === 'leaky_relu' ? Math.sqrt(2 / (1 + (param ?? 0.01) ** 2)) : gains[nonlinearity],
);

/** Uniform, keeping the variance of activations and of gradients (Glorot and Bengio, AISTATS 2010). */
export const xavierUniform_ = fn(
  'nn.init.xavier_uniform_',
  [tensor, p.float('gain', 1), generator],
  (tensor, gain, generator): Tensor => {
    const { fanIn, fanOut } = fans('xavierUniform_', tensor.node.shape);
    const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
    return uniform_(tensor, -bound, bound, generator);
  },
);

/** Normal, keeping the variance of activations and of gradients. */
export const xavierNormal_ = fn(
  'nn.init.xavier_normal_',
  [tensor, p.float('gain', 1), generator],
  (tensor, gain, generator): Tensor => {
    const { fanIn, fanOut } = fans('xavierNormal_', tensor.node.shape);
    return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), generator);
  },
);

/**
 * `a`: the slope below 0 of the leaky_relu that follows. `mode`: keeps the variance on the way forward, or backward.
 */
const kaiming = [
  tensor,
  p.float('a', 0),
  p.choice(['fan_in', 'fan_out'])('mode', 'fan_in'),
  nonlinearity('nonlinearity', 'leaky_relu'),
  generator,
] as const;

function kaimingStd(
  what: string,
  shape: Shape,
  a: number,
  mode: 'fan_in' | 'fan_out',
  nonlinearity: keyof typeof gains,
): number {
  const { fanIn, fanOut } = fans(what, shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

/** Uniform, keeping the variance through rectifiers (He and others, ICCV 2015). */
export const kaimingUniform_ = fn(
  'nn.init.kaiming_uniform_',
  kaiming,
  (tensor, a, mode, nonlinearity, generator): Tensor => {
    const bound = Math.sqrt(3) * kaimingStd('kaimingUniform_', tensor.node.shape, a, mode, nonlinearity);
    return uniform_(tensor, -bound, bound, generator);
  },
);

/** Normal, keeping the variance through rectifiers. */
export const kaimingNormal_ = fn(
  'nn.init.kaiming_normal_',
  kaiming,
  (tensor, a, mode, nonlinearity, generator): Tensor =>
    normal_(tensor, 0, kaimingStd('kaimingNormal_', tensor.node.shape, a, mode, nonlinearity), generator),
);

const normalCdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/** Normal, drawn again as long as it is outside [a, b], by the inverse of its distribution function. */
export const truncNormal_ = fn(
  'nn.init.trunc_normal_',
  [tensor, p.float('mean', 0), p.float('std', 1), p.float('a', -2), p.float('b', 2), generator],
  (tensor, mean, std, a, b, generator): Tensor => {
    const [low, high] = [normalCdf((a - mean) / std), normalCdf((b - mean) / std)];
    return draw(
      tensor,
      (g, n) =>
        uniform(g, n, 2 * low - 1, 2 * high - 1).map((u) =>
          Math.min(b, Math.max(a, erfinv(u) * std * Math.SQRT2 + mean)),
        ),
      generator,
    );
  },
);

/**
 * Orthonormal rows or columns, whichever are fewer, of the matrix [size 0, the rest], times `gain` (Saxe and others,
 * ICLR 2014).
 */
export const orthogonal_ = fn(
  'nn.init.orthogonal_',
  [tensor, p.float('gain', 1), generator],
  (tensor, gain, generator): Tensor => {
    const { shape } = tensor.node;
    if (shape.length < 2)
      fail(`orthogonal_: a matrix has at least 2 dimensions, this tensor has shape ${tensor.shape}`);
    const rows = shape[0];
    const columns = sizeOf(shape) / rows;
    return fill(
      tensor,
      orthogonalRows(normal(generator ?? defaultGenerator, rows * columns), rows, columns).map((v) => gain * v),
    );
  },
);
