/**
 * @file Where a function's text stands: JavaScript tells a function's text and nothing of what the names in it mean.
 * The text of the whole program does, where the function is found in it.
 */
import type { AnyNode } from 'acorn';
import { parse } from 'acorn';
import type { FunctionNode, Scope, Scopes } from './scopes.ts';
import { childrenOf, isFunction, scopesOf } from './scopes.ts';

/** A function's text, parsed. */
export interface Source {
  readonly node: FunctionNode;
  /** Its parameters' scope. */
  readonly scope: Scope;
  readonly text: Text;
}

/** A text that functions stand in. */
export interface Text {
  readonly scopes: Scopes;
  /** What is imported, by the name that the compiled text has for a module. */
  readonly imports: ReadonlyMap<string, object>;
  /** Whether its lines are the program's. */
  readonly isProgram: boolean;
}

/** A program as it runs: compiled to plain JavaScript, line by line. */
export interface Program {
  readonly code: string;
  /** What `require` finds in it. */
  readonly modules: Readonly<Record<string, object>>;
  /** The program's line of the call that an error was made in. */
  readonly lineOf: (error: Error) => number | undefined;
}

let program: Program | undefined;
let functions: Map<string, Source[]> | undefined;

/** Tells of the program that runs from here on. */
export function setProgram(now: Program | undefined): void {
  program = now;
  functions = undefined;
}

/** The program's line that an error comes from. */
export const lineOf = (error: Error): number | undefined => program?.lineOf(error);

/** Everywhere in the program where a function of this text stands; where it stands nowhere, the text by itself. */
export function sourcesOf(f: object): readonly Source[] {
  const text = Function.prototype.toString.call(f);
  functions ??= program ? functionsOf(program) : new Map();
  return functions.get(text) ?? alone(text);
}

const options = {
  ecmaVersion: 'latest',
  locations: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
} as const;

function functionsOf({ code, modules }: Program): Map<string, Source[]> {
  const found = new Map<string, Source[]>();
  const root = parse(code, options);
  const scopes = scopesOf(root);
  const text = { scopes, imports: importsOf(root, modules), isProgram: true };
  const visit = (node: AnyNode): void => {
    const [f, start] = functionAt(node);
    if (f) {
      const key = code.slice(start, f.end);
      found.set(key, [...(found.get(key) ?? []), { node: f, scope: scopes.get(f)!, text }]);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  return found;
}

/** The function that a node is, and where its text begins: that of a method includes its name. */
function functionAt(node: AnyNode): [FunctionNode?, number?] {
  if (isFunction(node)) return [node, node.start];
  if (node.type === 'MethodDefinition') return [node.value, node.start];
  if (node.type === 'Property' && (node.method || node.kind !== 'init') && isFunction(node.value))
    return [node.value, node.start];
  return [];
}

/** `var _wudnn = require('wudnn')`: the names are made so that the program has none of them. */
function importsOf(root: AnyNode, modules: Program['modules']): Map<string, object> {
  const imports = new Map<string, object>();
  for (const statement of childrenOf(root)) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type !== 'Identifier' || !/^_\w+$/.test(id.name) || init?.type !== 'CallExpression') continue;
      const { callee, arguments: args } = init;
      const [name] = args;
      if (callee.type !== 'Identifier' || callee.name !== 'require' || name?.type !== 'Literal') continue;
      const module = modules[String(name.value)];
      if (module) imports.set(id.name, module);
    }
  }
  return imports;
}

/** A function of another text than the program's, such as a library's: names that it has from outside stay unknown. */
function alone(text: string): readonly Source[] {
  for (const wrapped of [`(${text})`, `({${text}})`, `(class{${text}})`]) {
    try {
      const root = parse(wrapped, options);
      const scopes = scopesOf(root);
      const [node] = firstFunction(root);
      if (node) return [{ node, scope: scopes.get(node)!, text: { scopes, imports: new Map(), isProgram: false } }];
    } catch {
      // it stands in another form
    }
  }
  return [];
}

function firstFunction(node: AnyNode): [FunctionNode?, number?] {
  const found = functionAt(node);
  if (found[0]) return found;
  for (const child of childrenOf(node)) {
    const below = firstFunction(child);
    if (below[0]) return below;
  }
  return [];
}
