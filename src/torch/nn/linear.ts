/**
 * @file nn.Linear, nn.Flatten, nn.Unflatten.
 */
import type { Shape } from '../../base/shape.ts';
import { linear } from '../functional.ts';
import { flatten } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, named, python } from './arguments.ts';
import { defaultBias, defaultWeight } from './init.ts';
import { Parameter } from './module.ts';

/** x [..., in] · weightᵀ + bias: `new nn.Linear(784, 10)`. */
export class Linear extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, ...given: [options?: { readonly bias?: boolean }] | [bias: boolean]) {
    super();
    const { bias = true } = named<{ bias: boolean }>('Linear', ['bias'], given);
    atLeastOne('Linear', { inFeatures, outFeatures });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const shape = [outFeatures, inFeatures];
    this.weight = new Parameter(defaultWeight(shape));
    this.bias = bias ? new Parameter(defaultBias(outFeatures, shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${python(this.bias !== null)}`;
  }
}

/** Merges dimensions 1 and on, so that each image becomes one row. */
export class Flatten extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Flatten';
  readonly startDim: number;
  readonly endDim: number;

  constructor(...given: [startDim?: number, endDim?: number] | [options: { startDim?: number; endDim?: number }]) {
    super();
    const { startDim = 1, endDim = -1 } = named<{ startDim: number; endDim: number }>('Flatten', ['startDim', 'endDim'], given);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Spreads one dimension over several: `new nn.Unflatten(1, [16, 4, 4])`. */
export class Unflatten extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Unflatten';
  readonly dim: number;
  readonly unflattenedSize: Shape;

  constructor(dim: number, unflattenedSize: Shape, ...excess: never[]) {
    super(...excess);
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${python(this.unflattenedSize)}`;
  }
}
