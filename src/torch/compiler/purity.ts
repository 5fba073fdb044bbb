/**
 * @file Whether a function depends on its arguments and on its module's fields alone, read from its text. JavaScript
 * shows nobody what a function reads from outside, so all is refused that is not known: a name of the program, a
 * changed object, the console, the time.
 *
 * This is about what the program's own code reads and changes. What wuDNN's functions do is seen while a call is
 * captured.
 */
import type { AnyNode, CallExpression, Identifier, MemberExpression, Pattern } from 'acorn';
import {
  changingMethods,
  isKnownFunction,
  isNever,
  isReplaced,
  pureClasses,
  pureGlobals,
} from './library-functions.ts';
import { isConstantModule } from './constant-modules.ts';
import type { Binding } from './scopes.ts';
import { Scope, childrenOf, isFunction } from './scopes.ts';
import type { Source } from './sources.ts';
import { sourcesOf } from './sources.ts';

/** Why a call cannot be played again. */
export interface Finding {
  readonly reason: string;
  /** Of the program. */
  readonly line?: number;
  /** What follows needs a value that has to be computed first, or is none of the graph's work. */
  readonly breaks: boolean;
}

/** A member of a class that was read: the answer holds for as long as it stays. */
interface MemberReading {
  readonly owner: object;
  readonly name: string;
  readonly value: unknown;
}

type Function_ = (...args: any[]) => unknown;

/** Where a node stands. */
interface At {
  readonly scope: Scope;
  readonly source: Source;
  /** Whether `this` is the module. */
  readonly hasThis: boolean;
}

const globalsTold: Readonly<Record<string, [reason: string, breaks: boolean]>> = {
  console: ['writes to the console, which every call does anew', true],
  Date: ['reads the time', false],
  performance: ['reads the time', false],
  arguments: ['uses `arguments`; name the parameters', false],
};

export class Purity {
  readonly findings: Finding[] = [];
  /** Names of constants that are modules, which the code calls. */
  readonly modules = new Set<string>();
  private readonly relied: MemberReading[] = [];
  private readonly prototypes: readonly object[];
  private readonly seen = new Set<AnyNode>();
  private readonly members = new Set<string>();

  /** `prototypes`: of the program's classes whose objects the code may meet. */
  constructor(prototypes: readonly object[]) {
    this.prototypes = prototypes;
  }

  /** Reads a function's text, and what it calls of the program's. */
  read(f: Function_, hasThis: boolean): void {
    const sources = sourcesOf(f);
    if (sources.length === 0) this.findings.push({ reason: 'calls a function without a text to read', breaks: false });
    for (const source of sources) this.function(source, hasThis);
  }

  /** Whether the members that it has read are what they were. */
  holds(): boolean {
    return this.relied.every(({ owner, name, value }) => {
      const now = Object.getOwnPropertyDescriptor(owner, name);
      return now !== undefined && (now.get ?? now.value) === value;
    });
  }

  private function(source: Source, hasThis: boolean): void {
    const { node, scope } = source;
    if (this.seen.has(node)) return;
    this.seen.add(node);
    const at = { scope, source, hasThis };
    if (node.async) this.find(node, at, 'is async: it waits for a value in the middle', true);
    if (node.generator) this.find(node, at, 'is a generator, which goes on between calls', true);
    for (const child of [...node.params, node.body]) this.visit(child, at);
  }

  private find({ loc }: AnyNode, { source }: At, reason: string, breaks = false): void {
    this.findings.push({ reason, breaks, ...(source.text.isProgram && loc && { line: loc.start.line }) });
  }

