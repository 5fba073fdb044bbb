/**
 * @file Rprop (Riedmiller and Braun, ICNN 1993) and averaged SGD (Polyak and Juditsky, SIAM J. Control Optim. 30(4),
 * 1992), by PyTorch's formulas.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';
import type { GroupOptions } from './optimizer.ts';
import {
  Optimizer,
  atLeastZero,
  capturable,
  differentiable,
  foreach,
  maximize,
  pairOfFloats,
  parameters,
  remember,
} from './optimizer.ts';

interface RpropOptions extends GroupOptions {
  etas: readonly [number, number];
  stepSizes: readonly [number, number];
}

/**
 * Steps by the gradient's sign alone: each element's step grows by `etas[1]` while the sign stays, and shrinks by
 * `etas[0]` where it turns, within `stepSizes`. For full batches.
 */
export class Rprop extends constructed(
  Optimizer<RpropOptions>,
  'optim.Rprop',
  [
    parameters,
    p.float('lr', 1e-2),
    pairOfFloats('etas', [0.5, 1.2]),
    pairOfFloats('stepSizes', [1e-6, 50]),
    '*',
    capturable,
    foreach,
    maximize,
    differentiable,
  ],
  (params, lr, etas, stepSizes, _capturable, _foreach, maximize) => [params, { lr, etas, stepSizes, maximize }],
) {
  protected override check({ lr, etas: [shrink, grow] }: RpropOptions): void {
    atLeastZero('Rprop', { lr });
    if (!(shrink > 0 && shrink < 1 && grow > 1))
      fail(`Rprop: etas are ${shrink}, ${grow}; the first is between 0 and 1, the second above 1`);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    { lr, etas: [shrink, grow], stepSizes: [least, most] }: RpropOptions,
  ): Node {
    const state = this.stateOf(p, () => ({
      step: 0,
      prev: new Tensor(e.fullLike(value, 0)),
      stepSize: new Tensor(e.fullLike(value, lr)),
    }));
    state.step++;
    const alike = e.mul(grad, state.prev.node);
    const turned = e.lt(alike, 0);
    const grown = e.mul(
      state.stepSize.node,
      e.where(turned, shrink, e.where(e.gt(alike, 0), grow, e.fullLike(value, 1))),
    );
    const bound = e.minimum(e.maximum(grown, e.fullLike(value, least)), e.fullLike(value, most));
    const size = remember(state.stepSize, bound);
    const g = remember(state.prev, e.where(turned, 0, grad));
    return e.sub(value, e.mul(e.sign(g), size));
  }
}

interface ASGDOptions extends GroupOptions {
  lambd: number;
  alpha: number;
  t0: number;
  weightDecay: number;
}

/**
 * Gradient descent with a rate that falls by a power; the mean of the parameters since step `t0` is in its state, as
 * `ax`.
 */
export class ASGD extends constructed(
  Optimizer<ASGDOptions>,
  'optim.ASGD',
  [
    parameters,
    p.float('lr', 1e-2),
    p.float('lambd', 1e-4),
    p.float('alpha', 0.75),
    p.float('t0', 1e6),
    p.float('weightDecay', 0),
    foreach,
    maximize,
    differentiable,
    capturable,
  ],
  (params, lr, lambd, alpha, t0, weightDecay, _foreach, maximize) => [
    params,
    { lr, lambd, alpha, t0, weightDecay, maximize },
  ],
) {
  protected override check({ lr, weightDecay }: ASGDOptions): void {
    atLeastZero('ASGD', { lr, weightDecay });
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    { lr, lambd, alpha, t0, weightDecay }: ASGDOptions,
    scalar: (value: number) => Node,
  ): Node {
    const state = this.stateOf(p, () => ({ step: 0, eta: lr, mu: 1, ax: new Tensor(e.fullLike(value, 0)) }));
    state.step++;
    const g = weightDecay ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const next = e.sub(e.mul(value, scalar(1 - lambd * state.eta)), e.mul(g, scalar(state.eta)));
    remember(
      state.ax,
      state.mu === 1 ? e.mul(next, 1) : e.add(state.ax.node, e.mul(e.sub(next, state.ax.node), scalar(state.mu))),
    );
    state.eta = lr / (1 + lambd * lr * state.step) ** alpha;
    state.mu = 1 / Math.max(1, state.step - t0);
    return next;
  }
}
