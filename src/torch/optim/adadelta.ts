/**
 * @file Adadelta (Zeiler, arXiv 1212.5701, 2012), by PyTorch's formulas.
 */
import { fail } from '../../base/errors.ts';
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
  differentiable,
  foreach,
  maximize,
  parameters,
  remember,
} from './optimizer.ts';

const options = [p.float('lr', 1), p.float('rho', 0.9), p.float('eps', 1e-6), p.float('weightDecay', 0)] as const;
export interface AdadeltaOptions extends GroupOptions, FieldsOf<typeof options> {}

/** Adadelta (Zeiler, arXiv 1212.5701). */
export class Adadelta extends constructed(
  Optimizer<AdadeltaOptions>,
  'optim.Adadelta',
  [parameters, ...options, foreach, '*', capturable, maximize, differentiable],
  (params, lr, rho, eps, weightDecay, _foreach, _capturable, maximize) => [
    params,
    { lr, rho, eps, weightDecay, maximize },
  ],
) {
  protected override check({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    atLeastZero('Adadelta', { lr, eps, weightDecay });
    if (!(rho >= 0 && rho <= 1)) fail(`Adadelta: rho is ${rho}; a number from 0 to 1 is needed`);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: AdadeltaOptions,
    scalar: (value: number) => Node,
  ): Node {
    const { lr, rho, eps, weightDecay } = group;
    const g = weightDecay ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const zeros = (): Tensor => new Tensor(e.fullLike(value, 0));
    const state = this.stateOf(p, () => ({ squareAvg: zeros(), accDelta: zeros() }));
    const running = (before: Node, x: Node): Node => e.add(e.mul(before, rho), e.mul(e.mul(x, x), 1 - rho));
    const square = remember(state.squareAvg, running(state.squareAvg.node, g));
    const change = e.mul(e.div(e.sqrt(e.add(state.accDelta.node, eps)), e.sqrt(e.add(square, eps))), g);
    remember(state.accDelta, running(state.accDelta.node, change));
    return e.sub(value, e.mul(change, scalar(lr)));
  }
}
