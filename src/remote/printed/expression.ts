/**
 * @file Expressions of a printed program, read word by word: each is a tensor or number, a list, or a module whose
 * children are known.
 *
 * So `self.block.conv(x)` is known to call a module that the program declared, and what follows a tensor to be one of
 * its methods.
 */
import { fail } from '../../base/errors.ts';
import { isAllowed, methods, ofLayers } from './names.ts';
import type { Line, Token } from './tokens.ts';
import { textOf } from './tokens.ts';

export interface Module {
  readonly is: 'module';
  /** By name; those of a list by their index. */
  readonly children: Map<string, Value>;
  /** PyTorch's own, whose tensors are not declared. */
  readonly own: boolean;
}

export type Value =
  | { readonly is: 'tensor' }
  | { readonly is: 'literal'; readonly literal: string | number | boolean | null }
  | { readonly is: 'items'; readonly items: readonly Value[] }
  | { readonly is: 'entries'; readonly entries: ReadonlyMap<string, Value> }
  | Module;

/** What an expression may name. */
export interface Scope {
  readonly place: 'init' | 'forward';
  readonly self?: Module;
  readonly variables: ReadonlySet<string>;
  readonly classes: ReadonlyMap<string, Module>;
}

export const tensor: Value = { is: 'tensor' };
const noScope: Scope = { place: 'forward', variables: new Set(), classes: new Map() };
const constants: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const operators = new Set([
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '@',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);
const maxDepth = 100;

export class Reader {
  private readonly tokens: readonly Token[];
  private readonly scope: Scope;
  private at = 0;
  private depth = 0;

  constructor({ tokens }: Line, scope = noScope) {
    this.tokens = tokens;
    this.scope = scope;
  }

  isAt(text: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token?.is !== 'text' && token?.text === text;
  }

  /** Goes on where the next word is this one. */
  accept(text: string): boolean {
    const found = this.isAt(text);
    if (found) this.at += 1;
    return found;
  }

  expect(text: string): void {
    if (!this.accept(text)) fail(`${this.next()} is found where ${text} is expected`);
  }

  name(): string {
    return this.take('name');
  }

  text(): string {
    this.take('text');
    return textOf(this.tokens[this.at - 1]);
  }

  end(): void {
    if (this.at < this.tokens.length) fail(`${this.next()} is found where the line should end`);
  }

  /** Expressions between commas, up to a closing sign, or to the line's end. */
  list(close?: string): Value[] {
    const items: Value[] = [];
    while (close === undefined ? this.at < this.tokens.length : !this.accept(close)) {
      items.push(this.expression());
      if (close === undefined ? this.at < this.tokens.length : !this.isAt(close)) this.expect(',');
    }
    return items;
  }

  /**
   * What modules hold that a container is given, up to the closing bracket: one after another, in a list, or by name.
   */
  children(): Map<string, Value> {
    const given = this.arguments();
    const [first] = given;
    if (first?.is === 'entries') return new Map(first.entries);
    return new Map((first?.is === 'items' ? first.items : given).map((value, i) => [String(i), value]));
  }

  /** The module and the name that a statement gives something to. */
  target(): { owner: Module; name: string } {
    let owner: Value = this.atom();
    for (;;) {
      if (this.accept('[')) owner = this.index(owner);
      else {
        this.expect('.');
        const name = this.name();
        if (name.startsWith('__')) fail(`${name} is Python's own`);
        if (owner.is !== 'module') fail(`${name} is assigned to something that is not a module`);
        if (!this.isAt('.') && !this.isAt('[')) return { owner, name };
        owner = this.child(owner, name);
      }
    }
  }

  expression(): Value {
    if (++this.depth > maxDepth) fail('it is nested too deeply');
    let value = this.signed();
    for (let sign = this.operator(); sign; sign = this.operator()) {
      const [left, right] = [calculable(value), calculable(this.signed())];
      if ((sign === '**' || sign === '<<') && left.is === 'literal' && right.is === 'literal')
        fail('it calculates with plain numbers');
      value = tensor;
    }
    this.depth -= 1;
    return value;
  }

  private operator(): string | undefined {
    const token = this.tokens[this.at];
    if (token?.is !== 'sign' || !operators.has(token.text)) return undefined;
    this.at += 1;
    return token.text;
  }

  private signed(): Value {
    for (const sign of ['-', '+', '~'] as const) {
      if (!this.accept(sign)) continue;
      const value = calculable(this.signed());
      return sign === '-' && value.is === 'literal' && typeof value.literal === 'number'
        ? { is: 'literal', literal: -value.literal }
        : tensor;
    }
    let value = this.atom();
    for (;;) {
      if (this.accept('.')) value = this.attribute(value);
      else if (this.accept('[')) value = this.index(value);
      else if (this.accept('(')) value = this.call(value);
      else return value;
    }
  }

  private atom(): Value {
    const token = this.tokens[this.at] ?? fail('an expression is missing at the end');
    if (token.is === 'text') return { is: 'literal', literal: this.text() };
    this.at += 1;
    if (token.is === 'number') return { is: 'literal', literal: Number(token.text) };
    if (token.is === 'name') return this.named(token.text);
    if (token.text === '[') return { is: 'items', items: this.list(']') };
    if (token.text === '{') return this.dictionary();
    if (token.text !== '(') fail(`${token.text} is found where an expression is expected`);
    const items = this.list(')');
    return items.length === 1 && this.tokens[this.at - 2].text !== ',' ? items[0] : { is: 'items', items };
  }

  private named(name: string): Value {
    const { self, variables, classes, place } = this.scope;
    if (name in constants) return { is: 'literal', literal: constants[name] };
    if (name === 'self' && self) return self;
    if (variables.has(name)) return tensor;
    if (['torch', 'nn', 'F', 'math'].includes(name) && self) return this.ofPyTorch(name);
    if (name === 'device' && self) return tensor;
    if (name === 'float' && this.isAt('(')) return tensor;
    if (name === 'getattr' && self) return this.getattr();
    if (name === 'OrderedDict' && place === 'init') return this.ordered();
    const made = place === 'init' ? classes.get(name) : undefined;
    if (!made) fail(`${name} is not an allowed name`);
    this.expect('(');
    this.arguments();
    return made;
  }

  /** `torch.cat`, `nn.Conv2d`; a constructor is read with its arguments. */
  private ofPyTorch(root: string): Value {
    let name = root;
    do {
      this.expect('.');
      name += `.${this.name()}`;
    } while (!isAllowed(name, this.scope.place) && this.isAt('.'));
    if (!isAllowed(name, this.scope.place)) fail(`${name} is not an allowed function`);
    if (root === 'F' && !this.isAt('(')) fail(`${name} is not called`);
    if (root !== 'nn') return tensor;
    this.expect('(');
    if (name === 'nn.Parameter') {
      this.arguments();
      return tensor;
    }
    return {
      is: 'module',
      children: this.children(),
      own: !/^nn\.(Module|ModuleList|ModuleDict|Sequential|ParameterList)$/.test(name),
    };
  }

  /** `getattr(self.block, "a name that is no identifier")`. */
  private getattr(): Value {
    this.expect('(');
    const from = this.expression();
    this.expect(',');
    const child = this.child(from, this.text());
    this.expect(')');
    return child;
  }

  private ordered(): Value {
    this.expect('(');
    const [pairs] = this.list(')');
    if (pairs?.is !== 'items') fail('OrderedDict takes a list of pairs');
    return { is: 'entries', entries: new Map(pairs.items.map((pair) => pairOf(pair))) };
  }

  private dictionary(): Value {
    const entries = new Map<string, Value>();
    while (!this.accept('}')) {
      const key = this.text();
      this.expect(':');
      entries.set(key, this.expression());
      if (!this.isAt('}')) this.expect(',');
    }
    return { is: 'entries', entries };
  }

  private attribute(from: Value): Value {
    const name = this.name();
    if (from.is === 'module') return this.child(from, name);
    if (from.is !== 'tensor' || !methods.has(name)) fail(`.${name} is not an allowed method of a tensor`);
    return tensor;
  }

  private child(from: Value, name: string): Value {
    if (from.is !== 'module') fail(`${name} is read from something that is not a module`);
    const child = from.children.get(name);
    if (child) return child;
    if (!from.own || !ofLayers.test(name)) fail(`${name} is not a part of that module`);
    return /^(out_proj|self_attn|linear\d?|norm\d?|dropout\d?|activation)$/.test(name)
      ? { is: 'module', children: new Map(), own: true }
      : tensor;
  }

  /** `[0]` of a module is its child, `[:, 1:3]` of a tensor a part of it. */
  private index(from: Value): Value {
    if (from.is === 'module') {
      const child = this.child(from, this.take('number'));
      this.expect(']');
      return child;
    }
    while (!this.accept(']')) {
      if (this.accept(':') || this.accept(',') || this.accept('...')) continue;
      this.expression();
    }
    return tensor;
  }

  /** A tensor's method, a function of PyTorch's, or a module that is in place: tensors and literals in, tensors out. */
  private call(callee: Value): Value {
    if (callee.is === 'module' ? this.scope.place === 'init' : callee.is !== 'tensor')
      fail('it calls something that is not a function there');
    this.arguments();
    return tensor;
  }

  private arguments(): Value[] {
    const given: Value[] = [];
    while (!this.accept(')')) {
      if (this.tokens[this.at]?.is === 'name' && this.isAt('=', 1)) this.at += 2;
      const value = this.expression();
      if (value.is === 'module' && this.scope.place === 'forward') fail('a module is given to a call');
      given.push(value);
      if (!this.isAt(')')) this.expect(',');
    }
    return given;
  }

  private next(): string {
    return this.tokens[this.at]?.text.slice(0, 40) ?? 'the end';
  }

  private take(is: Token['is']): string {
    const token = this.tokens[this.at];
    if (token?.is !== is) fail(`${this.next()} is found where a ${is} is expected`);
    this.at += 1;
    return token.text;
  }
}

function pairOf(value: Value): [string, Value] {
  if (value.is !== 'items' || value.items.length !== 2) fail('OrderedDict takes a list of pairs');
  const [key, held] = value.items;
  return key.is === 'literal' && typeof key.literal === 'string' ? [key.literal, held] : fail('a name is a text');
}

function calculable(value: Value): Value {
  if (value.is !== 'tensor' && !(value.is === 'literal' && typeof value.literal !== 'string'))
    fail(`it calculates with ${value.is}`);
  return value;
}

/** Literals, lists and dictionaries of them, as JavaScript has them. */
export function plainValue(value: Value): unknown {
  switch (value.is) {
    case 'literal':
      return value.literal;
    case 'items':
      return value.items.map(plainValue);
    case 'entries':
      return Object.fromEntries([...value.entries].map(([key, held]) => [key, plainValue(held)]));
    default:
      return fail('it is not a constant');
  }
}
