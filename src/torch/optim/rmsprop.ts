/**
 * @file RMSprop (Hinton, lecture 6e of "Neural Networks for Machine Learning", 2012), by PyTorch's formulas.
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

const options = [
  p.float('lr', 1e-2),
  p.float('alpha', 0.99),
  p.float('eps', 1e-8),
  p.float('weightDecay', 0),
  p.float('momentum', 0),
  p.flag('centered', false),
] as const;
export interface RMSpropOptions extends GroupOptions, FieldsOf<typeof options> {}

/** RMSprop (Hinton, lecture 6e, 2012). */
export class RMSprop extends constructed(
  Optimizer<RMSpropOptions>,
  'optim.RMSprop',
  [parameters, ...options, capturable, foreach, maximize, differentiable],
  (params, lr, alpha, eps, weightDecay, momentum, centered, _capturable, _foreach, maximize) => [
    params,
    { lr, alpha, eps, weightDecay, momentum, centered, maximize },
  ],
) {
  protected override check({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    atLeastZero('RMSprop', { lr, eps, weightDecay, momentum });
    if (!(alpha >= 0 && alpha < 1))
      fail(`RMSprop: alpha is ${alpha}; a number from 0 up to, not including, 1 is needed`);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: RMSpropOptions,
    scalar: (value: number) => Node,
  ): Node {
    const { lr, alpha, eps, weightDecay, momentum, centered } = group;
    const g = weightDecay ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const zeros = (): Tensor => new Tensor(e.fullLike(value, 0));
    const state = this.stateOf(p, () => ({
      squareAvg: zeros(),
      ...(momentum && { momentumBuffer: zeros() }),
      ...(centered && { gradAvg: zeros() }),
    }));
    const square = remember(state.squareAvg, e.add(e.mul(state.squareAvg.node, alpha), e.mul(e.mul(g, g), 1 - alpha)));
    let variance = square;
    if (state.gradAvg) {
      const mean = remember(state.gradAvg, e.add(e.mul(state.gradAvg.node, alpha), e.mul(g, 1 - alpha)));
      variance = e.sub(square, e.mul(mean, mean));
    }
    const change = e.div(g, e.add(e.sqrt(variance), eps));
    if (!state.momentumBuffer) return e.sub(value, e.mul(change, scalar(lr)));
    const buffer = remember(state.momentumBuffer, e.add(e.mul(state.momentumBuffer.node, scalar(momentum)), change));
    return e.sub(value, e.mul(buffer, scalar(lr)));
  }
}
