/**
 * @file nn.Module: parameters, buffers and submodules found among an object's fields, called like a function.
 *
 * A module instance is a function whose prototype is its class, so `model(x)` runs `forward` as in PyTorch. Fields that
 * hold a Parameter, a registered buffer or a Module are found by looking, in the order in which they were set.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import { noteModule, obstacle } from '../../graph/capture.ts';
import { recordingNow, recordingWith } from '../../graph/recording.ts';
import type { HookHandle } from '../gradient-records.ts';
import type { Device, DeviceType } from '../device.ts';
import { clearGradients } from '../optim/optimizer.ts';
import { argumentsOf, checked } from '../signature/call.ts';
import { Tensor } from '../tensor.ts';
import { recordCall, tensorsIn } from '../trace.ts';
import { describeCall, describeResults } from '../python-call.ts';
import type { StateDict } from './module-methods.ts';
import { moduleMethods } from './module-methods.ts';
import { Parameter } from './parameter.ts';
import type { MutableScope } from './scope.ts';
import { scopeOf } from './scope.ts';
import { copyInto, moveInPlace } from './state.ts';

/** Names of fields that hold buffers, and whether a state dict has them: state that is not learnt. */
const buffersOf = new WeakMap<Module, Map<string, boolean>>();

/** Called before `forward`; what it returns replaces the inputs. */
export type ForwardPreHook = (module: Module, inputs: unknown[]) => unknown;
/** Called after `forward`; what it returns replaces the output. */
export type ForwardHook = (module: Module, inputs: unknown[], output: any) => unknown;

const preHooksOf = new WeakMap<Module, Set<ForwardPreHook>>();
const hooksOf = new WeakMap<Module, Set<ForwardHook>>();

/** What `loadStateDict` found to differ. */
export interface KeyDifference {
  /** Keys of the module that the state lacks. */
  readonly missingKeys: string[];
  /** Keys of the state that the module lacks. */
  readonly unexpectedKeys: string[];
}

/** Fields that `children` and friends must not look at. */
const bookkeeping = new Set(['training']);

export interface Module<In extends unknown[] = any[], Out = any> {
  /** Runs `forward`. */
  (...inputs: In): Out;
}

export class Module<In extends unknown[] = any[], Out = any> {
  /** Whether dropout drops and batch normalisation learns; see `train()` and `eval()`. */
  declare training: boolean;

  constructor() {
    const callable = ((...inputs: unknown[]) => callable.call_(inputs)) as unknown as this & {
      call_(inputs: unknown[]): unknown;
    };
    // A function's own name and length would shadow fields that a module may have.
    delete (callable as Partial<{ name: string }>).name;
    delete (callable as Partial<{ length: number }>).length;
    Object.setPrototypeOf(callable, new.target.prototype);
    callable.training = true;
    return callable;
  }

  /** What the module computes; a subclass must define it. */
  forward(..._inputs: In): Out {
    return fail(`${this.constructor.name}: forward(...) is not defined; a module must define what it computes`);
  }

  /** What stands between the parentheses when the module is printed. */
  extraRepr(): string {
    return '';
  }

  /**
   * Calls `forward` and marks what it records as this module's work; what hooks record is the work of the module around
   * it.
   */
  protected call_(inputs: In): Out {
    const outer = recordingNow().scope;
    noteModule(this, outer ? 'within' : this.isModel ? 'model' : 'outermost');
    const inputNodes = tensorsIn(inputs).map((t) => t.node); // a layer that works in place gives its input another
    const scope = scopeOf(this as Module, outer);
    return recordingWith({ scope: outer ?? scope }, () => {
      let given: unknown[] = inputs;
      for (const hook of preHooksOf.get(this as Module) ?? []) {
        const changed = hook(this as Module, given);
        if (changed !== undefined) given = Array.isArray(changed) ? changed : [changed];
      }
      let output = this.within(scope, given as In);
      const hooks = hooksOf.get(this as Module) ?? new Set();
      if (hooks.size > 0) show(output);
      for (const hook of hooks) output = (hook(this as Module, given, output) as Out | undefined) ?? output;
      if (!outer) {
        if (this.isModel) recordCall(this as Module, inputNodes, output);
        if (!recordingNow().compiled) show(output); // what a compiled function returns is shown by it
        for (const module of this.modules()) {
          for (const [, value] of fieldsOf(module)) if (!(value instanceof Parameter)) show(value);
          for (const [, tensor] of [...parametersOf(module), ...buffersIn(module, false)]) tensor.node.isState = true;
        }
      }
      return output;
    });
  }

