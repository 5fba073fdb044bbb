/**
 * @file Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011), by PyTorch's formulas.
 */
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import type { FieldsOf } from '../signature/types.ts';
import { Tensor } from '../tensor.ts';
import type { GroupOptions } from './optimizer.ts';
import { Optimizer, atLeastZero, differentiable, foreach, fused, maximize, parameters, remember } from './optimizer.ts';

const options = [
  p.float('lr', 1e-2),
  p.float('lrDecay', 0),
  p.float('weightDecay', 0),
  p.float('initialAccumulatorValue', 0),
  p.float('eps', 1e-10),
] as const;
export interface AdagradOptions extends GroupOptions, FieldsOf<typeof options> {}

/** Adagrad (Duchi and others, JMLR 12, 2011). */
export class Adagrad extends constructed(
  Optimizer<AdagradOptions>,
  'optim.Adagrad',
  [parameters, ...options, foreach, '*', maximize, differentiable, fused],
  (params, lr, lrDecay, weightDecay, initialAccumulatorValue, eps, _foreach, maximize) => [
    params,
    { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize },
  ],
) {
  protected override check({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions): void {
    atLeastZero('Adagrad', { lr, lrDecay, weightDecay, initialAccumulatorValue, eps });
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: AdagradOptions,
    scalar: (value: number) => Node,
  ): Node {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps } = group;
    const g = weightDecay ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const state = this.stateOf(p, () => ({ step: 0, sum: new Tensor(e.fullLike(value, initialAccumulatorValue)) }));
    const rate = lr / (1 + state.step * lrDecay);
    state.step++;
    const sum = remember(state.sum, e.add(state.sum.node, e.mul(g, g)));
    return e.sub(value, e.mul(e.div(g, e.add(e.sqrt(sum), eps)), scalar(rate)));
  }
}
