/**
 * @file What all optimizers share: parameter groups, per-parameter state, and a step that costs few kernels.
 *
 * An update is recorded as a formula and fused, so that each of its results is one kernel a parameter. Numbers that a
 * schedule changes from step to step are data of the graph and not constants in it, so that every step finds the plan of
 * the one before.
 */
import { encode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { counted } from '../../base/format.ts';
import { checkOptions, shown } from '../../base/options.ts';
import { sameShape } from '../../base/shape.ts';
import { leaf } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import { compile } from '../compile.ts';
import { zerosLike } from '../creation-like.ts';
import { replaceValue } from '../inplace.ts';
import { pendingUpdates, retired } from '../pending.ts';
import { Tensor, flushUpdatesSoon } from '../tensor.ts';
import { recordStep } from '../trace.ts';

/** Options by which parameters are updated; a group may have its own. */
export interface GroupOptions {
  lr: number;
  /** The rate that a scheduler started from. */
  initialLr?: number;
}

export type ParamGroup<O extends GroupOptions> = O & { readonly params: Tensor[] };

/** Parameters, or groups of them with options of their own: `[{ params: model.conv.parameters(), lr: 0.1 }, …]`. */
export type Parameters<O extends GroupOptions> = Iterable<Tensor> | Iterable<Partial<O> & { readonly params: Tensor | Iterable<Tensor> }>;

/** What an optimizer remembers of a parameter, by name. */
export type ParamState = Record<string, Tensor | number>;

/** Everything that decides the steps to come; parameters are numbered through all groups. */
export interface OptimizerState<O extends GroupOptions> {
  readonly state: Readonly<Record<number, ParamState>>;
  readonly paramGroups: readonly (Omit<O, 'params'> & { readonly params: readonly number[] })[];
}

/** Takes the tensors' gradients away, or where `setToNone` is false makes them 0. */
export function clearGradients(tensors: Iterable<Tensor>, options: { readonly setToNone?: boolean }): void {
  checkOptions('zeroGrad', options, ['setToNone']);
  for (const t of tensors) {
    const { gradient } = t;
    if (!gradient) continue;
    t.grad = options.setToNone ?? true ? null : zerosLike(gradient);
    if (!gradient.isShown) retired.add(gradient.node);
  }
  retired.trimSoon();
}

export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** The groups with their options, which may be changed between steps: `optimizer.paramGroups[0].lr = 0.01`. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The remembered tensors and counts, by parameter. */
  readonly state = new Map<Tensor, ParamState>();
  private readonly defaults: O;

  constructor(parameters: Parameters<O>, defaults: O, options: Partial<O>) {
    checkOptions(this.constructor.name, options, Object.keys(defaults));
    this.defaults = { ...defaults, ...options };
    if (typeof (parameters as Partial<Iterable<unknown>>)?.[Symbol.iterator] !== 'function') fail(`${this.constructor.name}: its parameters are ${shown(parameters)}; pass model.parameters(), or a list of tensors`);
    const given = [...parameters] as (Tensor | (Partial<O> & { params: Tensor | Iterable<Tensor> }))[];
    if (given.length === 0) fail(`${this.constructor.name}: got no parameters; pass model.parameters()`);
    if (given.every((entry) => entry instanceof Tensor)) this.addParamGroup({ params: given } as never);
    else for (const group of given) this.addParamGroup(group as never);
  }

  /** Adds parameters with options of their own; options that are not given are the optimizer's. */
  addParamGroup(group: Partial<O> & { readonly params: Tensor | Iterable<Tensor> }): void {
    const name = this.constructor.name;
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    for (const option of Object.keys(group)) {
      if (option !== 'params' && !(option in this.defaults)) fail(`${name}: unknown option ${option}; known are ${Object.keys(this.defaults).join(', ')}`);
    }
    for (const p of params) {
      if (!(p instanceof Tensor) || !p.isLeaf) fail(`${name}: a parameter is no leaf tensor; pass model.parameters(), or tensors with requiresGrad`);
      if (this.paramGroups.some((other) => other.params.includes(p))) fail(`${name}: a parameter of shape ${p.shape} is in two groups; each belongs to one`);
    }
    const full = { ...this.defaults, ...group, params } as ParamGroup<O>;
    this.check(full);
    this.paramGroups.push(full);
  }

  /** Sets every gradient to `null`, or where `setToNone` is false to zeros. */
  zeroGrad(options: { readonly setToNone?: boolean } = {}): void {
    clearGradients(this.paramGroups.flatMap(({ params }) => params), options);
  }

  /** Updates every parameter that has a gradient. Resolves when the update has been submitted; awaiting it is optional. */
  step(): Promise<void> {
    pendingUpdates.step();
    recordStep(this.constructor.name, this.paramGroups);
    recordingWith({ gradMode: false }, () => this.record());
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

  /** Goes on where another optimizer's `stateDict()` was taken. */
  loadStateDict(saved: OptimizerState<O>): void {
    const name = this.constructor.name;
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string => groups.map((group) => group.params.length).join(', ');
    if (sizes(saved.paramGroups) !== sizes(this.paramGroups)) fail(`${name}: the saved groups have ${sizes(saved.paramGroups)} parameters, this optimizer's ${sizes(this.paramGroups)}`);
    saved.paramGroups.forEach(({ params, ...options }, i) => Object.assign(this.paramGroups[i], options));
    this.paramGroups.flatMap((group) => group.params).forEach((p, i) => {
      const state = saved.state[i];
      if (!state) {
        this.state.delete(p);
        return;
      }
      const own = Object.entries(state).map(([key, value]) => {
        if (!(value instanceof Tensor)) return [key, value];
        if (!sameShape(value.node.shape, p.node.shape)) fail(`${name}: the saved ${key} of parameter ${i} has shape ${value.shape}, the parameter ${p.shape}`);
        return [key, new Tensor(value.detach().to(p.device, p.dtype).node)];
      });
      this.state.set(p, Object.fromEntries(own));
    });
  }

  toString(): string {
    const groups = this.paramGroups.map(({ params, ...options }, i) => `  group ${i}: ${counted(params.length, 'parameter')}, ${Object.entries(options).map(([name, value]) => `${name} ${String(value)}`).join(', ')}`);
    return `${this.constructor.name}(\n${groups.join('\n')}\n)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Throws where a group's options are out of range. */
  protected abstract check(group: O): void;

  /** Records a parameter's new value, from its value, its gradient, and what is remembered of it. */
  protected abstract update(p: Tensor, value: Node, grad: Node, group: O, scalar: (value: number) => Node): Node;

  /** What is remembered of a parameter, made at its first step. */
  protected stateOf<S extends ParamState>(p: Tensor, first: () => S): S {
    let state = this.state.get(p) as S | undefined;
    if (!state) {
      state = first();
      this.state.set(p, state);
    }
    return state;
  }

  private readonly record = compile((): void => {
    for (const group of this.paramGroups) {
      const scalars = new Map<string, Node>();
      for (const p of group.params) {
        if (!p.gradient) continue;
        const scalar = (value: number): Node => {
          const key = `${value} ${p.dtype} ${p.node.device}`;
          const known = scalars.get(key) ?? leaf({ shape: [], dtype: p.dtype }, p.node.device, encode(p.dtype, [value]));
          scalars.set(key, known);
          return known;
        };
        replaceValue(p, this.update(p, p.detach().node, p.gradient.node, group, scalar), 'an optimizer step');
      }
    }
  });
}

/** Throws unless each of the options is at least 0. */
export function atLeastZero(what: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) if (!(value >= 0)) fail(`${what}: ${name} is ${value}; it must be at least 0`);
}

/** Puts a new value into a remembered tensor; the value is read on as it is. */
export function remember(tensor: Tensor, value: Node): Node {
  replaceValue(tensor, value);
  return value;
}
