/**
 * @file What torch.compile gives of a module: a module that holds it as `_orig_mod`, so that parameters, state and
 * modes are the held one's.
 *
 * Its keys and its text are PyTorch's: `_orig_mod.fc.weight`, `OptimizedModule((_orig_mod): Net(…))`. All other names
 * are looked up in, and assigned to, the module that it holds.
 */
import { fail } from '../../base/errors.ts';
import type { ForwardHook, ForwardPreHook } from '../nn/module.ts';
import { Module } from '../nn/module.ts';
import { knowModules } from '../nn/library-modules.ts';
import type { HookHandle } from '../gradient-records.ts';

type Call = (...inputs: any[]) => unknown;

export class OptimizedModule extends Module {
  declare readonly _orig_mod: Module;
  declare private readonly compiledCall: Call;

  constructor(module: Module, call: Call) {
    super();
    Object.defineProperty(this, 'compiledCall', { value: call });
    Object.assign(this, { _orig_mod: module });
    return new Proxy(this, passingOn(module));
  }

  override forward(...inputs: unknown[]): unknown {
    return this.compiledCall(...inputs);
  }

  /** The compiled call is the held module's, which has a scope and hooks of its own. */
  protected override call_(inputs: unknown[]): unknown {
    return this.forward(...inputs);
  }

  override registerForwardPreHook(hook: ForwardPreHook): HookHandle {
    return this._orig_mod.registerForwardPreHook(hook);
  }

  override registerForwardHook(hook: ForwardHook): HookHandle {
    return this._orig_mod.registerForwardHook(hook);
  }

  override registerBuffer(...buffer: Parameters<Module['registerBuffer']>): void {
    this._orig_mod.registerBuffer(...buffer);
  }
}

knowModules({ OptimizedModule });

/** The module that compiled ones hold, however many lie around each other. */
export const innermost = <T extends object>(target: T): T | Module =>
  target instanceof OptimizedModule ? innermost(target._orig_mod) : target;

/** Which names are the compiled module's own; `training` is the held one's, as both are in one mode. */
const passingOn = (module: Module): ProxyHandler<OptimizedModule> => ({
  get: (own, name, receiver) => {
    if (name !== 'training' && name in own) return Reflect.get(own, name, receiver) as unknown;
    const value: unknown = Reflect.get(module, name);
    const isMethod = typeof value === 'function' && !(value instanceof Module) && !Object.hasOwn(module, name);
    return isMethod ? (value as Call).bind(module) : value;
  },
  set: (own, name, value) => {
    if (name === '_orig_mod')
      fail('torch.compile: the module that was compiled cannot be replaced; compile the other one');
    return Reflect.set(name === 'forward' ? own : module, name, value);
  },
  has: (own, name) => name in own || name in module,
  deleteProperty: (_own, name) => Reflect.deleteProperty(module, name),
});
