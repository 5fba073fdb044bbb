/**
 * @file The convolution kernels in a stranger's program, read from its text: the program is never run. The calls of
 * `dnn.customConvolution` are found, and what they are given is worked out as far as it is text, numbers and
 * arithmetic of the problem's sizes.
 */
import type { AnyNode, Expression, Pattern } from 'acorn';
import { parse } from 'acorn';
import { transform } from 'sucrase';
import { fail } from '../base/errors.ts';
import type { Direction } from '../dnn/choice/records.ts';
import type { ConvDescriptor } from '../dnn/conv2d/descriptor.ts';
import type { OwnConvolution } from '../dnn/conv2d/own.ts';
import { convolutionTemplate, hasEntry } from '../dnn/conv2d/own.ts';

/** What working out one value may take. */
const most = { steps: 20_000, depth: 100, letters: 100_000, files: 32 };

const directions: readonly string[] = ['forward', 'backward data', 'backward filter'] satisfies Direction[];

/** Throws with the reason where the text is no program, or a kernel is not to be read from it. */
export function kernelsIn(program: string): OwnConvolution[] {
  const { code } = transform(program, { transforms: ['typescript'], disableESTransforms: true });
  const root = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true });
  const constants = new Map<string, Expression>();
  for (const statement of root.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    for (const { id, init } of declaration.declarations)
      if (id.type === 'Identifier' && init) constants.set(id.name, init);
  }
  const kernels: OwnConvolution[] = [];
  walk(root, (node) => {
    if (node.type === 'CallExpression' && nameOf(node.callee) === 'customConvolution')
      kernels.push(kernelOf(node.arguments as Expression[], constants));
  });
  return kernels;
}

function kernelOf([name, wgsl, options]: readonly Expression[], constants: Constants): OwnConvolution {
  const reading = new Reading(constants);
  const read = (node: Expression | undefined): unknown => node && reading.value(node, noNames, 0);
  const asked = (value: unknown, problem: ConvDescriptor): unknown => {
    reading.restart();
    return typeof value === 'function' ? (value as (problem: ConvDescriptor) => unknown)(problem) : value;
  };
  const given = Object(read(options)) as Record<string, unknown>;
  const [called, text, files = []] = [String(read(name)).slice(0, 40), read(wgsl), given['files']];
  const direction = given['direction'] ?? 'forward';
  const workgroupSize = given['workgroupSize'] ?? 64;
  if (!Array.isArray(files) || files.length > most.files || !files.every((file) => typeof file === 'string'))
    fail(`its files are no list of at most ${most.files} paths`);
  if (typeof text !== 'string' || !hasEntry({ name: called, wgsl: text, files }))
    fail('its kernel is no text with a fn main');
  if (typeof direction !== 'string' || !directions.includes(direction)) fail('its direction is none');
  if (typeof workgroupSize !== 'number' || !(workgroupSize >= 1)) fail('its workgroupSize is no number of at least 1');
  return {
    name: called,
    wgsl: text,
    files,
    ...(typeof given['only'] === 'string' && { only: given['only'] }),
    direction: direction as Direction,
    workgroups: (problem) => asked(given['workgroups'], problem) as number,
    workgroupSize,
    constants: (problem) => Object(asked(given['constants'], problem)) as Record<string, number>,
    ...(typeof given['runs'] === 'function' && { runs: (problem) => asked(given['runs'], problem) }),
    deterministic: given['deterministic'] !== false,
  };
}

type Constants = ReadonlyMap<string, Expression>;
type Names = ReadonlyMap<string, unknown>;
const noNames: Names = new Map();

const mathNames = ['abs', 'ceil', 'floor', 'round', 'trunc', 'min', 'max', 'sqrt', 'log2', 'pow'] as const;
const math = new Map<string, (...given: number[]) => number>(mathNames.map((name) => [name, Math[name]]));

type Numbers = (a: number, b: number) => unknown;
const arithmetic: Readonly<Record<string, Numbers>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Values, each worked out within bounds. */
class Reading {
  private steps = 0;
  private readonly constants: Constants;

  constructor(constants: Constants) {
    this.constants = constants;
  }

  /** What comes is another value. */
  restart(): void {
    this.steps = 0;
  }

