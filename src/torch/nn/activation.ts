/**
 * @file Activations as modules. Most are a function and nothing else, so they are made by the row.
 */
import type { Shape } from '../../base/shape.ts';
import * as F from '../functional.ts';
import { fromHost } from '../creation.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, float, named, python } from './arguments.ts';
import { Parameter } from './module.ts';

type Activation = new () => Layer<[Tensor], Tensor>;

/** A module without parameters and options. */
function plain(name: string, f: (x: Tensor) => Tensor): Activation {
  const made = class extends Layer<[Tensor], Tensor> {
    static readonly python = `nn.${name}`;

    override forward(x: Tensor): Tensor {
      return f(x);
    }
  };
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

/** max(x, 0) */
export class ReLU extends plain('ReLU', F.relu) {
  static readonly python = 'nn.ReLU';
}
/** min(max(x, 0), 6) */
export class ReLU6 extends plain('ReLU6', F.relu6) {
  static readonly python = 'nn.ReLU6';
}
