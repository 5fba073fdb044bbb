/**
 * @file Activations as modules; the formulas are in functional/activation.ts.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { fromHost } from '../creation.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Layer, inplace, layer, placement, settings } from './layer.ts';
import { Parameter } from './parameter.ts';

/** A layer that is a function and nothing else. */
const plain = (name: string, f: (x: Tensor) => Tensor) =>
  class extends layer(Layer, name, [], () => ({})) {
    override forward(x: Tensor): Tensor {
      return f(x);
    }
  };

/** A layer that is a function and has PyTorch's switch `inplace`. */
const switched = (name: string, f: (x: Tensor, inplace: boolean) => Tensor) =>
  class extends layer(Layer, name, [inplace], (inplace) => ({ inplace })) {
    override forward(x: Tensor): Tensor {
      return f(x, this.inplace);
    }
  };

/** max(x, 0). */
export class ReLU extends switched('nn.ReLU', F.relu) {}

/** min(max(x, 0), 6). */
export class ReLU6 extends switched('nn.ReLU6', F.relu6) {}

/** The scaled ELU of self-normalizing networks (Klambauer and others, NeurIPS 2017). */
export class SELU extends switched('nn.SELU', F.selu) {}

/** x / (1 + e^−x), also called swish. */
export class SiLU extends switched('nn.SiLU', F.silu) {}

/** x · tanh(log(1 + e^x)). */
export class Mish extends switched('nn.Mish', F.mish) {}

/** PyTorch prints these two without `inplace`. */
export class Hardswish extends switched('nn.Hardswish', F.hardswish) {
  override extraRepr(): string {
    return '';
  }
}

/** min(max(x / 6 + 1/2, 0), 1). */
export class Hardsigmoid extends switched('nn.Hardsigmoid', F.hardsigmoid) {
  override extraRepr(): string {
    return '';
  }
}

/** 1 / (1 + e^−x). */
export class Sigmoid extends plain('nn.Sigmoid', F.sigmoid) {}

/** The hyperbolic tangent. */
export class Tanh extends plain('nn.Tanh', F.tanh) {}

/** log(1 / (1 + e^−x)). */
export class LogSigmoid extends plain('nn.LogSigmoid', F.logsigmoid) {}

/** x / (1 + |x|). */
export class Softsign extends plain('nn.Softsign', F.softsign) {}

/** x − tanh(x). */
export class Tanhshrink extends plain('nn.Tanhshrink', F.tanhshrink) {}

/** x · Φ(x), with the normal distribution's Φ; `approximate: 'tanh'` is faster and nearly the same. */
export class GELU extends layer(
  Layer,
  'nn.GELU',
  [p.choice(['none', 'tanh'])('approximate', 'none')],
  (approximate) => ({ approximate }),
) {
  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }
}

/** x above 0, else `negativeSlope` · x. */
export class LeakyReLU extends layer(
  Layer,
  'nn.LeakyReLU',
  [p.float('negativeSlope', 0.01), inplace],
  (negativeSlope, inplace) => ({ negativeSlope, inplace }),
) {
  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope, this.inplace);
  }
}

/** What ELU and CELU share: one number. */
const withAlpha = (name: string, f: (x: Tensor, alpha: number, inplace: boolean) => Tensor) =>
  class extends layer(Layer, name, [p.float('alpha', 1), inplace], (alpha, inplace) => ({ alpha, inplace })) {
    override forward(x: Tensor): Tensor {
      return f(x, this.alpha, this.inplace);
    }
  };

/** x above 0, else α · (e^x − 1). */
export class ELU extends withAlpha('nn.ELU', F.elu) {}

/** max(x, 0) + min(α · (e^(x/α) − 1), 0). */
export class CELU extends withAlpha('nn.CELU', F.celu) {}

const older = [
  p.refused('minValue', null, 'its name is minVal'),
  p.refused('maxValue', null, 'its name is maxVal'),
] as const;

/** x, cut off below `minVal` and above `maxVal`. */
export class Hardtanh extends layer(
  Layer,
  'nn.Hardtanh',
  [p.float('minVal', -1), p.float('maxVal', 1), inplace, ...older],
  (minVal, maxVal, inplace) =>
    maxVal > minVal ? { minVal, maxVal, inplace } : fail(`Hardtanh: maxVal ${maxVal} is not above minVal ${minVal}`),
) {
  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.minVal, this.maxVal, this.inplace);
  }
}

/** log(1 + e^(β·x)) / β, and x itself above the threshold. */
export class Softplus extends layer(
  Layer,
  'nn.Softplus',
  [p.float('beta', 1), p.float('threshold', 20)],
  (beta, threshold) => ({ beta, threshold }),
) {
  override forward(x: Tensor): Tensor {
    return F.softplus(x, this.beta, this.threshold);
  }
}

/** A learnt slope below 0: one for all channels, or one each. */
export class PReLU extends layer(
  Layer,
  'nn.PReLU',
  [p.int('numParameters', 1), p.float('init', 0.25), ...placement],
  (numParameters, init) => {
    atLeastOne('PReLU', { numParameters });
    return {
      numParameters,
      init,
      weight: new Parameter(fromHost(new Float32Array(numParameters).fill(init), [numParameters], 'float32')),
    };
  },
) {
  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return settings(this, { without: ['init'] });
  }
}

/** The first half of a dimension times the sigmoid of the second. */
export class GLU extends layer(Layer, 'nn.GLU', [p.int('dim', -1)], (dim) => ({ dim })) {
  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }
}

/** What Softmax and its kin share: a dimension, which PyTorch guesses with a warning where it is not given. */
const along = (name: string, f: (x: Tensor, dim: number) => Tensor) =>
  class extends layer(Layer, name, [p.int('dim', null)], (dim) => ({ dim })) {
    override forward(x: Tensor): Tensor {
      return f(x, this.dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1));
    }
  };

/** e^x divided by its sum along a dimension. */
export class Softmax extends along('nn.Softmax', F.softmax) {}

/** Softmax over the channels of planes [N, C, H, W] or [C, H, W]. */
export class Softmax2d extends plain('nn.Softmax2d', (x) => {
  if (x.ndim !== 3 && x.ndim !== 4) fail(`Softmax2d: the input has shape ${x.shape}; expected 3 or 4 dimensions`);
  return F.softmax(x, -3);
}) {}

/** The logarithm of softmax along a dimension. */
export class LogSoftmax extends along('nn.LogSoftmax', F.logSoftmax) {}

/** Softmax of −x along a dimension. */
export class Softmin extends along('nn.Softmin', F.softmin) {}

/** What Hardshrink and Softshrink share: how far from 0 counts as 0. */
const shrinking = (name: string, f: (x: Tensor, lambd: number) => Tensor) =>
  class extends layer(Layer, name, [p.float('lambd', 0.5)], (lambd) => ({ lambd })) {
    override forward(x: Tensor): Tensor {
      return f(x, this.lambd);
    }

    override extraRepr(): string {
      return settings(this, { unnamed: 1 });
    }
  };

/** x where |x| > λ, else 0. */
export class Hardshrink extends shrinking('nn.Hardshrink', F.hardshrink) {}

/** x moved by λ towards 0, and 0 within. */
export class Softshrink extends shrinking('nn.Softshrink', F.softshrink) {}

/** x above the threshold, else the value. */
export class Threshold extends layer(
  Layer,
  'nn.Threshold',
  [p.float('threshold'), p.float('value'), inplace],
  (threshold, value, inplace) => ({ threshold, value, inplace }),
) {
  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value, this.inplace);
  }
}
