/**
 * @file nn.Sequential, nn.ModuleList, nn.ModuleDict: modules in a row or by name. Each is a field, so paths are PyTorch's.
 */
import { fail } from '../../base/errors.ts';
import { shown } from '../../base/options.ts';
import { Layer } from './arguments.ts';
import { Module } from './module.ts';

/** Modules one after another; each takes what the one before returned: `new nn.Sequential(a, b)` or `new nn.Sequential({ conv: a, act: b })`. */
export class Sequential extends Module {
  constructor(...modules: Module[] | [modules: Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    if (first !== undefined && !(first instanceof Module)) Object.assign(this, first);
    else for (const module of modules as Module[]) this.append(module);
  }

  override forward(...inputs: unknown[]): unknown {
    const [first, ...rest] = this.children();
    if (!first) return inputs[0];
    return rest.reduce((x, module) => module(x), first(...inputs));
  }

  append(module: Module): this {
    return appendTo(this, module);
  }

  /** How many modules there are. */
  get length(): number {
    return this.children().length;
  }

  /** The module at a place; negative places count from the end. */
  at(index: number): Module {
    return childAt(this, index);
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.children()[Symbol.iterator]();
  }
}

/** Modules kept in a row, found as parameters but not called by themselves. */
export class ModuleList extends Module {
  constructor(modules: Iterable<Module> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  append(module: Module): this {
    return appendTo(this, module);
  }

  /** How many modules there are. */
  get length(): number {
    return this.children().length;
  }

  /** The module at a place; negative places count from the end. */
  at(index: number): Module {
    return childAt(this, index);
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.children()[Symbol.iterator]();
  }
}

/** Modules by name, found as parameters but not called by themselves. */
export class ModuleDict extends Module {
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super();
    for (const [name, module] of Object.entries(modules)) this.set(name, module);
  }

  set(name: string, module: Module): this {
    if (name in Module.prototype) fail(`ModuleDict: '${name}' is a member of every module; choose another name`);
    return Object.assign(this, { [name]: module });
  }

  get(name: string): Module {
    for (const [key, module] of this.namedChildren()) if (key === name) return module;
    return fail(`ModuleDict: there is no module '${name}'; there are ${[...this.namedChildren()].map(([key]) => key).join(', ')}`);
  }

  [Symbol.iterator](): Iterator<[string, Module]> {
    return this.namedChildren();
  }
}

/** Gives back what it is given. */
export class Identity extends Layer {
  static readonly python: string = 'nn.Identity';

  override forward<T>(x: T): T {
    return x;
  }
}

function appendTo<M extends Module>(list: M, module: Module): M {
  if (!(module instanceof Module)) fail(`${list.constructor.name}: ${shown(module)} is no module; a function's layer is made by new, as new nn.ReLU()`);
  return Object.assign(list, { [list.children().length]: module });
}

function childAt(list: Module, index: number): Module {
  const children = list.children();
  return children.at(index) ?? fail(`${list.constructor.name}: index ${index} is out of range; there are ${children.length} modules`);
}