  value(node: AnyNode, names: Names, depth: number): unknown {
    if (++this.steps > most.steps || depth > most.depth) fail('its kernel takes too long to read');
    const of = (part: AnyNode): unknown => this.value(part, names, depth + 1);
    switch (node.type) {
      case 'Literal':
        return node.value instanceof RegExp ? unread(node) : node.value;
      case 'TemplateLiteral':
        return this.joined(
          node.quasis.flatMap(({ value }, i) => [value.cooked ?? '', ...node.expressions.slice(i, i + 1).map(of)]),
        );
      case 'Identifier': {
        if (names.has(node.name)) return names.get(node.name);
        if (node.name === 'undefined') return undefined;
        const constant = this.constants.get(node.name);
        return constant ? this.value(constant, noNames, depth + 1) : unread(node);
      }
      case 'ArrayExpression':
        return node.elements.map((element) => (element ? of(element) : undefined));
      case 'ObjectExpression':
        return this.object(node.properties, of);
      case 'UnaryExpression': {
        const value = of(node.argument);
        if (node.operator === '!') return !value;
        return node.operator === '-' ? -numberOf(value) : node.operator === '+' ? numberOf(value) : unread(node);
      }
      case 'BinaryExpression': {
        const [a, b] = [of(node.left), of(node.right)];
        if (node.operator === '===' || node.operator === '==') return a === b;
        if (node.operator === '!==' || node.operator === '!=') return a !== b;
        if (node.operator === '+')
          return typeof a === 'string' || typeof b === 'string' ? this.joined([a, b]) : numberOf(a) + numberOf(b);
        return Object.hasOwn(arithmetic, node.operator)
          ? arithmetic[node.operator](numberOf(a), numberOf(b))
          : unread(node);
      }
      case 'LogicalExpression': {
        const left = of(node.left);
        if (node.operator === '&&') return left && of(node.right);
        return node.operator === '||' ? left || of(node.right) : (left ?? of(node.right));
      }
      case 'ConditionalExpression':
        return of(of(node.test) ? node.consequent : node.alternate);
      case 'MemberExpression': {
        const object = of(node.object);
        const key = node.computed ? of(node.property) : nameOf(node.property);
        return typeof object === 'object' && object !== null && Object.hasOwn(object, key as PropertyKey)
          ? (object as Record<PropertyKey, unknown>)[key as PropertyKey]
          : unread(node);
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return (...given: unknown[]): unknown => this.result(node, names, given, depth);
      case 'CallExpression':
        return this.called(node.callee, node.arguments.map(of), of);
      default:
        return unread(node);
    }
  }

  private object(properties: readonly AnyNode[], of: (part: AnyNode) => unknown): Record<string, unknown> {
    const made = Object.create(null) as Record<string, unknown>;
    for (const property of properties) {
      if (property.type !== 'Property') return unread(property);
      const key = property.computed
        ? of(property.key)
        : property.key.type === 'Literal'
          ? property.key.value
          : nameOf(property.key);
      made[String(key)] = of(property.value);
    }
    return made;
  }

  private called(callee: AnyNode, given: readonly unknown[], of: (part: AnyNode) => unknown): unknown {
    if (callee.type === 'MemberExpression' && nameOf(callee.object) === 'Math') {
      const known = math.get(nameOf(callee.property) ?? '');
      return known ? known(...given.map(numberOf)) : unread(callee);
    }
    if (nameOf(callee) === 'convolutionTemplate') {
      const [direction = 'forward'] = given;
      return directions.includes(direction as string) ? convolutionTemplate(direction as Direction) : unread(callee);
    }
    const known = of(callee);
    return typeof known === 'function' ? (known as (...given: unknown[]) => unknown)(...given) : unread(callee);
  }

  /** What a function of constants and returns gives. */
  private result(
    { params, body }: { readonly params: readonly Pattern[]; readonly body: AnyNode },
    outer: Names,
    given: readonly unknown[],
    depth: number,
  ): unknown {
    const names = new Map(outer);
    for (const [i, param] of params.entries()) bind(param, given[i], names);
    if (body.type !== 'BlockStatement') return this.value(body, names, depth + 1);
    for (const statement of body.body) {
      if (statement.type === 'ReturnStatement')
        return statement.argument ? this.value(statement.argument, names, depth + 1) : undefined;
      if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') return unread(statement);
      for (const { id, init } of statement.declarations) bind(id, init && this.value(init, names, depth + 1), names);
    }
    return undefined;
  }

  private joined(parts: readonly unknown[]): string {
    if (parts.some((part) => typeof part === 'object' || typeof part === 'function'))
      fail('its kernel is made of more than texts and numbers');
    const text = parts.map(String).join('');
    return text.length <= most.letters ? text : fail(`its kernel is longer than ${most.letters} characters`);
  }
}

function bind(to: Pattern, value: unknown, names: Map<string, unknown>): void {
  if (to.type === 'Identifier') names.set(to.name, value);
  else if (to.type === 'ObjectPattern')
    for (const property of to.properties) {
      const key = property.type === 'Property' ? nameOf(property.key) : undefined;
      if (property.type !== 'Property' || key === undefined || !Object.hasOwn(Object(value) as object, key)) unread(to);
      else bind(property.value, (value as Record<string, unknown>)[key], names);
    }
  else unread(to);
}

/** The name that an expression ends in: of `dnn.customConvolution` the last. */
function nameOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' && !node.computed ? nameOf(node.property) : undefined;
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : fail('its kernel is given something that is no number');

function unread(node: AnyNode): never {
  fail(`its kernel is given what only running the program would tell (${node.type})`);
}

function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  for (const part of Object.values(node) as unknown[])
    for (const one of Array.isArray(part) ? (part as unknown[]) : [part])
      if (typeof one === 'object' && one !== null && typeof (one as AnyNode).type === 'string')
        walk(one as AnyNode, visit);
}
