/**
 * @file nn.Module: parameters, buffers and submodules found among an object's fields, called like a function.
 *
 * A module instance is a function whose prototype is its class, so `model(x)` runs `forward` as in PyTorch. Fields that
 * hold a Parameter, a registered buffer or a Module are found by looking, in the order in which they were set.
 */
import { fail } from '../../base/errors.ts';
import { leaf } from '../../graph/record.ts';
import { recordingNow, recordingWith } from '../../graph/recording.ts';
import { assigned, detached, isLeafNode } from '../../graph/ops/identity.ts';
import type { Scope } from '../../graph/types.ts';
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { checkOptions } from '../../base/options.ts';
import { sameShape } from '../../base/shape.ts';
import type { HookHandle } from '../autograd.ts';
import type { Device, DeviceType } from '../device.ts';
import { replaceLeaf, replaceValue } from '../inplace.ts';
import { to } from '../ops/shape.ts';
import { clearGradients } from '../optim/optimizer.ts';
import { argumentsOf } from '../signature/call.ts';
import { Tensor } from '../tensor.ts';
import { nameOf, recordCall, tensorsIn } from '../trace.ts';
import { describeCall, describeResults } from '../written.ts';

/** A tensor that a module learns: a leaf that requires a gradient unless told otherwise. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requiresGrad = true) {
    if (!(data instanceof Tensor)) fail(`Parameter: needs a tensor, got ${typeof data}; make one with torch.tensor(...)`);
    const { node } = data;
    if (requiresGrad && dtypes[node.dtype].kind !== 'float') fail(`Parameter: only floating tensors can require gradients, this one is ${node.dtype}; pass false as the second argument`);
    const host = isLeafNode(node) ? node.value?.host : undefined;
    super(host ? leaf(node, node.device, host, requiresGrad) : assigned(detached(node), requiresGrad));
  }
}

/** Names of fields that hold buffers, and whether a state dict has them: state that is not learnt. */
const buffersOf = new WeakMap<Module, Map<string, boolean>>();

/** Called before `forward`; what it returns takes the inputs' place. */
export type ForwardPreHook = (module: Module, inputs: unknown[]) => unknown;
/** Called after `forward`; what it returns takes the output's place. */
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

