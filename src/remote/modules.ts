/**
 * @file Finds the modules of a trace again: from the scope of every node, the tree of modules and their calls.
 *
 * A trace is a flat list of operations, each of which remembers the module calls that it was recorded in. Here the
 * calls become a tree once more, and each call learns what went in and what came out; printing it is then a walk.
 */
import { fail } from '../base/errors.ts';
import type { DType } from '../base/dtype.ts';
import type { Call, Construction } from '../graph/call.ts';
import { TensorArgument } from '../graph/call.ts';
import { fullOp } from '../graph/ops/full.ts';
import { dataOp } from '../graph/record.ts';
import type { Node, Scope, TracedModel } from '../graph/types.ts';
import { byAge, reached } from '../graph/walk.ts';
import { tensorArguments } from './calls.ts';

export interface ModuleInfo {
  /** As in `named_modules()`; the root is `''`. */
  readonly path: string;
  /** The class's name; absent for a place in a path that was never called, such as a ModuleList. */
  type?: string;
  /** How PyTorch constructs it, for a module that PyTorch has too. */
  construction?: Construction;
  /** By name, in the order of their first call. */
  readonly children: Map<string, ModuleInfo>;
  readonly calls: ModuleCall[];
}

export interface ModuleCall {
  readonly module: ModuleInfo;
  /** The precision that autocast cast to. */
  readonly autocast?: DType;
  /** What a module of PyTorch's was given and gave, where the trace says so. */
  readonly pythonCall?: Call;
  /** What happened in it, in order: an operation of its own, or the call of a module within. */
  readonly steps: Step[];
  /** Every node recorded in it or in a call within it. */
  readonly nodes: Set<Node>;
}

/** The call of a function that several operations stand for. */
export interface FunctionCall {
  readonly pythonCall: Call;
  readonly nodes: Set<Node>;
}

export type Step = { readonly node: Node } | { readonly call: ModuleCall } | { readonly made: FunctionCall };

export interface Trace {
  readonly model: TracedModel;
  readonly root: ModuleCall;
  /** Every operation that the outputs need, in the order of recording; constants are not among them. */
  readonly nodes: readonly Node[];
  /** The users of each node within the trace. */
  readonly users: ReadonlyMap<Node, readonly Node[]>;
  /** The keys of each state node; tied weights have several. */
  readonly keys: ReadonlyMap<Node, readonly string[]>;
  /** Operations, and what they read, by the numbers by which calls name them. */
  readonly byNumber: ReadonlyMap<number, Node>;
}

/** Rebuilds the tree of module calls of a model's trace. */
export function readTrace(model: TracedModel): Trace {
  const nodes = neededNodes(model);
  const root: ModuleCall = { module: newModule(''), steps: [], nodes: new Set() };
  root.module.type = model.name;
  root.module.calls.push(root);

  const calls = new Map<string, ModuleCall>();
  const made = new Map<Call, FunctionCall>();
  for (const node of nodes) {
    let parent = root;
    root.nodes.add(node);
    for (const scope of scopesOf(node)) {
      const id = `${scope.path}#${scope.call}`;
      let call = calls.get(id);
      if (!call) {
        call = {
          module: moduleAt(root.module, scope),
          ...(scope.autocast && { autocast: scope.autocast }),
          ...(scope.pythonCall && { pythonCall: scope.pythonCall }),
          steps: [],
          nodes: new Set(),
        };
        call.module.calls.push(call);
        parent.steps.push({ call });
        calls.set(id, call);
      }
      call.nodes.add(node);
      parent = call;
    }
    if (!node.call) {
      parent.steps.push({ node });
      continue;
    }
    let known = made.get(node.call);
    if (!known) {
      known = { pythonCall: node.call, nodes: new Set() };
      made.set(node.call, known);
      parent.steps.push({ made: known });
    }
    known.nodes.add(node);
  }

  const users = new Map<Node, Node[]>();
  for (const node of nodes)
    for (const input of new Set(node.inputs)) users.set(input, [...(users.get(input) ?? []), node]);
  const keys = new Map<Node, string[]>();
  for (const [key, node] of model.state) keys.set(node, [...(keys.get(node) ?? []), key]);
  const byNumber = new Map(nodes.flatMap((node) => [node, ...node.inputs]).map((node) => [node.id, node]));
  return { model, root, nodes, users, keys, byNumber };
}

