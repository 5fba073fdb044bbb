/**
 * @file Activations as modules; the formulas are in functional/activation.ts.
 */
import * as F from '../functional.ts';
import { fromHost } from '../creation.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, float, named, python } from './arguments.ts';
import { Parameter } from './module.ts';

/** A layer that is a function and nothing else. */
function layerOf(f: (x: Tensor) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    override forward(x: Tensor): Tensor {
      return f(x);
    }
  };
}

/** PyTorch's switch to compute in the input's memory. It is accepted and printed; here intermediates share memory anyway, and the input stays. */
interface InPlace {
  readonly inplace?: boolean;
}

const printed = (inplace: boolean): string => (inplace ? 'inplace=True' : '');

/** A layer that is a function and has PyTorch's switch `inplace`. */
function switched(f: (x: Tensor) => Tensor) {
  return class extends layerOf(f) {
    readonly inplace: boolean;

    constructor(...given: [options?: InPlace] | [inplace: boolean]) {
      super();
      this.inplace = named<InPlace>(this.constructor.name, ['inplace'], given).inplace ?? false;
    }

    override extraRepr(): string {
      return printed(this.inplace);
    }

    /** A remote keeps its inputs too. */
    protected override constructorArguments(): string {
      return '';
    }
  };
}

export class ReLU extends switched(F.relu) {
  static readonly python: string = 'nn.ReLU';
}

export class ReLU6 extends switched(F.relu6) {
  static readonly python: string = 'nn.ReLU6';
}

export class SELU extends switched(F.selu) {
  static readonly python: string = 'nn.SELU';
}

export class SiLU extends switched(F.silu) {
  static readonly python: string = 'nn.SiLU';
}

export class Mish extends switched(F.mish) {
  static readonly python: string = 'nn.Mish';
}

export class Hardswish extends switched(F.hardswish) {
  static readonly python: string = 'nn.Hardswish';
}

export class Hardsigmoid extends switched(F.hardsigmoid) {
  static readonly python: string = 'nn.Hardsigmoid';
}

export class Sigmoid extends layerOf(F.sigmoid) {
  static readonly python: string = 'nn.Sigmoid';
}

export class Tanh extends layerOf(F.tanh) {
  static readonly python: string = 'nn.Tanh';
}

export class LogSigmoid extends layerOf(F.logsigmoid) {
  static readonly python: string = 'nn.LogSigmoid';
}

export class Softsign extends layerOf(F.softsign) {
  static readonly python: string = 'nn.Softsign';
}

export class Tanhshrink extends layerOf(F.tanhshrink) {
  static readonly python: string = 'nn.Tanhshrink';
}