  private within(scope: MutableScope, inputs: In): Out {
    if (scope.construction) scope.pythonCall = describeCall('', argumentsOf(this.forward, inputs));
    return recordingWith({ scope }, () => {
      const output = this.forward(...inputs);
      if (scope.pythonCall) describeResults(scope.pythonCall, output);
      return output;
    });
  }

  /** Whether a call of this module is a model's, which the page shows and a remote runs. */
  protected get isModel(): boolean {
    return true;
  }

  /** Calls `hook` before every `forward`; what it returns replaces the inputs. */
  registerForwardPreHook(hook: ForwardPreHook): HookHandle {
    return addHook(preHooksOf, this as Module, hook);
  }

  /** Calls `hook` after every `forward`; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook): HookHandle {
    return addHook(hooksOf, this as Module, hook);
  }

  /**
   * Makes a tensor part of the module's state that is not learnt, such as running statistics; one that is not
   * persistent is not saved.
   */
  registerBuffer(name: string, tensor: Tensor | null, persistent?: boolean | { readonly persistent?: boolean }): void;
  registerBuffer(name: string, tensor: Tensor | null, persistent: boolean): void {
    const names = buffersOf.get(this as Module) ?? new Map<string, boolean>();
    buffersOf.set(this as Module, names.set(name, persistent));
    (this as Record<string, unknown>)[name] = tensor;
  }

