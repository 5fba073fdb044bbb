/**
 * @file Adam's kin, by PyTorch's formulas: NAdam (Dozat, ICLR workshop 2016) looks the momentum ahead, RAdam (Liu and
 * others, ICLR 2020) trusts the mean square only once it has seen enough, Adamax (Kingma and Ba, ICLR 2015) divides by
 * the largest gradient that it remembers.
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
  maximize,
  moments,
  pairOfFloats,
  parameters,
  remember,
} from './optimizer.ts';

const decays = (lr: number) =>
  [p.float('lr', lr), pairOfFloats('betas', [0.9, 0.999]), p.float('eps', 1e-8), p.float('weightDecay', 0)] as const;
/** Shrinks the parameter instead of adding to the gradient. */
const decoupled = p.flag('decoupledWeightDecay', false);
const switches = ['*', foreach, maximize, capturable, differentiable] as const;

interface Decays extends GroupOptions, FieldsOf<ReturnType<typeof decays>> {}
interface DecoupledOptions extends Decays {
  decoupledWeightDecay: boolean;
}
interface NAdamOptions extends DecoupledOptions {
  momentumDecay: number;
}

const zerosOf = (value: Node): Tensor => new Tensor(e.fullLike(value, 0));

/** The parameter and the gradient after weight decay. */
function decayed(
  value: Node,
  grad: Node,
  { lr, weightDecay, decoupledWeightDecay }: DecoupledOptions,
  scalar: (value: number) => Node,
): readonly [value: Node, grad: Node] {
  if (!weightDecay) return [value, grad];
  return decoupledWeightDecay
    ? [e.mul(value, scalar(1 - lr * weightDecay)), grad]
    : [value, e.add(grad, e.mul(value, weightDecay))];
}

/** Adam whose momentum is looked ahead, as Nesterov's (Dozat, ICLR workshop 2016). */
export class NAdam extends constructed(
  Optimizer<NAdamOptions>,
  'optim.NAdam',
  [parameters, ...decays(2e-3), p.float('momentumDecay', 4e-3), decoupled, ...switches],
  (params, lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, _foreach, maximize) => [
    params,
    { lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize },
  ],
) {
  protected override check({ lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions): void {
    atLeastZero('NAdam', { lr, eps, weightDecay, momentumDecay });
    checkBetas('NAdam', betas);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: NAdamOptions,
    scalar: (value: number) => Node,
  ): Node {
    const { lr, betas, eps, momentumDecay } = group;
    const [start, g] = decayed(value, grad, group, scalar);
    const state = this.stateOf(p, () => ({ step: 0, muProduct: 1, expAvg: zerosOf(value), expAvgSq: zerosOf(value) }));
    state.step++;
    const momentumAt = (step: number): number => betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const [mu, next] = [momentumAt(state.step), momentumAt(state.step + 1)];
    state.muProduct *= mu;
    const { mean, square } = moments(state, g, betas, scalar);
    const spread = e.add(e.sqrt(e.div(square, scalar(1 - betas[1] ** state.step))), eps);
    const byGradient = e.mul(e.div(g, spread), scalar((lr * (1 - mu)) / (1 - state.muProduct)));
    const byMomentum = e.mul(e.div(mean, spread), scalar((lr * next) / (1 - state.muProduct * next)));
    return e.sub(e.sub(start, byGradient), byMomentum);
  }
}

/** Adam that divides by the mean square only once that is sure enough (Liu and others, ICLR 2020). */
export class RAdam extends constructed(
  Optimizer<DecoupledOptions>,
  'optim.RAdam',
  [parameters, ...decays(1e-3), decoupled, ...switches],
  (params, lr, betas, eps, weightDecay, decoupledWeightDecay, _foreach, maximize) => [
    params,
    { lr, betas, eps, weightDecay, decoupledWeightDecay, maximize },
  ],
) {
  protected override check({ lr, betas, eps, weightDecay }: DecoupledOptions): void {
    atLeastZero('RAdam', { lr, eps, weightDecay });
    checkBetas('RAdam', betas);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    group: DecoupledOptions,
    scalar: (value: number) => Node,
  ): Node {
    const { lr, betas, eps } = group;
    const [start, g] = decayed(value, grad, group, scalar);
    const state = this.stateOf(p, () => ({ step: 0, expAvg: zerosOf(value), expAvgSq: zerosOf(value) }));
    state.step++;
    const { mean, square } = moments(state, g, betas, scalar);
    const unseen = betas[1] ** state.step;
    const most = 2 / (1 - betas[1]) - 1;
    const length = most - (2 * state.step * unseen) / (1 - unseen);
    const rate = lr / (1 - betas[0] ** state.step);
    if (length <= 5) return e.sub(start, e.mul(mean, scalar(rate)));
    const sureness = Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
    const spread = e.add(e.sqrt(square), eps);
    return e.sub(start, e.mul(e.div(mean, spread), scalar(rate * Math.sqrt(1 - unseen) * sureness)));
  }
}

/** Adam with the largest remembered gradient in place of the mean square (Kingma and Ba, ICLR 2015). */
export class Adamax extends constructed(
  Optimizer<Decays>,
  'optim.Adamax',
  [parameters, ...decays(2e-3), foreach, '*', maximize, differentiable, capturable],
  (params, lr, betas, eps, weightDecay, _foreach, maximize) => [params, { lr, betas, eps, weightDecay, maximize }],
) {
  protected override check({ lr, betas, eps, weightDecay }: Decays): void {
    atLeastZero('Adamax', { lr, eps, weightDecay });
    checkBetas('Adamax', betas);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    { lr, betas: [beta1, beta2], eps, weightDecay }: Decays,
    scalar: (value: number) => Node,
  ): Node {
    const g = weightDecay ? e.add(grad, e.mul(value, weightDecay)) : grad;
    const state = this.stateOf(p, () => ({ step: 0, expAvg: zerosOf(value), expInf: zerosOf(value) }));
    state.step++;
    const mean = remember(state.expAvg, e.add(e.mul(state.expAvg.node, scalar(beta1)), e.mul(g, scalar(1 - beta1))));
    const largest = remember(state.expInf, e.maximum(e.mul(state.expInf.node, beta2), e.add(e.abs(g), eps)));
    return e.sub(value, e.mul(e.div(mean, largest), scalar(lr / (1 - beta1 ** state.step))));
  }
}
