/**
 * @file Adafactor (Shazeer and Stern, ICML 2018), by PyTorch's formulas: of a matrix, it remembers mean squares of rows
 * and of columns alone, whose product stands for the mean square of each element.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';
import type { GroupOptions } from './optimizer.ts';
import { Optimizer, atLeastZero, foreach, maximize, parameters, remember } from './optimizer.ts';

type TwoBounds = readonly [ofSquares: number | null, ofSize: number];
const bounds = p.kind<TwoBounds>(
  'two numbers',
  'them in an array; the first may be null, for the smallest step of the dtype',
  (v) => Array.isArray(v) && v.length === 2 && (v[0] === null || typeof v[0] === 'number') && typeof v[1] === 'number',
);

interface AdafactorOptions extends GroupOptions {
  beta2Decay: number;
  eps: TwoBounds;
  d: number;
  weightDecay: number;
}

/** The distance from 1 to the next number. */
const steps = { float32: 2 ** -23, float16: 2 ** -10 } as const;

const all = ({ shape }: Node): number[] => shape.map((_, d) => d);
const rms = (a: Node): Node => e.sqrt(e.div(e.sum(e.square(a), all(a)), sizeOf(a.shape)));
/** a kept from below `least`. */
const atLeast = (a: Node, least: number): Node => e.maximum(a, e.fullLike(a, least));

/**
 * Steps relative to the parameter's size, by mean squares of rows and columns alone. `beta2Decay` is the power with
 * which the memory grows, `eps` bounds squares and sizes from below, `d` the step's size from above.
 */
export class Adafactor extends constructed(
  Optimizer<AdafactorOptions>,
  'optim.Adafactor',
  [
    parameters,
    p.float('lr', 1e-2),
    p.float('beta2Decay', -0.8),
    bounds('eps', [null, 1e-3]),
    p.float('d', 1),
    p.float('weightDecay', 0),
    '*',
    foreach,
    maximize,
  ],
  (params, lr, beta2Decay, eps, d, weightDecay, _foreach, maximize) => [
    params,
    { lr, beta2Decay, eps, d, weightDecay, maximize },
  ],
) {
  protected override check({ lr, beta2Decay, eps, d, weightDecay }: AdafactorOptions): void {
    atLeastZero('Adafactor', { lr, weightDecay, 'eps[0]': eps[0] ?? 0, 'eps[1]': eps[1] });
    if (beta2Decay > 0) fail(`Adafactor: beta2Decay is ${beta2Decay}; it is at most 0`);
    if (!(d >= 1)) fail(`Adafactor: d is ${d}; it is at least 1`);
  }

  protected override shapeOf(key: string, { node: { shape } }: Tensor): Shape {
    const alone = { rowVar: shape.length - 1, colVar: shape.length - 2 }[key];
    return alone === undefined ? shape : shape.with(alone, 1);
  }

  protected override update(
    p: Tensor,
    value: Node,
    grad: Node,
    { lr, beta2Decay, eps, d, weightDecay }: AdafactorOptions,
    scalar: (value: number) => Node,
  ): Node {
    const least = eps[0] ?? steps[value.dtype as keyof typeof steps];
    const { shape } = value;
    const zeros = (key: string): Tensor =>
      new Tensor(
        e.expand(
          e.reshape(
            e.fullLike(scalar(0), 0),
            shape.map(() => 1),
          ),
          this.shapeOf(key, p),
        ),
      );
    const isFactored = shape.length > 1;
    const state = this.stateOf(p, () => ({
      step: 0,
      ...(isFactored ? { rowVar: zeros('rowVar'), colVar: zeros('colVar') } : { variance: zeros('variance') }),
    }));
    state.step++;
    const share = state.step ** beta2Decay;
    const towards = (kept: Tensor, now: Node): Node =>
      remember(kept, e.add(kept.node, e.mul(e.sub(now, kept.node), scalar(share))));
    const squares = e.square(grad);
    const [row, column] = [shape.length - 1, shape.length - 2];
    const { rowVar, colVar, variance } = state as Partial<Record<'rowVar' | 'colVar' | 'variance', Tensor>>;
    const rows = rowVar && towards(rowVar, e.mean(squares, [row], true));
    const columns = colVar && towards(colVar, e.mean(squares, [column], true));
    const expected =
      rows && columns
        ? e.div(e.mul(rows, columns), atLeast(e.mean(rows, [column], true), least))
        : towards(variance!, squares);
    const update = e.mul(e.rsqrt(atLeast(expected, least * least)), grad);
    const size = e.mul(atLeast(rms(value), eps[1]), scalar(Math.min(lr, 1 / Math.sqrt(state.step))));
    const start = weightDecay ? e.mul(value, scalar(1 - lr * weightDecay)) : value;
    return e.sub(start, e.mul(update, e.div(size, atLeast(e.div(rms(update), d), 1))));
  }
}
