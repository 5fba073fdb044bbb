/**
 * @file nn.Linear and nn.Flatten.
 */
import { linear } from '../functional.ts';
import { flatten } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { defaultBias, defaultWeight } from './init.ts';
import { Module, Parameter } from './module.ts';

/** x [..., in] · weightᵀ + bias: `new nn.Linear(784, 10)`. */
export class Linear extends Module<[Tensor], Tensor> {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: { readonly bias?: boolean } = {}) {
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const shape = [outFeatures, inFeatures];
    this.weight = new Parameter(defaultWeight(shape));
    this.bias = options.bias === false ? null : new Parameter(defaultBias(outFeatures, shape));
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override get python(): string {
    return `nn.Linear(${this.inFeatures}, ${this.outFeatures}${this.bias ? '' : ', bias=False'})`;
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${this.bias ? 'true' : 'false'}`;
  }
}

/** Merges dimensions 1 and on, so that each image becomes one row. */
export class Flatten extends Module<[Tensor], Tensor> {
  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim = 1, endDim = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  override get python(): string {
    return this.startDim === 1 && this.endDim === -1 ? 'nn.Flatten()' : `nn.Flatten(${this.startDim}, ${this.endDim})`;
  }
}
