/**
 * @file L-BFGS (Liu and Nocedal, Mathematical Programming 45, 1989), by PyTorch's formulas: a step in which the last
 * changes of parameters and gradients stand for the matrix of second derivatives. Each step calls the closure several
 * times and looks at numbers in between, so it must be awaited.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { recordingWith } from '../../graph/recording.ts';
import { replaceValue } from '../inplace.ts';
import { cat } from '../ops/combine.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';
import { strongWolfe } from './line-search.ts';
import type { Point } from './line-search.ts';
import type { GroupOptions, ParamState } from './optimizer.ts';
import { Optimizer, parameters } from './optimizer.ts';

interface LBFGSOptions extends GroupOptions {
  maxIter: number;
  maxEval: number | null;
  toleranceGrad: number;
  toleranceChange: number;
  historySize: number;
  lineSearchFn: 'strong_wolfe' | null;
}

type Closure = () => unknown;

/** A change of the parameters, that of the gradient, and 1 / their product. */
interface Change {
  readonly step: Tensor;
  readonly gradient: Tensor;
  readonly ro: Tensor;
}

/** What goes from one step to the next; vectors are [n], all parameters one after another. */
interface Memory {
  evaluations: number;
  iterations: number;
  t: number;
  direction: Tensor;
  gradient: Tensor;
  /** What the first matrix is of the unit matrix. */
  scale: Tensor;
  loss: number;
  changes: Change[];
}

const numberOf = async (x: Tensor): Promise<number> => Number(await x.item());
const largest = (x: Tensor): Promise<number> => numberOf(x.abs().max());

/**
 * `await optimizer.step(() => { optimizer.zeroGrad(); const loss = …; loss.backward(); return loss; })`. For small
 * problems and full batches. `lineSearchFn: 'strong_wolfe'` finds how far to go; else each step goes `lr` far.
 */