export class GELU extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.GELU';
  readonly approximate: 'none' | 'tanh';

  constructor(...given: [options?: F.GeluOptions] | [approximate: F.GeluOptions['approximate']]) {
    super();
    this.approximate = named<F.GeluOptions>('GELU', ['approximate'], given).approximate ?? 'none';
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate=${python(this.approximate)}`;
  }
}

export class LeakyReLU extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.LeakyReLU';
  readonly negativeSlope: number;
  readonly inplace: boolean;

  constructor(...given: [options?: InPlace & { negativeSlope?: number }] | [negativeSlope: number, inplace?: boolean | InPlace]) {
    super();
    const { negativeSlope = 0.01, inplace = false } = named<InPlace & { negativeSlope: number }>('LeakyReLU', ['negativeSlope', 'inplace'], given);
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope);
  }

  override extraRepr(): string {
    return [this.constructorArguments(), ...(this.inplace ? [printed(true)] : [])].join(', ');
  }

  protected override constructorArguments(): string {
    return `negative_slope=${python(this.negativeSlope)}`;
  }
}

/** What ELU and CELU share: one number. */
function withAlpha(f: (x: Tensor, alpha: number) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    readonly alpha: number;
    readonly inplace: boolean;

    constructor(...given: [options?: InPlace & { alpha?: number }] | [alpha: number, inplace?: boolean | InPlace]) {
      super();
      const { alpha = 1, inplace = false } = named<InPlace & { alpha: number }>(this.constructor.name, ['alpha', 'inplace'], given);
      this.alpha = alpha;
      this.inplace = inplace;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.alpha);
    }

    override extraRepr(): string {
      return [this.constructorArguments(), ...(this.inplace ? [printed(true)] : [])].join(', ');
    }

    protected override constructorArguments(): string {
      return `alpha=${float(this.alpha)}`;
    }
  };
}

export class ELU extends withAlpha(F.elu) {
  static readonly python: string = 'nn.ELU';
}

export class CELU extends withAlpha(F.celu) {
  static readonly python: string = 'nn.CELU';
}

export class Hardtanh extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Hardtanh';
  readonly minVal: number;
  readonly maxVal: number;

  constructor(...given: [options?: { minVal?: number; maxVal?: number }] | [minVal: number, maxVal?: number]) {
    super();
    const { minVal = -1, maxVal = 1 } = named<{ minVal: number; maxVal: number }>('Hardtanh', ['minVal', 'maxVal'], given);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.minVal, this.maxVal);
  }

  override extraRepr(): string {
    return `min_val=${float(this.minVal)}, max_val=${float(this.maxVal)}`;
  }
}

export class Softplus extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Softplus';
  readonly beta: number;
  readonly threshold: number;

  constructor(...given: [options?: { beta?: number; threshold?: number }] | [beta: number, threshold?: number]) {
    super();
    const { beta = 1, threshold = 20 } = named<{ beta: number; threshold: number }>('Softplus', ['beta', 'threshold'], given);
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return `beta=${python(this.beta)}, threshold=${python(this.threshold)}`;
  }
}

/** A learnt slope below 0: one for all channels, or one each. */
export class PReLU extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.PReLU';
  weight: Parameter;

  constructor(...given: [options?: { numParameters?: number; init?: number }] | [numParameters: number, init?: number]) {
    super();
    const { numParameters = 1, init = 0.25 } = named<{ numParameters: number; init: number }>('PReLU', ['numParameters', 'init'], given);
    atLeastOne('PReLU', { numParameters });
    this.weight = new Parameter(fromHost(new Float32Array(numParameters).fill(init), [numParameters], 'float32'));
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.weight.shape[0]}`;
  }
}

export class GLU extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.GLU';
  readonly dim: number;

  constructor(...given: [dim?: number] | [options: { dim?: number }]) {
    super();
    this.dim = named<{ dim: number }>('GLU', ['dim'], given).dim ?? -1;
  }

  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** What Softmax and LogSoftmax share: a dimension. */
function along(f: (x: Tensor, dim: number) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    readonly dim: number;

    constructor(...given: [dim: number] | [options: { dim: number }]) {
      super();
      this.dim = named<{ dim: number }>(this.constructor.name, ['dim'], given).dim ?? -1;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.dim);
    }

    override extraRepr(): string {
      return `dim=${python(this.dim)}`;
    }
  };
}

export class Softmax extends along(F.softmax) {
  static readonly python: string = 'nn.Softmax';
}

export class LogSoftmax extends along(F.logSoftmax) {
  static readonly python: string = 'nn.LogSoftmax';
}

export class Softmin extends along(F.softmin) {
  static readonly python: string = 'nn.Softmin';
}

/** What Hardshrink and Softshrink share: how far from 0 counts as 0. */
function shrinking(f: (x: Tensor, lambd: number) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    readonly lambd: number;

    constructor(...given: [options?: { lambd?: number }] | [lambd: number]) {
      super();
      this.lambd = named<{ lambd: number }>(this.constructor.name, ['lambd'], given).lambd ?? 0.5;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.lambd);
    }

    override extraRepr(): string {
      return float(this.lambd);
    }
  };
}

export class Hardshrink extends shrinking(F.hardshrink) {
  static readonly python: string = 'nn.Hardshrink';
}

export class Softshrink extends shrinking(F.softshrink) {
  static readonly python: string = 'nn.Softshrink';
}

/** x above the threshold, else the value. */
export class Threshold extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Threshold';
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number, ...excess: never[]) {
    super(...excess);
    this.threshold = threshold;
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value);
  }

  override extraRepr(): string {
    return `threshold=${python(this.threshold)}, value=${python(this.value)}`;
  }
}
