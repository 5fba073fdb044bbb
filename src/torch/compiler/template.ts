/**
 * @file A captured call as a template: the nodes that it recorded, ready to be made again for other inputs. What is
 * made is what recording the call anew would make, down to the calls and scopes that the remote program prints: only
 * checks and inference are left out.
 */
import type { HostArray } from '../../base/dtype.ts';
import { isPlain } from '../../base/options.ts';
import { placeLike, placeOf as doubtOf } from '../../compile/doubts.ts';
import type { Argument, Call } from '../../graph/call.ts';
import { TensorArgument, Word } from '../../graph/call.ts';
import type { NodeKind } from '../../graph/record.ts';
import { dataOp, kindOf, nodeOfKind } from '../../graph/record.ts';
import { recordingNow } from '../../graph/recording.ts';
import type { Node, Scope, TracedModel } from '../../graph/types.ts';
import { isContiguous, placeOf, putInMemory } from '../memory.ts';
import type { Place } from '../memory.ts';
import type { MutableScope } from '../nn/scope.ts';
import { newCall } from '../nn/scope.ts';
import { Tensor } from '../tensor.ts';
import { recordTraced } from '../trace.ts';

/** A captured node: by number from 0, an input by −1 for the first, −2 for the next. */
type Ref = number;

interface Step {
  readonly kind: NodeKind;
  readonly inputs: readonly Ref[];
  /** By number among the template's; −1 for none. */
  readonly scope: number;
  readonly call: number;
  readonly host: HostArray | undefined;
  readonly visible: boolean;
  readonly doubt: Error | undefined;
  /** Memory of its own, where that does not follow from its inputs. */
  readonly layout: Place['layout'] | undefined;
}

/** What the call returned: tensors that it made or was given, in lists and plain objects, and what is no tensor. */
type Output =
  | { readonly kind: 'made' | 'given'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Output[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Output])[] };

type ArgumentForm =
  | { readonly kind: 'shared'; readonly argument: Argument }
  | { readonly kind: 'tensor'; readonly ref: Ref; readonly long: boolean }
  | { readonly kind: 'list'; readonly items: readonly ArgumentForm[] }
  | { readonly kind: 'named'; readonly entries: readonly (readonly [string, ArgumentForm])[] };

interface CallForm {
  readonly name: string;
  readonly arguments: readonly ArgumentForm[];
  readonly results: readonly (Ref | null)[];
  readonly isTuple: boolean;
}

type MutableCall = { -readonly [K in keyof Call]: Call[K] };

/** A call that cannot be a template says why. */
export class NoTemplate extends Error {}

/** A call as it was captured. */
export interface CapturedCall {
  readonly nodes: readonly Node[];
  /** All tensors that the call could read: arguments, then those of fields. */
  readonly inputs: readonly Tensor[];
  readonly result: unknown;
  /** The model's call, where it was one. */
  readonly traced: TracedModel | undefined;
  /** The model's parameters and buffers by key, where it was one. */
  readonly state: ReadonlyMap<string, Tensor>;
  /** Those that calls mark as state. */
  readonly stateTensors: readonly Tensor[];
  /** Other tensors in the fields of modules, which calls mark as shown. */
  readonly shown: readonly Tensor[];
  /** Lists and objects that it was given, or read. */
  readonly containers: ReadonlySet<unknown>;
}

export class Template {
  private readonly steps: readonly Step[];
  private readonly scopes: readonly { readonly scope: Scope; readonly parent: number }[];
  /** Calls of functions, and those of modules by the number of their scope. */
  private readonly calls: readonly CallForm[];
  private readonly moduleCalls: readonly (CallForm | undefined)[];
  private readonly output: Output;
  /** The nodes of the tensors that are made for the result. */
  private readonly results: readonly Ref[];
  private readonly refs = new Map<number, Ref>();
  private readonly traced:
    | { readonly name: string; readonly inputs: readonly Ref[]; readonly outputs: readonly Ref[] }
    | undefined;
  private readonly state: ReadonlyMap<string, Tensor>;
  private readonly stateTensors: readonly Tensor[];
  private readonly shown: readonly Tensor[];