export class LBFGS extends constructed(
  Optimizer<LBFGSOptions>,
  'optim.LBFGS',
  [
    parameters,
    p.float('lr', 1),
    p.int('maxIter', 20),
    p.int('maxEval', null),
    p.float('toleranceGrad', 1e-7),
    p.float('toleranceChange', 1e-9),
    p.int('historySize', 100),
    p.choice(['strong_wolfe'])('lineSearchFn', null),
  ],
  (params, lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn) => [
    params,
    { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn },
  ],
) {
  protected override check({ lr }: LBFGSOptions): void {
    if (!(lr > 0)) fail(`LBFGS: lr is ${lr}; it must be above 0`);
    if (this.paramGroups.length > 0) fail('LBFGS: got a second group of parameters; all are in one');
  }

  protected override shapeOf(key: string): Shape {
    return /^(scale|ro)/.test(key) ? [] : [this.size];
  }

  /** Never asked: a step is its own. */
  protected override update(): never {
    return fail('LBFGS: a step is of all parameters at once');
  }

  override step(): Promise<never>;
  override step<T>(
    closure: (() => T | Promise<T>) | null | { readonly closure: (() => T | Promise<T>) | null },
  ): Promise<T>;
  override async step(given?: unknown): Promise<unknown> {
    const closure = given as Closure;
    const [group] = this.paramGroups;
    const { lr, maxIter, toleranceGrad, toleranceChange, historySize, lineSearchFn } = group;
    const most = group.maxEval ?? Math.floor((maxIter * 5) / 4);
    let evaluations = 0;
    const evaluated = async (): Promise<{ first: unknown; loss: number; gradient: Tensor }> => {
      const first = await recordingWith({ gradMode: true }, closure);
      evaluations++;
      return { first, loss: first instanceof Tensor ? await numberOf(first) : Number(first), gradient: this.flat() };
    };
    const { first, ...began } = await evaluated();
    let { loss, gradient } = began;
    let isThere = (await largest(gradient)) <= toleranceGrad;
    let memory = this.remembered();
    for (let n = 1; n <= maxIter && !isThere; n++) {
      memory = memory
        ? await this.turned(memory, gradient, historySize)
        : {
            evaluations: 0,
            iterations: 0,
            t: lr,
            direction: gradient.neg(),
            gradient,
            scale: gradient.sum().mul(0).add(1),
            loss,
            changes: [],
          };
      memory.iterations++;
      const before = loss;
      Object.assign(memory, { gradient, loss });
      memory.t = memory.iterations === 1 ? Math.min(1, 1 / (await numberOf(gradient.abs().sum()))) * lr : lr;
      const { direction } = memory;
      const slope = await numberOf(gradient.dot(direction));
      if (slope > -toleranceChange) break;
      const origin = group.params.map((p) => p.detach().clone());
      if (lineSearchFn) {
        const at = async (t: number): Promise<Point> => {
          this.move(origin, t, direction);
          const there = await evaluated();
          return { t, ...there, slope: await numberOf(there.gradient.dot(direction)) };
        };
        const { point } = await strongWolfe(
          at,
          { t: 0, loss, gradient, slope },
          memory.t,
          await largest(direction),
          toleranceChange,
        );
        ({ loss, gradient } = point);
        memory.t = point.t;
        this.move(origin, memory.t, direction);
        isThere = (await largest(gradient)) <= toleranceGrad;
      } else {
        this.move(origin, memory.t, direction);
        if (n < maxIter) {
          ({ loss, gradient } = await evaluated());
          isThere = (await largest(gradient)) <= toleranceGrad;
        }
      }
      if (n === maxIter || evaluations >= most) break;
      if ((await largest(direction.mul(memory.t))) <= toleranceChange) break;
      if (Math.abs(loss - before) < toleranceChange) break;
    }
    if (memory) this.remember({ ...memory, evaluations: memory.evaluations + evaluations });
    return first;
  }

  private get size(): number {
    return this.paramGroups[0].params.reduce((n, p) => n + sizeOf(p.node.shape), 0);
  }

  /** All gradients one after another, [n]; zeros of parameters that have none. */
  private flat(): Tensor {
    return cat(
      this.paramGroups[0].params.map((p) => (p.gradient ? p.gradient.detach() : p.detach().mul(0)).reshape(-1)),
    );
  }

  /** Puts the parameters t times the direction away from where they were. */
  private move(origin: readonly Tensor[], t: number, direction: Tensor): void {
    let start = 0;
    this.paramGroups[0].params.forEach((p, i) => {
      const { shape } = p.node;
      const part = direction.slice(0, start, start + sizeOf(shape)).reshape([...shape]);
      start += sizeOf(shape);
      replaceValue(p, origin[i].add(part.mul(t)).node, 'an optimizer step');
    });
  }

  /** The direction from the changes so far (the two-loop recursion). */
  private async turned(memory: Memory, gradient: Tensor, historySize: number): Promise<Memory> {
    const [y, s] = [gradient.sub(memory.gradient), memory.direction.mul(memory.t)];
    const ys = y.dot(s);
    let { changes, scale } = memory;
    if ((await numberOf(ys)) > 1e-10) {
      changes = [...changes, { step: s, gradient: y, ro: ys.reciprocal() }].slice(-historySize);
      scale = ys.div(y.dot(y));
    }
    let q = gradient.neg();
    const shares: Tensor[] = [];
    for (const change of changes.toReversed()) {
      const share = change.step.dot(q).mul(change.ro);
      shares.unshift(share);
      q = q.sub(change.gradient.mul(share));
    }
    let direction = q.mul(scale);
    changes.forEach((change, i) => {
      const back = change.gradient.dot(direction).mul(change.ro);
      direction = direction.add(change.step.mul(shares[i].sub(back)));
    });
    return { ...memory, changes, scale, direction };
  }

  /** Into the first parameter's state, as PyTorch has it. */
  private remember({ changes, ...memory }: Memory): void {
    const numbered = changes.flatMap((change, i) => Object.entries(change).map(([name, x]) => [`${name}${i}`, x]));
    this.state.set(this.paramGroups[0].params[0], { ...memory, ...Object.fromEntries(numbered) } as ParamState);
  }

  private remembered(): Memory | undefined {
    const state = this.state.get(this.paramGroups[0].params[0]);
    if (!state) return undefined;
    const changes: Change[] = [];
    for (let i = 0; `ro${i}` in state; i++)
      changes.push({ step: state[`step${i}`], gradient: state[`gradient${i}`], ro: state[`ro${i}`] } as Change);
    return { ...(state as unknown as Memory), changes };
  }
}

checked('optim.LBFGS', LBFGS, { step: [p.callback('closure')] });
