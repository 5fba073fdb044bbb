/**
 * @file Adam (Kingma and Ba, ICLR 2015) and AdamW (Loshchilov and Hutter, ICLR 2019), by PyTorch's formulas.
 *
 * The two differ in weight decay alone: Adam adds it to the gradient, AdamW shrinks the parameter by it.
 */
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import type { FieldsOf } from '../signature/types.ts';
import { Tensor } from '../tensor.ts';
import type { GroupOptions } from './optimizer.ts';
import {
  Optimizer,
  atLeastZero,
  capturable,
  checkBetas,
  differentiable,
  foreach,
  fused,
  maximize,
  moments,
  pairOfFloats,
  parameters,
  remember,
} from './optimizer.ts';

const options = (weightDecay: number) =>
  [
    p.float('lr', 1e-3),
    pairOfFloats('betas', [0.9, 0.999]),
    p.float('eps', 1e-8),
    p.float('weightDecay', weightDecay),
    p.flag('amsgrad', false),
  ] as const;
export interface AdamOptions extends GroupOptions, FieldsOf<ReturnType<typeof options>> {}

/** What both share. */
abstract class AnyAdam extends Optimizer<AdamOptions> {
  /** Whether weight decay shrinks the parameter instead of adding to the gradient. */
  protected abstract readonly decoupled: boolean;

  protected override check({ lr, betas, eps, weightDecay }: AdamOptions): void {
    atLeastZero(this.constructor.name, { lr, eps, weightDecay });
    checkBetas(this.constructor.name, betas);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: AdamOptions,
    scalar: (value: number) => Node,
  ): Node {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      weightDecay,
      amsgrad,
    } = group;
    const g = weightDecay && !this.decoupled ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const start = weightDecay && this.decoupled ? e.mul(value, scalar(1 - lr * weightDecay)) : value;
    const zeros = (): Tensor => new Tensor(e.fullLike(value, 0));
    const state = this.stateOf(p, () => ({
      step: 0,
      expAvg: zeros(),
      expAvgSq: zeros(),
      ...(amsgrad && { maxExpAvgSq: zeros() }),
    }));
    state.step++;
    const { mean, square } = moments(state, g, [beta1, beta2], scalar);
    const largest = state.maxExpAvgSq
      ? remember(state.maxExpAvgSq, e.where(e.gt(square, state.maxExpAvgSq.node), square, state.maxExpAvgSq.node))
      : square;
    const spread = e.add(e.div(e.sqrt(largest), scalar(Math.sqrt(1 - beta2 ** state.step))), eps);
    return e.sub(start, e.mul(e.div(mean, spread), scalar(lr / (1 - beta1 ** state.step))));
  }
}

/** Adam (Kingma and Ba, ICLR 2015); `weightDecay` is added to the gradient. */
export class Adam extends constructed(
  AnyAdam,
  'optim.Adam',
  [parameters, ...options(0), '*', foreach, maximize, capturable, differentiable, fused],
  (params, lr, betas, eps, weightDecay, amsgrad, _foreach, maximize) => [
    params,
    { lr, betas, eps, weightDecay, amsgrad, maximize },
  ],
) {
  protected override readonly decoupled = false;
}

/** Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019). */
export class AdamW extends constructed(
  AnyAdam,
  'optim.AdamW',
  [parameters, ...options(1e-2), '*', maximize, foreach, capturable, differentiable, fused],
  (params, lr, betas, eps, weightDecay, amsgrad, maximize) => [
    params,
    { lr, betas, eps, weightDecay, amsgrad, maximize },
  ],
) {
  protected override readonly decoupled = true;
}
