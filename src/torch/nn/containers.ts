/**
 * @file nn.Sequential, nn.ModuleList, nn.ModuleDict: modules in a row or by name. Each is a field, so paths are
 * PyTorch's.
 */
import { fail } from '../../base/errors.ts';
import { isPlain, shown } from '../../base/options.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { constructed } from '../signature/constructors.ts';
import { Module, childrenOf } from './module.ts';
import { constructedBy } from './scope.ts';

const isModule = (v: unknown): v is Module => v instanceof Module;

/** Modules by place. */
abstract class Row extends Module {
  /** How many modules there are. */
  get length(): number {
    return childrenOf(this).length;
  }

  /** Adds a module behind the others. */
  append(module: Module): this {
    if (!isModule(module))
      fail(`${this.constructor.name}: ${shown(module)} is not a module; create a layer with new, as in new nn.ReLU()`);
    return Object.assign(this, { [this.length]: module });
  }

  /** The module at an index; negative ones count from the end. */
  at(index: number): Module {
    const [, module] =
      childrenOf(this).at(index) ??
      fail(`${this.constructor.name}: index ${index} is out of range; there are ${this.length} modules`);
    return module;
  }

  [Symbol.iterator](): Iterator<Module> {
    const modules = childrenOf(this).map(([, module]) => module);
    return modules[Symbol.iterator]();
  }
}

type ByNames = Readonly<Record<string, Module>>;

abstract class Chain extends Row {
  constructor(modules: readonly (Module | ByNames)[]) {
    super();
    for (const module of modules) {
      if (isModule(module)) this.append(module);
      else if (modules.length > 1)
        fail(
          `${this.constructor.name}: ${shown(module)} stands beside ${modules.length - 1} more; give one object or modules alone`,
        );
      else for (const [name, named] of Object.entries(module)) put(this, name, named);
    }
  }

  override forward(...inputs: unknown[]): unknown {
    const [first, ...rest] = this;
    if (!first) return inputs[0];
    return rest.reduce((x, module) => module(x), first(...inputs));
  }
}

const links = p.rest<Module | ByNames>(
  'a module',
  'modules one after another, or one object of them by name; create a layer with new, as in new nn.ReLU()',
  (v) => isModule(v) || isPlain(v),
);

/**
 * Modules in sequence, each called with the result of the one before: `new nn.Sequential(a, b)` or
 * `new nn.Sequential({ conv: a, act: b })`.
 */
export class Sequential extends constructed(Chain, 'nn.Sequential', [links('args', [])], (args) => [args]) {}

abstract class List extends Row {
  constructor(modules: Iterable<Module>) {
    super();
    for (const module of modules) this.append(module);
  }
}

const several = p.kind<Iterable<Module>>(
  'modules',
  'them in an array',
  (v) => typeof v === 'object' && v !== null && Symbol.iterator in v,
);

/** Modules in a list: their parameters are found, but they are not called. */
export class ModuleList extends constructed(List, 'nn.ModuleList', [several('modules', null)], (modules) => [
  modules ?? [],
]) {}

abstract class Dictionary extends Module {
  constructor(modules: Readonly<Record<string, Module>>) {
    super();
    for (const [name, module] of Object.entries(modules)) put(this, name, module);
  }

  /** Adds a module under a name. */
  set(name: string, module: Module): this {
    return put(this, name, module);
  }

  /** The module of a name. */
  get(name: string): Module {
    for (const [key, module] of childrenOf(this)) if (key === name) return module;
    return fail(
      `ModuleDict: there is no module '${name}'; there are ${childrenOf(this)
        .map(([key]) => key)
        .join(', ')}`,
    );
  }

  [Symbol.iterator](): Iterator<[string, Module]> {
    return childrenOf(this)[Symbol.iterator]();
  }
}

/** Modules by name: their parameters are found, but they are not called. */
export class ModuleDict extends constructed(Dictionary, 'nn.ModuleDict', [p.record('modules', null)], (modules) => [
  modules ?? {},
]) {}

const added = { append: [p.any('module')] } as const;
const taken = { at: [p.int('idx')] } as const; // Python's brackets
checked('nn.Sequential', Sequential, added);
checked('ours', Sequential, taken);
checked('nn.ModuleList', ModuleList, added);
checked('ours', ModuleList, taken);
checked('ours', ModuleDict, { set: [p.text('key'), p.any('module')], get: [p.text('key')] });

function put<M extends Module>(into: M, name: string, module: Module): M {
  if (!isModule(module))
    fail(`${into.constructor.name}: ${shown(module)} is not a module; create a layer with new, as in new nn.ReLU()`);
  if (name in Module.prototype)
    fail(`${into.constructor.name}: '${name}' is a member of every module; choose another name`);
  return Object.assign(into, { [name]: module });
}

/** Gives back what it is given; like PyTorch's, it takes any arguments and leaves them. */
export class Identity extends Module {
  constructor(..._unused: unknown[]) {
    super();
  }

  override forward<T>(x: T): T {
    return x;
  }
}
constructedBy(Identity.prototype, () => ({ name: 'nn.Identity', arguments: [], places: [] }));
