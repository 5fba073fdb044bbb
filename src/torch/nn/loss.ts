/**
 * @file Losses as modules; the formulas are in functional/loss.ts.
 */
import * as F from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './arguments.ts';

/** A loss compares; the model is what came before, and that is what the page shows and a remote runs. */
class Loss<O extends object> extends Layer<[input: Tensor, target: Tensor], Tensor> {
  readonly options: O;

  constructor(options: O) {
    super();
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
    const { weight, pos_weight: posWeight } = this as unknown as { weight?: Tensor; pos_weight?: Tensor };
    return { ...this.options, ...(weight && { weight }), ...(posWeight && { posWeight }) };
  }
}

/** A loss of one function. */
function lossOf<O extends object>(f: (input: Tensor, target: Tensor, options?: O) => Tensor) {
  return class extends Loss<O> {
    constructor(options: O = {} as O) {
      super(options);
    }

    override forward(input: Tensor, target: Tensor): Tensor {
      return f(input, target, this.given);
    }
  };
}

/** Of scores [N, C, …] and class indices [N, …], or probabilities: `new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })`. */
export class CrossEntropyLoss extends lossOf(F.crossEntropy) {}

/** Of log-probabilities [N, C, …] and class indices [N, …]. */
export class NLLLoss extends lossOf(F.nllLoss) {}

/** (x − y)² */
export class MSELoss extends lossOf(F.mseLoss) {}

/** |x − y| */
export class L1Loss extends lossOf(F.l1Loss) {}

/** Quadratic near 0, linear beyond `beta`. */
export class SmoothL1Loss extends lossOf(F.smoothL1Loss) {}

/** Quadratic near 0, linear beyond `delta`. */
export class HuberLoss extends lossOf(F.huberLoss) {}

/** Of probabilities. */
export class BCELoss extends lossOf(F.binaryCrossEntropy) {}

/** Of scores before the sigmoid. */
export class BCEWithLogitsLoss extends lossOf(F.binaryCrossEntropyWithLogits) {}

/** Of log-probabilities and probabilities. */
export class KLDivLoss extends lossOf(F.klDiv) {}
