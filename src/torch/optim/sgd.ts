/**
 * @file Stochastic gradient descent, with momentum, Nesterov's variant and weight decay, by PyTorch's formulas.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { detached } from '../../graph/ops/identity.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import type { FieldsOf } from '../signature/types.ts';
import { Tensor } from '../tensor.ts';
import type { GroupOptions } from './optimizer.ts';
import { Optimizer, atLeastZero, differentiable, foreach, fused, maximize, parameters, remember } from './optimizer.ts';

const options = [
  p.float('lr', 1e-3),
  p.float('momentum', 0),
  p.float('dampening', 0),
  p.float('weightDecay', 0),
  p.flag('nesterov', false),
] as const;
export interface SGDOptions extends GroupOptions, FieldsOf<typeof options> {}

/** Stochastic gradient descent, optionally with momentum. */
export class SGD extends constructed(
  Optimizer<SGDOptions>,
  'optim.SGD',
  [parameters, ...options, '*', maximize, foreach, differentiable, fused],
  (params, lr, momentum, dampening, weightDecay, nesterov, maximize) => [
    params,
    { lr, momentum, dampening, weightDecay, nesterov, maximize },
  ],
) {
  protected override check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    atLeastZero('SGD', { lr, momentum, weightDecay });
    if (nesterov && (momentum === 0 || dampening !== 0))
      fail(`SGD: nesterov needs a momentum and no dampening; got momentum ${momentum}, dampening ${dampening}`);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: SGDOptions,
    scalar: (value: number) => Node,
  ): Node {
    const g = group.weightDecay ? e.add(grad, e.mul(value, group.weightDecay)) : grad;
    return e.sub(value, e.mul(this.direction(p, g, group, scalar), scalar(group.lr)));
  }

  private direction(
    p: Tensor,
    g: Node,
    { momentum, dampening, nesterov }: SGDOptions,
    scalar: (value: number) => Node,
  ): Node {
    if (!momentum) return g;
    const first = !this.state.has(p);
    const { momentumBuffer } = this.stateOf(p, () => ({ momentumBuffer: new Tensor(inOwnMemory(detached(g))) }));
    const buffer = remember(
      momentumBuffer,
      first ? g : e.add(e.mul(momentumBuffer.node, scalar(momentum)), e.mul(g, 1 - dampening)),
    );
    return nesterov ? e.add(g, e.mul(buffer, scalar(momentum))) : buffer;
  }
}
