/**
 * @file nn.Dropout and nn.Dropout2d: they drop while training, and pass everything on otherwise.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, named, python } from './arguments.ts';

function dropping(f: (x: Tensor, p: number, training: boolean) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    readonly p: number;

    constructor(...given: [options?: { p?: number }] | [p: number]) {
      super();
      const { p = 0.5 } = named<{ p: number }>(this.constructor.name, ['p'], given);
      if (!(p >= 0 && p <= 1)) fail(`${this.constructor.name}: p is ${p}; a probability is from 0 to 1`);
      this.p = p;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.p, this.training);
    }

    override extraRepr(): string {
      return `p=${python(this.p)}, inplace=False`;
    }
  };
}

/** Sets each element to 0 with probability p and divides the others by 1 − p. */
export class Dropout extends dropping(F.dropout) {
  static readonly python: string = 'nn.Dropout';
}

/** The same for whole channels. */
export class Dropout2d extends dropping(F.dropout2d) {
  static readonly python: string = 'nn.Dropout2d';
}
