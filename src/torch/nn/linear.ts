/**
 * @file nn.Linear, nn.Flatten, nn.Unflatten.
 */
import type { Shape } from '../../base/shape.ts';
import { linear } from '../functional.ts';
import { flatten } from '../ops/shape.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { defaultBias, defaultWeight } from './defaults.ts';
import { Layer, layer, placement } from './layer.ts';
import { Parameter } from './parameter.ts';

/** x [..., in] · weightᵀ + bias: `new nn.Linear(784, 10)`. */
export class Linear extends layer(
  Layer,
  'nn.Linear',
  [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), ...placement],
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
}

/** Merges dimensions 1 and up, so that each image becomes one row. */
export class Flatten extends layer(
  Layer,
  'nn.Flatten',
  [p.int('startDim', 1), p.int('endDim', -1)],
  (startDim, endDim) => ({ startDim, endDim }),
) {
  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }
}

const sizes = p.kind<Shape>(
  'an array of sizes',
  'the sizes in an array',
  (v) => Array.isArray(v) && v.every(Number.isSafeInteger),
);

/** Spreads one dimension over several: `new nn.Unflatten(1, [16, 4, 4])`. */
export class Unflatten extends layer(
  Layer,
  'nn.Unflatten',
  [p.int('dim'), sizes('unflattenedSize')],
  (dim, unflattenedSize) => ({ dim, unflattenedSize }),
) {
  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }
}
