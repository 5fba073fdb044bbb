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
    /** PyTorch's switch to compute in the input's memory: accepted and printed, but the input stays. */
    readonly inplace: boolean;

    constructor(...given: [options?: { p?: number; inplace?: boolean }] | [p: number, inplace?: boolean | { inplace?: boolean }]) {
      super();
      const { p = 0.5, inplace = false } = named<{ p: number; inplace: boolean }>(this.constructor.name, ['p', 'inplace'], given);
      if (!(p >= 0 && p <= 1)) fail(`${this.constructor.name}: p is ${p}; a probability is from 0 to 1`);
      this.p = p;
      this.inplace = inplace;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.p, this.training);
    }

    override extraRepr(): string {
      return `p=${python(this.p)}, inplace=${python(this.inplace)}`;
    }

    /** A remote keeps its inputs too. */
    protected override constructorArguments(): string {
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
