/**
 * @file Losses as modules; the formulas are in functional/loss.ts.
 */
import { checkOptions } from '../../base/options.ts';
import * as F from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { Long } from '../written.ts';
import type { PythonValue } from './arguments.ts';
import { Layer, python } from './arguments.ts';

/** A loss compares; the model is what came before, and that is what the page shows and a remote runs. */
class Loss<O extends object> extends Layer<[input: Tensor, target: Tensor], Tensor> {
  readonly options: O;

  constructor(options: O, known: readonly string[]) {
    super();
    checkOptions(this.constructor.name, options, known);
    const { weight, posWeight, ...rest } = options as { weight?: Tensor; posWeight?: Tensor };
    this.options = rest as O;
    if (weight) this.registerBuffer('weight', weight);
    if (posWeight) this.registerBuffer('pos_weight', posWeight);
  }

  protected override get isModel(): boolean {
    return false;
  }

  /** The options with the tensors among them, which move with the module. */
  protected get given(): O {
    const { weight, pos_weight: posWeight } = this.tensors;
    return { ...this.options, ...(weight && { weight }), ...(posWeight && { posWeight }) };
  }

  /** PyTorch prints none of a loss's options, but takes them. */
  protected override constructorArguments(): string {
    const tensors = Object.entries(this.tensors).map(([name, t]) => `${name}=torch.empty(${t.shape.join(', ')})`);
    const options = Object.entries(this.options).map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}=${python(value as PythonValue)}`);
    return [...tensors, ...options].join(', ');
  }

  private get tensors(): Record<string, Tensor> {
    return Object.fromEntries(this.namedBuffers());
  }
}

/** A loss of one function, with the options that it knows. */
function lossOf<O extends object>(f: (input: Tensor, target: Tensor, options?: O) => Tensor, ...known: (keyof O & string)[]) {
  return class extends Loss<O> {
    constructor(options: O = {} as O) {
      super(options, known);
    }

    override forward(input: Tensor, target: Tensor): Tensor {
      return f(input, target, this.given);
    }
  };
}

/** Class indices are of 64 bits in PyTorch. */
function classLossOf<O extends object>(f: (input: Tensor, target: Tensor, options?: O) => Tensor, ...known: (keyof O & string)[]) {
  return class extends lossOf<O>(f, ...known) {
    protected override writtenArguments([input, target]: [Tensor, Tensor]): readonly unknown[] {
      return [input, new Long(target)];
    }
  };
}

/** Of scores [N, C, …] and class indices [N, …], or probabilities: `new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })`. */
export class CrossEntropyLoss extends classLossOf(F.crossEntropy, 'weight', 'ignoreIndex', 'reduction', 'labelSmoothing') {
  static readonly python: string = 'nn.CrossEntropyLoss';
}

/** Of log-probabilities [N, C, …] and class indices [N, …]. */
export class NLLLoss extends classLossOf(F.nllLoss, 'weight', 'ignoreIndex', 'reduction') {
  static readonly python: string = 'nn.NLLLoss';
}

/** (x − y)² */
export class MSELoss extends lossOf(F.mseLoss, 'reduction') {
  static readonly python: string = 'nn.MSELoss';
}

/** |x − y| */
export class L1Loss extends lossOf(F.l1Loss, 'reduction') {
  static readonly python: string = 'nn.L1Loss';
}

/** Quadratic near 0, linear beyond `beta`. */
export class SmoothL1Loss extends lossOf(F.smoothL1Loss, 'reduction', 'beta') {
  static readonly python: string = 'nn.SmoothL1Loss';
}

/** Quadratic near 0, linear beyond `delta`. */
export class HuberLoss extends lossOf(F.huberLoss, 'reduction', 'delta') {
  static readonly python: string = 'nn.HuberLoss';
}

/** Of probabilities. */
export class BCELoss extends lossOf(F.binaryCrossEntropy, 'weight', 'reduction') {
  static readonly python: string = 'nn.BCELoss';
}

/** Of scores before the sigmoid. */
export class BCEWithLogitsLoss extends lossOf(F.binaryCrossEntropyWithLogits, 'weight', 'posWeight', 'reduction') {
  static readonly python: string = 'nn.BCEWithLogitsLoss';
}

/** Of log-probabilities and probabilities. */
export class KLDivLoss extends lossOf(F.klDiv, 'reduction', 'logTarget') {
  static readonly python: string = 'nn.KLDivLoss';
}

/** log(1 + exp(−y·x)), y being −1 or 1. */
export class SoftMarginLoss extends lossOf(F.softMarginLoss, 'reduction') {
  static readonly python: string = 'nn.SoftMarginLoss';
}

/** x where y is 1, how far margin − x is above 0 where y is −1. */
export class HingeEmbeddingLoss extends lossOf(F.hingeEmbeddingLoss, 'reduction', 'margin') {
  static readonly python: string = 'nn.HingeEmbeddingLoss';
}