  private visit(node: AnyNode, outer: At): void {
    const at = { ...outer, scope: outer.source.text.scopes.get(node) ?? outer.scope };
    switch (node.type) {
      case 'Identifier':
        return this.name(node, at);
      case 'ThisExpression':
        return this.find(node, at, at.hasThis ? 'hands `this` on' : 'uses a `this` that is no module');
      case 'MemberExpression':
        return this.member(node, at);
      case 'CallExpression':
        return this.call(node, at);
      case 'Property':
        if (node.computed) this.visit(node.key, at);
        return this.visit(node.value, at);
      case 'VariableDeclarator':
        return this.declarator(node, at);
      case 'NewExpression': {
        const { callee } = node;
        const isPure = callee.type === 'Identifier' && pureClasses.has(callee.name) && !at.scope.find(callee.name);
        if (!isPure) this.find(node, at, 'makes an object with `new`; make it in the constructor');
        for (const argument of node.arguments) this.visit(argument, at);
        return;
      }
      case 'AwaitExpression':
        this.find(node, at, 'awaits a value, which has to be computed first', true);
        break;
      case 'YieldExpression':
        this.find(node, at, 'yields, and goes on later', true);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.find(node, at, 'makes a class');
      case 'TaggedTemplateExpression':
      case 'ImportExpression':
      case 'MetaProperty':
      case 'WithStatement':
        return this.find(node, at, 'is written in a way whose effects are not known');
      case 'LabeledStatement':
        return this.visit(node.body, at);
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.target(node.argument as Pattern, at);
        break;
      case 'AssignmentExpression':
        this.target(node.left, at);
        return this.visit(node.right, at);
      case 'UpdateExpression':
        return this.target(node.argument as Pattern, at);
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.type === 'ForOfStatement' && node.await)
          this.find(node, at, 'awaits a value, which has to be computed first', true);
        if (node.left.type !== 'VariableDeclaration') this.target(node.left, at);
        break;
      default:
    }
    const below = isFunction(node) ? { ...at, hasThis: at.hasThis && node.type === 'ArrowFunctionExpression' } : at;
    if (isFunction(node) && node.async) this.find(node, at, 'awaits a value, which has to be computed first', true);
    for (const child of childrenOf(node)) this.visit(child, below);
  }

  /** `const { weight, bias } = this` reads these fields. */
  private declarator({ id, init }: Extract<AnyNode, { type: 'VariableDeclarator' }>, at: At): void {
    const ofThis = init?.type === 'ThisExpression' && at.hasThis && id.type === 'ObjectPattern' ? id.properties : [];
    const named = ofThis.flatMap((p) =>
      p.type === 'Property' && !p.computed && p.key.type === 'Identifier' ? [p] : [],
    );
    if (ofThis.length > 0 && named.length === ofThis.length) {
      for (const { key } of named) this.memberNamed((key as Identifier).name, id, at);
    } else if (init) this.visit(init, at);
    if (id.type === 'ObjectPattern')
      for (const p of id.properties)
        if (p.type === 'Property' && !p.computed && p.key.type === 'Identifier') this.checkName(p.key.name, p, at);
    if (id.type !== 'Identifier') this.visit(id, at);
  }

  /** What a call assigns to must be its own. */
  private target(pattern: Pattern, at: At): void {
    if (pattern.type === 'MemberExpression') {
      const { object } = pattern;
      const given = object.type === 'Identifier' ? object.name : 'an object that it was given';
      const text = object.type === 'ThisExpression' ? 'its module, by assigning to this' : given;
      if (!this.isOwnList(object, at)) this.find(pattern, at, `changes ${text}.${nameOf(pattern) ?? '[…]'}`);
      if (pattern.computed) this.visit(pattern.property, at);
      return;
    }
    for (const name of pattern.type === 'Identifier' ? [pattern] : [])
      if (!isLocal(at.scope.find(name.name), at))
        this.find(pattern, at, `assigns to ${name.name}, a variable outside of it`);
    if (pattern.type === 'ArrayPattern') for (const element of pattern.elements) if (element) this.target(element, at);
    if (pattern.type === 'ObjectPattern')
      for (const p of pattern.properties) this.target(p.type === 'RestElement' ? p.argument : p.value, at);
    if (pattern.type === 'AssignmentPattern') this.target(pattern.left, at);
    if (pattern.type === 'RestElement') this.target(pattern.argument, at);
  }

  /** Whether an expression is a list or object that the call has made itself. */
  private isOwnList(object: AnyNode, at: At): boolean {
    if (object.type !== 'Identifier') return false;
    const binding = at.scope.find(object.name);
    if (!isLocal(binding, at) || binding?.kind !== 'const' || binding.node.type !== 'VariableDeclarator') return false;
    const { init, id } = binding.node;
    return id.type === 'Identifier' && (init?.type === 'ArrayExpression' || init?.type === 'ObjectExpression');
  }

  private call(node: CallExpression, at: At): void {
    const { callee } = node;
    // `_wudnn.relu.call(void 0, x)` is how the compiler writes a call of an imported function.
    const called =
      callee.type === 'MemberExpression' && nameOf(callee) === 'call' ? this.constant(callee.object, at) : undefined;
    const isOwnChange =
      callee.type === 'MemberExpression' &&
      changingMethods.has(nameOf(callee) ?? '') &&
      this.isOwnList(callee.object, at);
    if (called && isKnownFunction(called.value)) {
      for (const argument of node.arguments.slice(1)) this.visit(argument, at);
      return;
    }
    const name = calledName(callee, at);
    if (name !== undefined && this.isModule(name, at)) this.modules.add(name);
    else if (!isOwnChange && callee.type !== 'Super') this.visit(callee, at);
    for (const argument of node.arguments) this.visit(argument, at);
  }

  /** Whether a name from outside is a module for good; what its call does depends on fields, which have guards. */
  private isModule(name: string, at: At): boolean {
    const binding = at.scope.find(name);
    if (!binding || isLocal(binding, at)) return false;
    const { scope } = binding;
    const outside = { ...at, scope, source: { ...at.source, scope: nowhere } };
    return isConstantModule(binding, { scope, constant: (node) => this.constant(node, outside) });
  }

  private member(node: MemberExpression, at: At): void {
    const constant = this.constant(node, at);
    if (constant) return this.constantValue(node, constant.value, at);
    const { object } = node;
    const name = nameOf(node);
    if (object.type === 'ThisExpression' && at.hasThis) {
      if (name === undefined) return this.find(node, at, 'reads a field of `this` by a name that it computes');
      return this.memberNamed(name, node, at);
    }
    if (object.type === 'Super') return name === undefined ? undefined : this.memberNamed(name, node, at);
    if (object.type === 'Identifier' && object.name === 'exports' && !isLocal(at.scope.find('exports'), at))
      return this.find(node, at, fromOutside(name ?? 'exports'));
    this.visit(object, at);
    if (node.computed) this.visit(node.property, at);
    if (name !== undefined) this.checkName(name, node, at);
  }

  /** A field, method or getter of a module. */
  private memberNamed(name: string, node: AnyNode, at: At): void {
    if (isNever(name) || changingMethods.has(name))
      return this.find(node, at, `uses ${name}, which may change something`);
    this.programMember(name);
  }

  private checkName(name: string, node: AnyNode, at: At): void {
    if (isNever(name) || changingMethods.has(name)) this.find(node, at, `uses .${name}, which may change something`);
    else if (isReplaced(name)) this.find(node, at, `uses .${name}, which the program has replaced`);
    else this.programMember(name);
  }

  /** Methods and getters of this name that the program's classes have. */
  private programMember(name: string): void {
    if (this.members.has(name)) return;
    this.members.add(name);
    for (const owner of this.prototypes) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, name);
      if (!descriptor) continue;
      const value: unknown = descriptor.get ?? descriptor.value;
      this.relied.push({ owner, name, value });
      if (typeof value === 'function') this.read(value as Function_, true);
    }
  }

  private name(node: Identifier, at: At): void {
    const { name } = node;
    const binding = at.scope.find(name);
    if (isLocal(binding, at)) return;
    if (!binding) {
      if (pureGlobals.has(name)) return;
      const [reason, breaks] = globalsTold[name] ?? [fromOutside(name), false];
      return this.find(node, at, reason, breaks);
    }
    const constant = this.constant(node, at);
    if (constant) return this.constantValue(node, constant.value, at);
    const f = functionOf(binding);
    if (!f) return this.find(node, at, fromOutside(name));
    const { text } = at.source;
    this.function({ node: f, scope: text.scopes.get(f)!, text }, false);
  }

  private constantValue(node: AnyNode, value: unknown, at: At): void {
    if (typeof value === 'object' && value !== null) this.find(node, at, 'uses a namespace as a value');
    else if (typeof value === 'function' && !isKnownFunction(value))
      this.find(node, at, 'calls a function that does more than compute a tensor');
  }

  /** What an expression is, where it is part of an imported namespace or a constant of the program. */
  private constant(node: AnyNode, at: At): { readonly value: unknown } | undefined {
    if (node.type === 'Literal') return { value: node.value };
    if (node.type === 'UnaryExpression' && node.operator === '-') {
      const of = this.constant(node.argument, at);
      return typeof of?.value === 'number' ? { value: -of.value } : undefined;
    }
    if (node.type === 'MemberExpression') {
      const name = nameOf(node);
      const of = name === undefined ? undefined : this.constant(node.object, at);
      return of && memberOf(of.value, name!);
    }
    if (node.type !== 'Identifier') return undefined;
    const binding = at.scope.find(node.name);
    if (isLocal(binding, at)) return undefined;
    const imported = binding?.scope.parent?.parent === undefined && at.source.text.imports.get(node.name);
    if (imported) return { value: imported };
    if (binding?.kind !== 'const' || binding.assigned || binding.node.type !== 'VariableDeclarator') return undefined;
    const { id, init } = binding.node;
    const outside = { ...at, scope: binding.scope, source: { ...at.source, scope: nowhere } };
    const of = init ? this.constant(init, outside) : undefined;
    if (!of || id.type === 'Identifier') return of;
    if (id.type !== 'ObjectPattern') return undefined;
    const property = id.properties.find(
      (p) => p.type === 'Property' && p.value.type === 'Identifier' && p.value.name === node.name,
    );
    return property?.type === 'Property' && property.key.type === 'Identifier'
      ? memberOf(of.value, property.key.name)
      : undefined;
  }
}

