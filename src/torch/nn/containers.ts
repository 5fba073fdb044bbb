/**
 * @file nn.Sequential and nn.ModuleList.
 */
import { Module } from './module.ts';

/** Modules one after another; each takes what the one before returned. */
export class Sequential extends Module {
  constructor(...modules: Module[]) {
    super();
    modules.forEach((module, i) => Object.assign(this, { [i]: module }));
  }

  override forward(...inputs: unknown[]): unknown {
    const [first, ...rest] = this.children();
    if (!first) return inputs[0];
    return rest.reduce((x, module) => module(x), first(...inputs));
  }

  override get python(): string {
    return `nn.Sequential(${this.children().map((child) => child.python ?? child.constructor.name).join(', ')})`;
  }
}

/** Modules kept in a row, found as parameters but not called by themselves. */
export class ModuleList extends Module {
  constructor(modules: readonly Module[] = []) {
    super();
    modules.forEach((module, i) => Object.assign(this, { [i]: module }));
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.children()[Symbol.iterator]();
  }
}
