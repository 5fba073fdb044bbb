/**
 * @file nn.Dropout and nn.Dropout2d: they drop while training, and pass everything on otherwise.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { repr } from '../../base/python.ts';
import { Layer, inplace, layer, settings } from './layer.ts';

const dropping = (name: string, f: (x: Tensor, p: number, training: boolean, inplace: boolean) => Tensor) =>
  class extends layer(Layer, name, [p.float('p', 0.5), inplace], (p, inplace) => {
    if (!(p >= 0 && p <= 1)) fail(`${name.slice(3)}: p is ${p}; a probability is from 0 to 1`);
    return { p, inplace };
  }) {
    override forward(x: Tensor): Tensor {
      return f(x, this.p, this.training, this.inplace);
    }

    override extraRepr(): string {
      return `${settings(this, { without: ['inplace'] })}, inplace=${repr(this.inplace)}`;
    }
  };

/** Sets each element to 0 with probability p and divides the others by 1 − p. */
export class Dropout extends dropping('nn.Dropout', F.dropout) {}

/** The same for whole channels. */
export class Dropout2d extends dropping('nn.Dropout2d', F.dropout2d) {}