/** A scope that nothing lies within. */
const nowhere = new Scope();

const isLocal = (binding: Binding | undefined, { source }: At): boolean =>
  binding?.scope.isWithin(source.scope) ?? false;

/** The name that is called. `exports.model.call(void 0, x)` is how the compiler writes a call of an exported one. */
function calledName(callee: AnyNode, at: At): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression' || nameOf(callee) !== 'call') return undefined;
  const { object } = callee;
  if (object.type !== 'MemberExpression' || object.object.type !== 'Identifier') return undefined;
  return object.object.name === 'exports' && !at.scope.find('exports') ? nameOf(object) : undefined;
}

/** A function of the program's that a name means for good. */
function functionOf({ kind, node, assigned }: Binding): Source['node'] | undefined {
  if (assigned) return undefined;
  if (kind === 'function' && isFunction(node)) return node;
  if (kind !== 'const' || node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return undefined;
  return node.init && isFunction(node.init) ? node.init : undefined;
}

function nameOf({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** A member of an imported namespace. What can be set in one, as the switches of backends, is no constant. */
function memberOf(space: unknown, name: string): { readonly value: unknown } | undefined {
  if (name === 'default') return { value: space };
  if (typeof space !== 'object' || space === null || name === 'backends') return undefined;
  try {
    return { value: Reflect.get(space, name) as unknown };
  } catch {
    return undefined; // there is no such name, as the program will hear
  }
}

const fromOutside = (name: string): string =>
  `reads ${name}, which may change between calls; pass it as an argument, or make it a field of the module`;