  /** Direct submodules by field name; a shared one comes once. */
  *namedChildren(): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, child] of childrenOf(this as Module)) if (seen.size < seen.add(child).size) yield [name, child];
  }

  /** Direct submodules; a shared one comes once. */
  children(): Module[] {
    return [...this.namedChildren()].map(([, child]) => child);
  }

  /**
   * This module and all below it, by path; the module itself is `''`. A shared one comes once, unless `removeDuplicate`
   * is false.
   */
  namedModules(memo?: null | Walk, prefix?: string | Walk, removeDuplicate?: boolean): Generator<[string, Module]>;
  *namedModules(_memo: null, prefix: string, removeDuplicate: boolean): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const found of walk(this as Module, prefix))
      if (!removeDuplicate || seen.size < seen.add(found[1]).size) yield found;
  }

  /** This module and all below it; a shared one comes once. */
  modules(): Module[] {
    return [...this.namedModules()].map(([, module]) => module);
  }

  /** Parameters by path, as PyTorch orders them: a module's own first, then its children's. A shared one comes once. */
  namedParameters(
    prefix?: string | Walk,
    recurse?: boolean | Walk,
    removeDuplicate?: boolean,
  ): Generator<[string, Parameter]>;
  *namedParameters(prefix: string, recurse: boolean, removeDuplicate: boolean): Generator<[string, Parameter]> {
    yield* members(this as Module, parametersOf, { prefix, recurse, removeDuplicate });
  }

  /** All parameters; only this module's own if `recurse` is false. */
  parameters(recurse?: boolean | { readonly recurse?: boolean }): Parameter[];
  parameters(recurse: boolean): Parameter[] {
    return [...this.namedParameters('', recurse)].map(([, parameter]) => parameter);
  }

  /** Buffers by path. A shared one comes once. */
  namedBuffers(
    prefix?: string | Walk,
    recurse?: boolean | Walk,
    removeDuplicate?: boolean,
  ): Generator<[string, Tensor]>;
  *namedBuffers(prefix: string, recurse: boolean, removeDuplicate: boolean): Generator<[string, Tensor]> {
    yield* members(this as Module, (module) => buffersIn(module, false), { prefix, recurse, removeDuplicate });
  }

  /** All buffers; only this module's own if `recurse` is false. */
  buffers(recurse?: boolean | { readonly recurse?: boolean }): Tensor[];
  buffers(recurse: boolean): Tensor[] {
    return [...this.namedBuffers('', recurse)].map(([, buffer]) => buffer);
  }

  /**
   * Parameters and buffers under PyTorch's keys, in its order, a shared one under each of its keys. The tensors are the
   * module's own.
   */
  stateDict(options?: { readonly prefix?: string }): Map<string, Tensor>;
  stateDict(_destination: unknown, prefix = ''): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [path, module] of walk(this as Module, '')) {
      for (const [name, value] of [...parametersOf(module), ...buffersIn(module, true)])
        state.set(`${prefix}${path ? `${path}.` : ''}${name}`, value);
    }
    return state;
  }

  /**
   * Copies values into the parameters and buffers of the same keys, converted to their dtype and device. Keys that
   * differ are returned, and are an error if `strict`; shapes must agree.
   */
  loadStateDict(state: StateDict, strict?: boolean | { readonly strict?: boolean }): KeyDifference;
  loadStateDict(state: StateDict, strict: boolean): KeyDifference {
    const given = state instanceof Map ? state : new Map(Object.entries(state));
    const own = this.stateDict();
    const missingKeys = [...own.keys()].filter((key) => !given.has(key));
    const unexpectedKeys = [...given.keys()].filter((key) => !own.has(key));
    const shared = [...own].filter(([key]) => given.has(key));
    const problems = [
      ...(strict && missingKeys.length ? [`missing: ${missingKeys.join(', ')}`] : []),
      ...(strict && unexpectedKeys.length ? [`unexpected: ${unexpectedKeys.join(', ')}`] : []),
      ...shared.flatMap(([key, t]) =>
        sameShape(t.node.shape, given.get(key)!.node.shape)
          ? []
          : [`${key} has shape ${given.get(key)!.shape} in the state, ${t.shape} in the module`],
      ),
    ];
    if (problems.length)
      fail(
        `${this.constructor.name}: the state does not fit; ${problems.join('; ')}${strict && missingKeys.length + unexpectedKeys.length > 0 ? '. Pass { strict: false } to load what has the same key' : ''}`,
      );
    for (const [key, t] of shared) copyInto(t, given.get(key)!);
    return { missingKeys, unexpectedKeys };
  }

  /** Moves parameters and buffers to a device, a dtype, or both; integers and bools keep their dtype. */
  to(device: Device | DeviceType | DType | Tensor, dtype?: DType): this;
  to(options: { readonly device?: Device | DeviceType; readonly dtype?: DType }): this;
  to(device: any, dtype: DType | null = null): this {
    for (const target of (device instanceof Tensor ? [device.device, device.dtype] : [device, dtype]) as (
      | Device
      | DeviceType
      | DType
      | null
    )[]) {
      if (target === null) continue;
      const isDtype = String(target) in dtypes;
      for (const tensor of [...this.parameters(), ...this.buffers()])
        if (!isDtype || dtypes[tensor.dtype].kind === 'float') moveInPlace(tensor, target);
    }
    return this;
  }

  /** Sets whether the parameters require gradients, as for freezing a part of a model. */
  requiresGrad_(requiresGrad?: boolean): this;
  requiresGrad_(requiresGrad: boolean): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  /** Switches this module and all below it between training and evaluation. */
  train(mode?: boolean): this;
  train(mode: boolean): this {
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }

  /** Switches this module and all below it to evaluation: `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Calls `f` on this module and all below it, children first. */
  apply(f: (module: Module) => void): this {
    for (const child of this.children()) child.apply(f);
    f(this as Module);
    return this;
  }

  /** Sets every parameter's gradient to `null`, or to zeros if `setToNone` is false. */
  zeroGrad(setToNone?: boolean | { readonly setToNone?: boolean }): void;
  zeroGrad(setToNone: boolean): void {
    clearGradients(this.parameters(), setToNone);
  }

  /** As PyTorch prints a module: its class, and its submodules indented. */
  toString(): string {
    const lines = [...childrenOf(this as Module)].map(([name, child]) =>
      `(${name}): ${String(child)}`
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n'),
    );
    const extra = this.extraRepr();
    return lines.length
      ? `${this.constructor.name}(\n${extra ? `  ${extra}\n` : ''}${lines.join('\n')}\n)`
      : `${this.constructor.name}(${extra})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

checked('nn.Module', Module, moduleMethods);

/** The program may keep these tensors: they are given to it, or it has put them into a field. */
function show(value: unknown): void {
  for (const tensor of tensorsIn(value)) tensor.node.visible = true;
}

function fieldsOf(module: Module): [string, unknown][] {
  return Object.entries(module).filter(([name]) => !bookkeeping.has(name));
}

/** Direct submodules by field name, a shared one under each of its names. */
export const childrenOf = (module: Module): [string, Module][] =>
  fieldsOf(module).filter((field): field is [string, Module] => field[1] instanceof Module);

const parametersOf = (module: Module): [string, Parameter][] =>
  fieldsOf(module).filter((field): field is [string, Parameter] => field[1] instanceof Parameter);

function buffersIn(module: Module, saved: boolean): [string, Tensor][] {
  const names = [...(buffersOf.get(module) ?? [])].filter(([, persistent]) => persistent || !saved);
  return names
    .map(([name]): [string, Tensor] => [name, (module as unknown as Record<string, Tensor>)[name]])
    .filter(([, t]) => t instanceof Tensor);
}

/** How much of a tree of modules is walked, and what the paths begin with. */
export interface Walk {
  readonly prefix?: string;
  /** Goes below the module itself. */
  readonly recurse?: boolean;
  /** Gives what several names share once. */
  readonly removeDuplicate?: boolean;
}

function* walk(module: Module, path: string): Generator<[string, Module]> {
  yield [path, module];
  for (const [name, child] of childrenOf(module)) yield* walk(child, path ? `${path}.${name}` : name);
}

function* members<T>(
  root: Module,
  of: (module: Module) => [string, T][],
  { prefix, recurse, removeDuplicate }: Required<Walk>,
): Generator<[string, T]> {
  const seen = new Set<T>();
  for (const [path, module] of recurse ? root.namedModules(null, prefix, removeDuplicate) : [[prefix, root] as const]) {
    for (const [name, value] of of(module))
      if (!removeDuplicate || seen.size < seen.add(value).size) yield [path ? `${path}.${name}` : name, value];
  }
}

function addHook<H>(table: WeakMap<Module, Set<H>>, module: Module, called: H): HookHandle {
  obstacle('registers a hook');
  hookChanges++;
  const hooks = table.get(module) ?? new Set();
  table.set(module, hooks.add(called));
  return {
    remove: () => {
      hookChanges++;
      hooks.delete(called);
    },
  };
}

let hookChanges = 0;

/** Hooks of modules have come and gone so often: while it stays, so do they all. */
export const hookChangesSoFar = (): number => hookChanges;

/** Whether calls of the module run a program's hooks. */
export const isHooked = (module: Module): boolean =>
  (preHooksOf.get(module)?.size ?? 0) + (hooksOf.get(module)?.size ?? 0) > 0;

/** How a compiled program calls a module that it exports: `exports.model.call(void 0, x)`. */
Object.defineProperty(Module.prototype, 'call', {
  value(this: (...inputs: unknown[]) => unknown, _this: unknown, ...inputs: unknown[]) {
    return this(...inputs);
  },
  writable: true,
  configurable: true,
});
