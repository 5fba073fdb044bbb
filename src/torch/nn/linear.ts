/**
 * @file nn.Linear, nn.Flatten, nn.Unflatten.
 */
import type { Shape } from '../../base/shape.ts';
import { linear } from '../functional.ts';
import { flatten } from '../ops/shape.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { repr } from '../../base/python.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { defaultBias, defaultWeight } from './defaults.ts';
import { layer, placed } from './layer.ts';
import { Parameter } from './parameter.ts';

/** x [..., in] · weightᵀ + bias: `new nn.Linear(784, 10)`. */
export class Linear extends layer(
  Module<[Tensor], Tensor>,
  'nn.Linear',
  [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), ...placed],
  (inFeatures, outFeatures, bias) => {
    atLeastOne('Linear', { inFeatures, outFeatures });
    const shape = [outFeatures, inFeatures];
    return {
      inFeatures,
      outFeatures,
      weight: new Parameter(defaultWeight(shape)),
      bias: bias ? new Parameter(defaultBias(outFeatures, shape)) : null,
    };
  },
) {
  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${repr(this.bias !== null)}`;
  }
}

/** Merges dimensions 1 and on, so that each image becomes one row. */
export class Flatten extends layer(
  Module<[Tensor], Tensor>,
  'nn.Flatten',
  [p.int('startDim', 1), p.int('endDim', -1)],
  (startDim, endDim) => ({ startDim, endDim }),
) {
  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

const sizes = p.kind<Shape>(
  'an array of sizes',
  'the sizes in an array',
  (v) => Array.isArray(v) && v.every(Number.isSafeInteger),
);

/** Spreads one dimension over several: `new nn.Unflatten(1, [16, 4, 4])`. */
export class Unflatten extends layer(
  Module<[Tensor], Tensor>,
  'nn.Unflatten',
  [p.int('dim'), sizes('unflattenedSize')],
  (dim, unflattenedSize) => ({ dim, unflattenedSize }),
) {
  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${repr(this.unflattenedSize)}`;
  }
}
