/**
 * @file Finds the modules of a trace again: from the scope of every node, the tree of modules and their calls.
 *
 * A trace is a flat list of operations, each of which remembers the module calls that it was recorded in. Here the calls
 * become a tree once more, and each call learns what went in and what came out; printing it is then a walk.
 */
import { fail } from '../base/errors.ts';
import type { Node, Scope, TracedModel } from '../graph/types.ts';

export interface ModuleInfo {
  /** As in `named_modules()`; the root is `''`. */
  readonly path: string;
  /** The class's name; absent for a place in a path that was never called, such as a ModuleList. */
  type?: string;
  /** PyTorch's constructor, for a module that PyTorch has too. */
  python?: string;
  /** By name, in the order of their first call. */
  readonly children: Map<string, ModuleInfo>;
  readonly calls: ModuleCall[];
}

export interface ModuleCall {
  readonly module: ModuleInfo;
  /** What happened in it, in order: an operation of its own, or the call of a module within. */
  readonly steps: Step[];
  /** Every node recorded in it or in a call within it. */
  readonly nodes: Set<Node>;
}

export type Step = { readonly node: Node; readonly call?: undefined } | { readonly call: ModuleCall; readonly node?: undefined };

export interface Trace {
  readonly model: TracedModel;
  readonly root: ModuleCall;
  /** Every operation that the outputs need, in the order of recording; constants are not among them. */
  readonly nodes: readonly Node[];
  /** The users of each node within the trace. */
  readonly users: ReadonlyMap<Node, readonly Node[]>;
  /** The keys of each state node; tied weights have several. */
  readonly keys: ReadonlyMap<Node, readonly string[]>;
}

/** Rebuilds the tree of module calls of a model's trace. */
export function readTrace(model: TracedModel): Trace {
  const nodes = neededNodes(model);
  const root: ModuleCall = { module: newModule(''), steps: [], nodes: new Set() };
  root.module.type = model.name;
  root.module.calls.push(root);

  const calls = new Map<string, ModuleCall>();
  for (const node of nodes) {
    let parent = root;
    root.nodes.add(node);
    for (const scope of scopesOf(node)) {
      const id = `${scope.path}#${scope.call}`;
      let call = calls.get(id);
      if (!call) {
        call = { module: moduleAt(root.module, scope), steps: [], nodes: new Set() };
        call.module.calls.push(call);
        parent.steps.push({ call });
        calls.set(id, call);
      }
      call.nodes.add(node);
      parent = call;
    }
    parent.steps.push({ node });
  }

  const users = new Map<Node, Node[]>();
  for (const node of nodes) for (const input of new Set(node.inputs)) users.set(input, [...(users.get(input) ?? []), node]);
  const keys = new Map<Node, string[]>();
  for (const [key, node] of model.state) keys.set(node, [...(keys.get(node) ?? []), key]);
  return { model, root, nodes, users, keys };
}

/** What a call takes: nodes from outside of it, in the order of their first use, that are neither its weights nor its constants. */
export function inputsOf(trace: Trace, call: ModuleCall): Node[] {
  const prefix = call.module.path === '' ? '' : `${call.module.path}.`;
  const own = (node: Node): boolean => trace.keys.get(node)?.some((key) => key.startsWith(prefix)) ?? false;
  const found = new Set<Node>();
  for (const node of call.nodes) {
    for (const input of node.inputs) {
      if (!call.nodes.has(input) && !own(input) && !isConstant(trace, input)) found.add(input);
    }
  }
  return [...found];
}

/** What a call gives: its nodes that somebody outside of it uses, or that the model returns. */
export function outputsOf(trace: Trace, call: ModuleCall): Node[] {
  const leaves = (node: Node): boolean => trace.model.outputs.includes(node) || (trace.users.get(node) ?? []).some((user) => !call.nodes.has(user));
  return [...call.nodes].filter(leaves);
}

export interface LayerModule {
  /** As in `named_modules()`. */
  readonly path: string;
  /** The class's name, `'Conv2d'`. */
  readonly type: string;
  /** What it gave at its first call; absent where that is not one tensor. */
  readonly output?: Node;
}

/** The modules that PyTorch constructs and that were called, in the order of the model's work. */
export function layerModules(model: TracedModel): LayerModule[] {
  const trace = readTrace(model);
  const found: LayerModule[] = [];
  const visit = (module: ModuleInfo): void => {
    if (!isLeafModule(module)) return module.children.forEach(visit);
    if (module.calls.length === 0) return;
    const outputs = outputsOf(trace, module.calls[0]);
    found.push({ path: module.path, type: module.type!, ...(outputs.length === 1 && { output: outputs[0] }) });
  };
  visit(trace.root.module);
  const orderOf = ({ output }: LayerModule): number => output?.id ?? Infinity;
  return found.toSorted((a, b) => orderOf(a) - orderOf(b));
}

/** What each layer gave at its first call, by its path: what `activation.<path>` in the results is compared with. */
export function layerOutputs(model: TracedModel): Map<string, Node> {
  return new Map(layerModules(model).flatMap(({ path, output }) => (output ? [[path, output] as const] : [])));
}

/** Something made from nothing, neither an input nor a weight: a number, a range, or a tensor that the program filled itself. */
export function isConstant(trace: Trace, node: Node): boolean {
  return node.inputs.length === 0 && !trace.keys.has(node) && !trace.model.inputs.includes(node);
}

/** Whether PyTorch constructs this module in one expression, so that its inside need not be printed. */
export function isLeafModule(module: ModuleInfo): boolean {
  return module.python !== undefined && !isContainerType(module.type);
}

/** Containers that PyTorch and we call alike, and that are printed with their children. */
export function isContainerType(type: string | undefined): boolean {
  return type === 'Sequential' || type === 'ModuleList' || type === 'ModuleDict';
}

function neededNodes(model: TracedModel): Node[] {
  const bare = model.outputs.find((node) => node.inputs.length === 0 && !model.inputs.includes(node));
  if (bare) fail(`program: the history of an output of ${model.name} is gone (${bare.op.name}); run the model again`);
  const given = new Set<Node>([...model.inputs, ...model.state.values()]);
  const seen = new Set<Node>();
  const stack = [...model.outputs];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || given.has(node) || node.inputs.length === 0) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  return [...seen].toSorted((a, b) => a.id - b.id);
}

/** The calls around a node, outermost first, without the root's. */
function scopesOf(node: Node): Scope[] {
  const scopes: Scope[] = [];
  for (let scope = node.scope; scope; scope = scope.parent) if (scope.path !== '') scopes.unshift(scope);
  return scopes;
}

function newModule(path: string): ModuleInfo {
  return { path, children: new Map(), calls: [] };
}

function moduleAt(root: ModuleInfo, scope: Scope): ModuleInfo {
  const module = childAt(root, scope.path);
  module.type = scope.type;
  if (scope.python !== undefined) module.python = scope.python;
  return module;
}

/** The module at a path below the root; places on the way come into being. */
export function childAt(root: ModuleInfo, path: string): ModuleInfo {
  let module = root;
  for (const name of path.split('.')) {
    let child = module.children.get(name);
    if (!child) {
      child = newModule(module.path === '' ? name : `${module.path}.${name}`);
      module.children.set(name, child);
    }
    module = child;
  }
  return module;
}