export type StateDict = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;
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
    const callable = ((...inputs: unknown[]) => callable.call_(inputs)) as unknown as this & { call_(inputs: unknown[]): unknown };
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

  /** Calls `forward` and marks what it records as this module's work; what hooks record is the work of the module around it. */
  protected call_(inputs: In): Out {
    const outer = recordingNow().scope;
    const inputNodes = tensorsIn(inputs).map((t) => t.node); // a layer that works in place gives its input another
    const root = outer ? rootOf.get(outer)! : (this as Module);
    const scope: Mutable<Scope> = { path: pathIn(root, this as Module), type: nameOf(this as Module), python: constructions.get(Object.getPrototypeOf(this) as object)?.(this as Module), call: nextCall++, parent: outer };
    rootOf.set(scope, root);
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
        for (const module of this.modules()) for (const [, value] of fieldsOf(module)) if (!(value instanceof Parameter)) show(value);
      }
      return output;
    });
  }

  private within(scope: Mutable<Scope>, inputs: In): Out {
    if (scope.python !== undefined) scope.written = describeCall('', argumentsOf(this.forward, inputs));
    return recordingWith({ scope }, () => {
      const output = this.forward(...inputs);
      if (scope.written) describeResults(scope.written, output);
      return output;
    });
  }

  /** Whether a call of this module is a model's, which the page shows and a remote runs. */
  protected get isModel(): boolean {
    return true;
  }

  /** Calls `hook` before every `forward`; what it returns takes the inputs' place. */
  registerForwardPreHook(hook: ForwardPreHook): HookHandle {
    return register(preHooksOf, this as Module, hook);
  }

  /** Calls `hook` after every `forward`; what it returns takes the output's place. */
  registerForwardHook(hook: ForwardHook): HookHandle {
    return register(hooksOf, this as Module, hook);
  }

  /** Makes a tensor part of the module's state without learning it, as running statistics are; one that is not persistent is not saved. */
  registerBuffer(name: string, tensor: Tensor, options: { readonly persistent?: boolean } = {}): void {
    checkOptions('registerBuffer', options, ['persistent']);
    const { persistent = true } = options;
    const names = buffersOf.get(this as Module) ?? new Map<string, boolean>();
    buffersOf.set(this as Module, names.set(name, persistent));
    (this as Record<string, unknown>)[name] = tensor;
  }

  /** Direct submodules by field name. */
  *namedChildren(): Generator<[string, Module]> {
    for (const [name, value] of fieldsOf(this as Module)) if (value instanceof Module) yield [name, value];
  }

  children(): Module[] {
    return [...this.namedChildren()].map(([, child]) => child);
  }

  /** This module and all below it, by path; the module itself is `''`. */
  *namedModules(prefix = ''): Generator<[string, Module]> {
    yield [prefix, this as Module];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(prefix ? `${prefix}.${name}` : name);
  }

  modules(): Module[] {
    return [...this.namedModules()].map(([, module]) => module);
  }

  /** Parameters by path, as PyTorch orders them: a module's own first, then its children's. A shared one comes once. */
  *namedParameters(): Generator<[string, Parameter]> {
    const seen = new Set<Tensor>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of fieldsOf(module)) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [path ? `${path}.${name}` : name, value];
      }
    }
  }

  parameters(): Parameter[] {
    return [...this.namedParameters()].map(([, parameter]) => parameter);
  }

  /** Buffers by path. */
  *namedBuffers(): Generator<[string, Tensor]> {
    for (const [path, module] of this.namedModules()) {
      for (const name of buffersOf.get(module)?.keys() ?? []) yield [path ? `${path}.${name}` : name, (module as unknown as Record<string, Tensor>)[name]];
    }
  }

  buffers(): Tensor[] {
    return [...this.namedBuffers()].map(([, buffer]) => buffer);
  }

  /** Parameters and buffers under PyTorch's keys, in its order. The tensors are the module's own. */
  stateDict(): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [path, module] of this.namedModules()) {
      const at = (name: string): string => (path ? `${path}.${name}` : name);
      for (const [name, value] of fieldsOf(module)) if (value instanceof Parameter) state.set(at(name), value);
      for (const [name, persistent] of buffersOf.get(module) ?? []) if (persistent) state.set(at(name), (module as unknown as Record<string, Tensor>)[name]);
    }
    return state;
  }

  /**
   * Copies values into the parameters and buffers of the same keys, converted to their dtype and device. Keys that differ
   * are an error where `strict`, and are returned in any case; shapes must agree.
   */
  loadStateDict(state: StateDict, options: { readonly strict?: boolean } = {}): KeyDifference {
    checkOptions('loadStateDict', options, ['strict']);
    const { strict = true } = options;
    const given = state instanceof Map ? state : new Map(Object.entries(state));
    const own = this.stateDict();
    const missingKeys = [...own.keys()].filter((key) => !given.has(key));
    const unexpectedKeys = [...given.keys()].filter((key) => !own.has(key));
    const shared = [...own].filter(([key]) => given.has(key));
    const problems = [
      ...(strict && missingKeys.length ? [`missing: ${missingKeys.join(', ')}`] : []),
      ...(strict && unexpectedKeys.length ? [`unexpected: ${unexpectedKeys.join(', ')}`] : []),
      ...shared.flatMap(([key, t]) => (sameShape(t.node.shape, given.get(key)!.node.shape) ? [] : [`${key} has shape ${given.get(key)!.shape} in the state, ${t.shape} in the module`])),
    ];
    if (problems.length) fail(`${this.constructor.name}: the state does not fit; ${problems.join('; ')}${strict && missingKeys.length + unexpectedKeys.length > 0 ? '. Pass { strict: false } to load what has the same key' : ''}`);
    for (const [key, t] of shared) copyInto(t, given.get(key)!);
    return { missingKeys, unexpectedKeys };
  }

  /** Moves parameters and buffers to a device, a dtype, or both; integers and bools keep their dtype. */
  to(target: Device | DeviceType | DType): this {
    const isDtype = String(target) in dtypes;
    for (const tensor of [...this.parameters(), ...this.buffers()]) {
      if (isDtype && dtypes[tensor.dtype].kind !== 'float') continue;
      moveInPlace(tensor, target);
    }
    return this;
  }

  /** Sets whether the parameters require gradients, as for freezing a part of a model. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Calls `f` on this module and all below it, children first. */
  apply(f: (module: Module) => void): this {
    for (const child of this.children()) child.apply(f);
    f(this as Module);
    return this;
  }

  /** Sets every parameter's gradient to `null`, or where `setToNone` is false to zeros. */
  zeroGrad(options: { readonly setToNone?: boolean } = {}): void {
    clearGradients(this.parameters(), options);
  }

  /** As PyTorch prints a module: its class, and its submodules indented. */
  toString(): string {
    const lines = [...this.namedChildren()].map(([name, child]) => `(${name}): ${String(child)}`.split('\n').map((line) => `  ${line}`).join('\n'));
    const extra = this.extraRepr();
    return lines.length ? `${this.constructor.name}(\n${extra ? `  ${extra}\n` : ''}${lines.join('\n')}\n)` : `${this.constructor.name}(${extra})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** How PyTorch constructs a layer, by the layer's prototype: what the classes of a program say of themselves does not count. */
const constructions = new WeakMap<object, (module: Module) => string | undefined>();

/** Makes a class one that PyTorch has too; said once, before any program runs. */
export function constructedBy(prototype: Module, python: (module: Module) => string | undefined): void {
  constructions.set(prototype, python);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

let nextCall = 1;
const rootOf = new WeakMap<Scope, Module>();

/** The program may keep these tensors: they are given to it, or it has put them into a field. */
function show(value: unknown): void {
  for (const tensor of tensorsIn(value)) tensor.node.visible = true;
}

function fieldsOf(module: Module): [string, unknown][] {
  return Object.entries(module).filter(([name]) => !bookkeeping.has(name));
}

function register<H>(table: WeakMap<Module, Set<H>>, module: Module, hook: H): HookHandle {
  const hooks = table.get(module) ?? new Set();
  table.set(module, hooks.add(hook));
  return { remove: () => void hooks.delete(hook) };
}

/** Paths that were found below an outermost module. A module may be moved, so a path is looked up again where it fails. */
const pathsOf = new WeakMap<Module, WeakMap<Module, string>>();

/** Where a module hangs below the outermost one; its class's name where it hangs nowhere. */
function pathIn(root: Module, module: Module): string {
  if (module === root) return '';
  const known = pathsOf.get(root)?.get(module);
  if (known !== undefined && moduleAt(root, known) === module) return known;
  const paths = new WeakMap<Module, string>();
  for (const [path, candidate] of root.namedModules()) if (!paths.has(candidate)) paths.set(candidate, path);
  pathsOf.set(root, paths);
  return paths.get(module) ?? nameOf(module);
}

const moduleAt = (root: Module, path: string): unknown => path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], root);

/** The source's value becomes the target's, which stays a leaf of its own dtype and device. */
function copyInto(target: Tensor, source: Tensor): void {
  const { node } = target;
  const host = source.node.value?.host;
  if (host && source.dtype === node.dtype) replaceLeaf(target, leaf(node, node.device, host.slice(), node.requiresGrad), 'loadStateDict');
  else replaceValue(target, to(source.detach(), target.device, target.dtype).node, 'loadStateDict');
}

function moveInPlace(tensor: Tensor, target: Device | DeviceType | DType): void {
  const { requiresGrad } = tensor;
  const plain = new Tensor(requiresGrad ? leafOf(tensor) : tensor.node);
  const moved = to(plain, target);
  if (moved.node === plain.node) return;
  tensor.setNode(moved.node);
  if (requiresGrad) tensor.requiresGrad = true;
}

/** The tensor's value as a leaf without gradient. */
function leafOf(tensor: Tensor): Tensor['node'] {
  const { node } = tensor;
  return node.value?.host ? leaf(node, node.device, node.value.host) : tensor.detach().node;
}