  constructor({ nodes, inputs, result, traced, state, stateTensors, shown, containers }: CapturedCall) {
    inputs.forEach(({ node }, i) => this.refs.set(node.id, -1 - i));
    nodes.forEach(({ id }, i) => this.refs.set(id, i));
    this.scopes = this.scopesOf(nodes);
    const scopeNumbers = new Map(this.scopes.map(({ scope }, i) => [scope, i]));
    const calls = [...new Set(nodes.flatMap(({ call }) => call ?? []))];
    const callNumbers = new Map(calls.map((call, i) => [call, i]));
    this.calls = calls.map((call) => this.formOf(call));
    this.moduleCalls = this.scopes.map(({ scope }) => scope.pythonCall && this.formOf(scope.pythonCall));
    const made_: Tensor[] = [];
    this.output = outputOf(result, inputs, made_, containers);
    this.results = made_.map(({ node }) => this.ref(node.id));
    const bases = new Set(made_.map((tensor) => tensor.place.memory.node));
    this.steps = nodes.map((node) => ({
      kind: kindOf(node),
      inputs: node.inputs.map((input) => this.ref(input.id)),
      scope: node.scope ? scopeNumbers.get(node.scope)! : -1,
      call: node.call ? callNumbers.get(node.call)! : -1,
      host: hostOf(node),
      visible: node.visible,
      doubt: doubtOf(node),
      layout: ownLayout(node, bases),
    }));
    this.traced = traced && {
      name: traced.name,
      inputs: traced.inputs.map(({ id }) => this.ref(id)),
      outputs: traced.outputs.map(({ id }) => this.ref(id)),
    };
    this.state = state;
    this.stateTensors = stateTensors;
    this.shown = shown;
  }

  /** Its operations by name, in order. */
  get operations(): string[] {
    return this.steps.map(({ kind }) => kind.op.name);
  }

  /** Makes the call's nodes for these inputs, and its result. */
  play(inputs: readonly Tensor[]): unknown {
    const given = inputs.map(({ node }) => node);
    const nodes: Node[] = [];
    const { part } = recordingNow();
    const nodeAt = (ref: Ref): Node => (ref < 0 ? given[-1 - ref] : nodes[ref]);
    const scopes: MutableScope[] = [];
    for (const { scope, parent } of this.scopes)
      scopes.push({
        path: scope.path,
        type: scope.type,
        construction: scope.construction,
        call: newCall(),
        parent: parent < 0 ? undefined : scopes[parent],
      });
    const calls = this.calls.map(({ name, isTuple }): MutableCall => ({ name, arguments: [], results: [], isTuple }));
    for (const { kind, inputs: refs, scope, call, host, visible, doubt, layout } of this.steps) {
      const own: Node[] = new Array<Node>(refs.length);
      for (let i = 0; i < refs.length; i++) own[i] = nodeAt(refs[i]);
      const node = nodeOfKind(kind, own, {
        scope: scope < 0 ? undefined : scopes[scope],
        part,
        call: call < 0 ? undefined : calls[call],
      });
      nodes.push(node);
      if (host) node.value = { host };
      if (layout) putInMemory(node, layout);
      node.visible = visible;
      placeLike(node, doubt);
    }
    this.calls.forEach((form, i) => fillCall(calls[i], form, nodeAt));
    this.moduleCalls.forEach((form, i) => {
      if (!form) return;
      const call: MutableCall = { name: form.name, arguments: [], results: [], isTuple: form.isTuple };
      scopes[i].pythonCall = call;
      fillCall(call, form, nodeAt);
    });
    const results = this.results.map((ref) => new Tensor(nodeAt(ref)));
    for (const { node } of results) node.visible = true;
    for (const { node } of this.stateTensors) node.isState = true;
    for (const { node } of this.shown) node.visible = true;
    if (this.traced) {
      const state = new Map<string, Node>();
      for (const [key, { node }] of this.state) state.set(key, node);
      recordTraced({
        name: this.traced.name,
        inputs: this.traced.inputs.map(nodeAt),
        state,
        outputs: this.traced.outputs.map(nodeAt),
      });
    }
    return resultOf(this.output, results, inputs);
  }

  private formOf({ name, arguments: given, results, isTuple }: Call): CallForm {
    return {
      name,
      arguments: given.map((argument) => argumentForm(argument, (id) => this.ref(id))),
      results: results.map((id) => (id === null ? null : this.ref(id))),
      isTuple,
    };
  }

  private ref(id: number): Ref {
    const ref = this.refs.get(id);
    if (ref === undefined)
      throw new NoTemplate('reads a tensor from outside; pass it as an argument, or make it a field');
    return ref;
  }

