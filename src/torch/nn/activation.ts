/**
 * @file Activations as modules.
 */
import { relu } from '../ops/pointwise.ts';
import type { Tensor } from '../tensor.ts';
import { Module } from './module.ts';

/** max(x, 0) */
export class ReLU extends Module<[Tensor], Tensor> {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }

  override get python(): string {
    return 'nn.ReLU()';
  }
}
