/**
 * @file Stochastic gradient descent, with momentum, Nesterov's variant and weight decay, by PyTorch's formulas.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { leaf } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { withGradMode } from '../autograd.ts';
import { replaceValue } from '../inplace.ts';
import { Tensor, flushUpdates } from '../tensor.ts';

export interface SGDOptions {
  readonly lr?: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly weightDecay?: number;
  readonly nesterov?: boolean;
}

export class SGD {
  lr: number;
  private readonly parameters: readonly Tensor[];
  private readonly options: Required<Omit<SGDOptions, 'lr'>>;
  private readonly momenta = new Map<Tensor, Tensor>();

  constructor(parameters: Iterable<Tensor>, options: SGDOptions = {}) {
    this.parameters = [...parameters];
    if (this.parameters.length === 0) fail('SGD: got no parameters; pass model.parameters()');
    const { lr = 1e-3, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
    for (const [name, value] of Object.entries({ lr, momentum, weightDecay })) if (!(value >= 0)) fail(`SGD: ${name} is ${value}; it must be at least 0`);
    if (nesterov && (momentum === 0 || dampening !== 0)) fail(`SGD: nesterov needs a momentum and no dampening; got momentum ${momentum}, dampening ${dampening}`);
    this.lr = lr;
    this.options = { momentum, dampening, weightDecay, nesterov };
  }

  /** Sets every gradient to `null`. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = null;
  }

  /** Updates every parameter that has a gradient. Resolves when the update has been submitted; awaiting it is optional. */
  step(): Promise<void> {
    withGradMode(false, () => {
      const { momentum, dampening, weightDecay, nesterov } = this.options;
      for (const p of this.parameters) {
        if (!p.grad) continue;
        const value = p.detach().node;
        let g = p.grad.node;
        if (weightDecay) g = e.add(g, e.mul(value, this.scalar(weightDecay, p)));
        if (momentum) g = this.accumulate(p, g, momentum, dampening, nesterov);
        replaceValue(p, e.sub(value, e.mul(g, this.scalar(this.lr, p))));
      }
    });
    return flushUpdates();
  }

  private accumulate(p: Tensor, g: Node, momentum: number, dampening: number, nesterov: boolean): Node {
    let buffer = this.momenta.get(p);
    if (!buffer) {
      buffer = new Tensor(g);
      this.momenta.set(p, buffer);
      replaceValue(buffer, g);
    } else {
      replaceValue(buffer, e.add(e.mul(buffer.node, this.scalar(momentum, p)), e.mul(g, this.scalar(1 - dampening, p))));
    }
    return nesterov ? e.add(g, e.mul(buffer.node, this.scalar(momentum, p))) : buffer.node;
  }

  /** A hyperparameter as data rather than as a constant of the graph, so that a new value needs no new schedule. */
  private scalar(value: number, like: Tensor): Node {
    return leaf({ shape: [], dtype: like.dtype }, like.node.device, Float32Array.of(value));
  }
}