/** Whether a node is state of the module or of one below it. */
export function ownState(trace: Trace, { path }: ModuleInfo): (node: Node) => boolean {
  const prefix = path === '' ? '' : `${path}.`;
  return (node) => trace.keys.get(node)?.some((key) => key.startsWith(prefix)) ?? false;
}

/**
 * What a call takes: nodes from outside of it, in the order of their first use, that are neither its weights nor its
 * constants.
 */
export function inputsOf(trace: Trace, call: ModuleCall): Node[] {
  const own = ownState(trace, call.module);
  const found = new Set<Node>();
  for (const node of call.nodes) {
    for (const input of node.inputs) {
      if (!call.nodes.has(input) && !own(input) && !isConstant(trace, input)) found.add(input);
    }
  }
  return [...found];
}

/** What a call gives: its nodes that somebody outside of it uses, or that the model returns. */
export function outputsOf(trace: Trace, call: { readonly nodes: ReadonlySet<Node> }): Node[] {
  return [...call.nodes].filter((node) => leaves(trace, node, call.nodes));
}

/** A call as Python has it: what the trace says of it, or else what it reads and what others read of it, in order. */
export function pythonCallOf(trace: Trace, call: ModuleCall): Call {
  const outputs = outputsOf(trace, call);
  return (
    call.pythonCall ?? {
      name: '',
      arguments: inputsOf(trace, call).map((node) => new TensorArgument(node.id, false)),
      results: outputs.map((node) => node.id),
      isTuple: outputs.length > 1,
    }
  );
}

/**
 * Whether the call says it all: the nodes read nothing but its arguments (and `own`), and nobody reads more of them
 * than its results.
 */
export function saysAll(
  trace: Trace,
  { arguments: args, results }: Call,
  nodes: ReadonlySet<Node>,
  own: (node: Node) => boolean = () => false,
): boolean {
  const given = new Set(tensorArguments(args).map((argument) => argument.node));
  if (![...given].every((number) => trace.byNumber.has(number))) return false;
  return [...nodes].every(
    (node) =>
      node.inputs.every((input) => nodes.has(input) || given.has(input.id) || own(input) || isConstant(trace, input)) &&
      (results.includes(node.id) || !leaves(trace, node, nodes)),
  );
}

/** Whether somebody outside of the nodes reads this one of them, or the model returns it. */
const leaves = ({ model, users }: Trace, node: Node, nodes: ReadonlySet<Node>): boolean =>
  model.outputs.includes(node) || (users.get(node) ?? []).some((user) => !nodes.has(user));

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

/**
 * Something made from nothing, neither an input nor a weight: a number, a range, or a tensor that the program filled
 * itself.
 */
export function isConstant(trace: Trace, node: Node): boolean {
  return node.inputs.length === 0 && !trace.keys.has(node) && !trace.model.inputs.includes(node);
}

/** Whether PyTorch constructs this module in one expression, so that its inside need not be printed. */
export function isLeafModule(module: ModuleInfo): boolean {
  return module.construction !== undefined && !isContainerType(module.type);
}

/** Containers that PyTorch and we call alike, and that are printed with their children. */
function isContainerType(type: string | undefined): boolean {
  return type === 'Sequential' || type === 'ModuleList' || type === 'ModuleDict';
}

function neededNodes(model: TracedModel): Node[] {
  const bare = model.outputs.find(
    (node) => node.inputs.length === 0 && !model.inputs.includes(node) && node.op !== dataOp && node.op !== fullOp,
  );
  if (bare) fail(`program: the history of an output of ${model.name} is gone (${bare.op.name}); run the model again`);
  const given = new Set<Node>([...model.inputs, ...model.state.values()]);
  const isNeeded = (node: Node): boolean => !given.has(node) && node.inputs.length > 0;
  return byAge(reached(model.outputs.filter(isNeeded), (node) => node.inputs.filter(isNeeded)));
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
  if (scope.construction) module.construction = scope.construction;
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