  /** Scopes of the nodes, outer ones before those within. */
  private scopesOf(nodes: readonly Node[]): Template['scopes'] {
    const numbers = new Map<Scope, number>();
    const found: { scope: Scope; parent: number }[] = [];
    const enter = (scope: Scope | undefined): number => {
      if (!scope) return -1;
      const known = numbers.get(scope);
      if (known !== undefined) return known;
      const parent = enter(scope.parent);
      numbers.set(scope, found.length);
      return found.push({ scope, parent }) - 1;
    };
    for (const { scope } of nodes) enter(scope);
    return found;
  }
}

/** A constant's numbers. A leaf that the call has trained with, or emptied, is none. */
function hostOf({ op, value, requiresGrad }: Node): HostArray | undefined {
  if (op !== dataOp) return undefined;
  if (requiresGrad || !value?.host)
    throw new NoTemplate('makes a leaf that takes gradients; make it outside of the function');
  return value.host;
}

/** A node's own memory, where other nodes or the program can tell. */
function ownLayout(node: Node, bases: ReadonlySet<Node>): Place['layout'] | undefined {
  const { steps, layout, memory } = placeOf(node);
  if (steps.length > 0 || memory.node !== node) return undefined;
  const isPlain = !node.op.view && isContiguous(layout) && node.inputs.every((n) => isContiguous(placeOf(n).layout));
  return isPlain && !bases.has(node) ? undefined : layout;
}

/** An argument that holds a tensor, to be made for other nodes; others are shared. */
function argumentForm(argument: Argument, ref: (id: number) => Ref): ArgumentForm {
  const shared = { kind: 'shared', argument } as const;
  if (argument instanceof TensorArgument) return { kind: 'tensor', ref: ref(argument.node), long: argument.long };
  if (typeof argument !== 'object' || argument === null || argument instanceof Word) return shared;
  const entries = Object.entries(argument).map(
    ([name, value]) => [name, argumentForm(value as Argument, ref)] as const,
  );
  if (entries.every(([, { kind }]) => kind === 'shared')) return shared;
  return Array.isArray(argument)
    ? { kind: 'list', items: entries.map(([, item]) => item) }
    : { kind: 'named', entries };
}

function argumentOf(form: ArgumentForm, nodeAt: (ref: Ref) => Node): Argument {
  switch (form.kind) {
    case 'shared':
      return form.argument;
    case 'tensor':
      return new TensorArgument(nodeAt(form.ref).id, form.long);
    case 'list':
      return form.items.map((item) => argumentOf(item, nodeAt));
    case 'named':
      return Object.fromEntries(form.entries.map(([name, item]) => [name, argumentOf(item, nodeAt)]));
  }
}

function fillCall(call: MutableCall, form: CallForm, nodeAt: (ref: Ref) => Node): void {
  call.arguments = form.arguments.map((argument) => argumentOf(argument, nodeAt));
  call.results = form.results.map((ref) => (ref === null ? null : nodeAt(ref).id));
}

function outputOf(
  value: unknown,
  inputs: readonly Tensor[],
  made_: Tensor[],
  containers: ReadonlySet<unknown>,
): Output {
  if (containers.has(value)) throw new NoTemplate('returns a list or object that it was given');
  if (value instanceof Tensor) {
    const given = inputs.indexOf(value);
    if (given !== -1) return { kind: 'given', index: given };
    const known = made_.indexOf(value);
    return { kind: 'made', index: known === -1 ? made_.push(value) - 1 : known };
  }
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype)
    return { kind: 'list', items: value.map((item) => outputOf(item, inputs, made_, containers)) };
  if (isPlain(value))
    return {
      kind: 'object',
      entries: Object.entries(value).map(([name, item]) => [name, outputOf(item, inputs, made_, containers)] as const),
    };
  if (typeof value === 'function' || (typeof value === 'object' && value !== null))
    throw new NoTemplate('returns an object that is made anew by each call');
  return { kind: 'constant', value };
}

function resultOf(output: Output, results: readonly Tensor[], inputs: readonly Tensor[]): unknown {
  switch (output.kind) {
    case 'made':
      return results[output.index];
    case 'given':
      return inputs[output.index];
    case 'constant':
      return output.value;
    case 'list':
      return output.items.map((item) => resultOf(item, results, inputs));
    case 'object':
      return Object.fromEntries(output.entries.map(([name, item]) => [name, resultOf(item, results, inputs)]));
  }
}
