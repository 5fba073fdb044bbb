/**
 * @file What all optimizers share: parameter groups, per-parameter state, and a step that costs few kernels.
 *
 * An update is recorded as a formula and fused, so that all of its results are one kernel a parameter. Numbers that a
 * schedule changes from step to step are data of the graph and not constants in it, so that every step finds the plan
 * of the one before.
 */
import type { HostArray } from '../../base/dtype.ts';
import { encode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { counted } from '../../base/format.ts';
import { isPlain } from '../../base/options.ts';
import type { Shape } from '../../base/shape.ts';
import { sameShape } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { leaf } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import { withFusion as inFusedKernels } from '../compiler/fusion.ts';
import { zerosLike } from '../creation-like.ts';
import { replaceValue } from '../inplace.ts';
import { pendingUpdates, retired } from '../pending.ts';
import { p, signaturesOf } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { complaint } from '../signature/match.ts';
import { Tensor, flushUpdatesSoon } from '../tensor.ts';
import { recordStep } from '../trace.ts';

/** Options by which parameters are updated; a group may have its own. */
export interface GroupOptions {
  lr: number;
  /** Goes up the gradient instead of down. */
  maximize?: boolean;
  /** The rate that a scheduler started from. */
  initialLr?: number;
  /** Between what OneCycleLR moves the rate and the momentum. */
  maxLr?: number;
  minLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
}

/** What schedulers keep in a group beside its options. */
const scheduled = ['initialLr', 'maxLr', 'minLr', 'maxMomentum', 'baseMomentum'] as const;
const isScheduled = (name: string): boolean => (scheduled as readonly string[]).includes(name);

export type ParamGroup<O extends GroupOptions> = O & { readonly params: Tensor[] };

/** Parameters, or groups of them with options of their own: `[{ params: model.conv.parameters(), lr: 0.1 }, …]`. */
export type Parameters<O extends GroupOptions> =
  | Iterable<Tensor>
  | Iterable<Partial<O> & { readonly params: Tensor | Iterable<Tensor> }>;

/** What an optimizer remembers of a parameter, by name. */
export type ParamState = Record<string, Tensor | number>;

/** Everything that decides the steps to come; parameters are numbered through all groups. */
export interface OptimizerState<O extends GroupOptions> {
  readonly state: Readonly<Record<number, ParamState>>;
  readonly paramGroups: readonly (Omit<O, 'params'> & { readonly params: readonly number[] })[];
}

/** Takes the tensors' gradients away, or where `setToNone` is false makes them 0. */
export function clearGradients(tensors: Iterable<Tensor>, setToNone: boolean): void {
  for (const t of tensors) {
    const { gradient } = t;
    if (!gradient) continue;
    t.grad = setToNone ? null : zerosLike(gradient);
    if (!gradient.isShown) retired.add(gradient.node);
  }
  retired.trimSoon();
}

const iterable = (v: unknown): boolean => typeof v === 'object' && v !== null && Symbol.iterator in v;
/** What an optimizer updates. */
export const parameters = p.kind<Parameters<any>>('parameters', 'model.parameters(), or a list of tensors', (v) =>
  iterable(v),
)('params');
/** Ways of computing that change no number. */
export const [foreach, fused, capturable] = [
  p.flag('foreach', null),
  p.flag('fused', null),
  p.flag('capturable', false),
];
export const maximize = p.flag('maximize', false);
export const differentiable = p.refused('differentiable', false, 'no gradient goes through a step');

export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** The groups with their options, which may be changed between steps: `optimizer.paramGroups[0].lr = 0.01`. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The remembered tensors and counts, by parameter. */
  readonly state = new Map<Tensor, ParamState>();
  private readonly defaults: O;

  constructor(params: Parameters<O>, defaults: O) {
    this.defaults = defaults;
    const given = [...params] as (Tensor | (Partial<O> & { params: Tensor | Iterable<Tensor> }))[];
    if (given.length === 0) fail(`${this.constructor.name}: got no parameters; pass model.parameters()`);
    if (given.every((entry) => entry instanceof Tensor)) this.addParamGroup({ params: given } as never);
    else for (const group of given) this.addParamGroup(group as never);
  }

  /** Adds parameters with their own options; the others are the optimizer's. */
  addParamGroup(group: Partial<O> & { readonly params: Tensor | Iterable<Tensor> }): void {
    const name = this.constructor.name;
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const [signature] = signaturesOf(this.constructor);
    for (const [option, value] of Object.entries(group)) {
      if (option === 'params') continue;
      if (!(option in this.defaults) && !isScheduled(option))
        fail(`${name}: unknown option ${option}; known are ${Object.keys(this.defaults).join(', ')}`);
      const param = isScheduled(option) ? p.float(option) : signature?.params.find((known) => known.name === option);
      const wrong = param && complaint(name, param, value);
      if (wrong) fail(wrong);
    }
    const seen = new Set<Tensor>();
    for (const p of params) {
      if (!(p instanceof Tensor) || !p.isLeaf)
        fail(`${name}: a parameter is not a leaf tensor; pass model.parameters(), or tensors with requiresGrad`);
      if (seen.size === seen.add(p).size)
        fail(`${name}: a parameter of shape ${p.shape} is in its group twice and would be updated twice; name it once`);
      if (this.paramGroups.some((other) => other.params.includes(p)))
        fail(`${name}: a parameter of shape ${p.shape} is in two groups; each belongs to one`);
    }
    const full = { ...this.defaults, ...group, params } as ParamGroup<O>;
    this.check(full);
    this.paramGroups.push(full);
  }

  /** Sets every gradient to `null`, or to zeros if `setToNone` is false. */
  zeroGrad(setToNone?: boolean | { readonly setToNone?: boolean }): void;
  zeroGrad(setToNone: boolean): void {
    clearGradients(
      this.paramGroups.flatMap(({ params }) => params),
      setToNone,
    );
  }

  /**
   * Updates every parameter that has a gradient. Resolves when the update has been submitted; awaiting it is optional.
   * A closure is called first; it computes the loss and goes backward, and the step gives what it gives.
   */
  step(): Promise<void>;
  step<T>(closure: (() => T | Promise<T>) | null | { readonly closure: (() => T | Promise<T>) | null }): Promise<T>;
  step(closure: unknown = null): Promise<unknown> {
    if (!closure) return this.submit();
    const loss = recordingWith({ gradMode: true }, closure as () => unknown);
    return loss instanceof Promise
      ? loss.then((value: unknown) => this.submit().then(() => value))
      : this.submit().then(() => loss);
  }

  private submit(): Promise<void> {
    pendingUpdates.step();
    recordStep(this.constructor.name, this.paramGroups.map(withoutSchedule));
    const { name } = this.constructor;
    recordingWith({ gradMode: false, part: { range: `Optimizer.step#${name}.step` } }, () =>
      inFusedKernels(() => this.record()),
    );
    return flushUpdatesSoon();
  }

  /** The state and the groups' options. The tensors are the optimizer's own. */
  stateDict(): OptimizerState<O> {
    const all = this.paramGroups.flatMap((group) => group.params);
    const numbers = new Map(all.map((p, i) => [p, i]));
    return {
      state: Object.fromEntries(all.flatMap((p, i) => (this.state.has(p) ? [[i, { ...this.state.get(p)! }]] : []))),
      paramGroups: this.paramGroups.map((group) => ({ ...group, params: group.params.map((p) => numbers.get(p)!) })),
    };
  }

  /** Continues where another optimizer's `stateDict()` was taken. */
  loadStateDict(saved: OptimizerState<O>): void {
    const name = this.constructor.name;
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string =>
      groups.map((group) => group.params.length).join(', ');
    if (sizes(saved.paramGroups) !== sizes(this.paramGroups))
      fail(
        `${name}: the saved groups have ${sizes(saved.paramGroups)} parameters, this optimizer's ${sizes(this.paramGroups)}`,
      );
    saved.paramGroups.forEach(({ params, ...options }, i) => {
      for (const name of scheduled) delete this.paramGroups[i][name];
      Object.assign(this.paramGroups[i], options);
    });
    this.paramGroups
      .flatMap((group) => group.params)
      .forEach((p, i) => {
        const state = saved.state[i];
        if (!state) {
          this.state.delete(p);
          return;
        }
        const own = Object.entries(state).map(([key, value]) => {
          if (!(value instanceof Tensor)) return [key, value];
          if (!sameShape(value.node.shape, this.shapeOf(key, p)))
            fail(
              `${name}: the saved ${key} of parameter ${i} has shape ${value.shape}, the parameter's has [${this.shapeOf(key, p).join(', ')}]`,
            );
          return [key, new Tensor(value.detach().to(p.device, p.dtype).node)];
        });
        this.state.set(p, Object.fromEntries(own));
      });
  }

  toString(): string {
    const groups = this.paramGroups.map(
      ({ params, ...options }, i) =>
        `  group ${i}: ${counted(params.length, 'parameter')}, ${Object.entries(options)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', ')}`,
    );
    return `${this.constructor.name}(\n${groups.join('\n')}\n)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Throws where a group's options are out of range. */
  protected abstract check(group: O): void;

  /** Records a parameter's new value, from its value, its gradient, and what is remembered of it. */
  protected abstract update(p: Tensor, value: Node, grad: Node, group: O, scalar: (value: number) => Node): Node;

  /** The shape of what is remembered of a parameter. */
  protected shapeOf(_key: string, p: Tensor): Shape {
    return p.node.shape;
  }

  /** What is remembered of a parameter, made at its first step. */
  protected stateOf<S extends ParamState>(p: Tensor, first: () => S): S {
    let state = this.state.get(p) as S | undefined;
    if (!state) {
      state = first();
      this.state.set(p, state);
    }
    return state;
  }

  private record(): void {
    for (const group of this.paramGroups) {
      const numbers = new Map<string, StepNumbers>();
      for (const p of group.params) {
        if (!p.gradient) continue;
        const key = `${p.dtype} ${p.node.device}`;
        const known = numbers.get(key) ?? new StepNumbers(p.node);
        numbers.set(key, known);
        const grad = group.maximize ? e.neg(p.gradient.node) : p.gradient.node;
        const value = this.update(p, p.detach().node, grad, group, (number) => known.at(number));
        replaceValue(p, value, 'an optimizer step');
      }
    }
  }
}

/** Numbers of one step, as scalars that lie side by side in few buffers, since a kernel may bind only few. */
class StepNumbers {
  private readonly like: Node;
  private readonly known = new Map<number, Node>();
  private values: HostArray | undefined;
  private buffer: Node | undefined;

  constructor(like: Node) {
    this.like = like;
  }

  at(value: number): Node {
    const known = this.known.get(value);
    if (known) return known;
    const place = this.known.size % numbersPerBuffer;
    if (place === 0) {
      this.values = encode(this.like.dtype, new Float64Array(numbersPerBuffer));
      this.buffer = leaf({ shape: [numbersPerBuffer], dtype: this.like.dtype }, this.like.device, this.values);
    }
    this.values!.set(encode(this.like.dtype, [value]), place);
    const node = e.reshape(e.slice(this.buffer!, 0, place, place + 1), []);
    this.known.set(value, node);
    return node;
  }
}

const numbersPerBuffer = 16;

checked('optim.Optimizer', Optimizer, {
  addParamGroup: [
    p.kind<ParamGroup<any>>(
      'a group of parameters',
      '{ params: model.parameters(), … }',
      (v) => isPlain(v) && (v.params instanceof Tensor || iterable(v.params)),
      { plain: true },
    )('paramGroup'),
  ],
  zeroGrad: [p.flag('setToNone', true)],
  step: [p.callback('closure', null)],
  stateDict: [],
  loadStateDict: [p.record('stateDict')],
});

const withoutSchedule = <G extends object>(group: G): G =>
  Object.fromEntries(Object.entries(group).filter(([name]) => !isScheduled(name))) as G;

/** Throws unless each of the options is at least 0. */
export function atLeastZero(what: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!(value >= 0)) fail(`${what}: ${name} is ${value}; it must be at least 0`);
}

/** Puts a new value into a remembered tensor; the value is read on as it is. */
export function remember(tensor: Tensor, value: Node): Node {
  replaceValue(tensor, value);
  return value;
}

/** Two factors between 0 and 1. */
export const pairOfFloats = p.kind<readonly [number, number]>(
  'two numbers',
  'them in an array',
  (v) => Array.isArray(v) && v.length === 2 && v.every((beta) => typeof beta === 'number'),
);

/** Throws unless both decays are from 0 up to, not including, 1. */
export function checkBetas(what: string, betas: readonly number[]): void {
  if (betas.length !== 2 || betas.some((beta) => !(beta >= 0 && beta < 1)))
    fail(`${what}: betas are ${betas.join(', ')}; two numbers from 0 up to, not including, 1 are needed`);
}

/** The running mean of the gradient and of its square, after this gradient. */
export function moments(
  state: { readonly expAvg: Tensor; readonly expAvgSq: Tensor },
  g: Node,
  [beta1, beta2]: readonly [number, number],
  scalar: (value: number) => Node,
): { mean: Node; square: Node } {
  return {
    mean: remember(state.expAvg, e.add(e.mul(state.expAvg.node, scalar(beta1)), e.mul(g, scalar(1 - beta1)))),
    square: remember(state.expAvgSq, e.add(e.mul(state.expAvgSq.node, beta2), e.mul(e.mul(g, g), 1 - beta2))),
  };
}
