/**
 * @file The scopes of a program's text: which declaration a name means, and whether anything assigns to it later.
 */
import type { AnyNode, AssignmentExpression, Identifier, Pattern } from 'acorn';

export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** What declares a name. */
export interface Binding {
  readonly kind: 'const' | 'let' | 'var' | 'function' | 'class' | 'parameter';
  /** The declaration: of a `const`, its declarator. */
  readonly node: AnyNode;
  /** The scope that holds it. */
  readonly scope: Scope;
  /** Something assigns to it after its declaration. */
  assigned: boolean;
}

export class Scope {
  readonly parent: Scope | undefined;
  /** The function whose parameters and `var`s it holds; a block's has none. */
  readonly owner: FunctionNode | undefined;
  readonly names = new Map<string, Binding>();

  constructor(parent?: Scope, owner?: FunctionNode) {
    this.parent = parent;
    this.owner = owner;
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }

  /** Whether it is the other or lies within it. */
  isWithin(other: Scope): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }
}

/** A parsed text: the scope that each node opens. */
export type Scopes = ReadonlyMap<AnyNode, Scope>;

/** The scopes of everything below `root`, whose own scope they hold, too. */
export function scopesOf(root: AnyNode): Scopes {
  const scopes = new Map<AnyNode, Scope>();
  open(root, new Scope(), scopes);
  const assignments = (node: AnyNode, outer: Scope): void => {
    const scope = scopes.get(node) ?? outer;
    for (const name of assignedBy(node)) {
      const binding = scope.find(name.name);
      if (binding) binding.assigned = true;
    }
    for (const child of childrenOf(node)) assignments(child, scope);
  };
  assignments(root, scopes.get(root) ?? new Scope());
  return scopes;
}

export const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

const opensBlock = new Set(['BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement']);

/** Declares what `node` and everything below it declares. */
function open(node: AnyNode, outer: Scope, scopes: Map<AnyNode, Scope>): void {
  let scope = outer;
  if (node.type === 'Program' || opensBlock.has(node.type) || node.type === 'CatchClause') scope = new Scope(outer);
  if (isFunction(node)) {
    if (node.type === 'FunctionDeclaration' && node.id) declare(outer, 'function', node.id, node);
    scope = new Scope(outer, node);
    if (node.type === 'FunctionExpression' && node.id) declare(scope, 'function', node.id, node);
    for (const parameter of node.params) for (const name of namesIn(parameter)) declare(scope, 'parameter', name, node);
  }
  if (scope !== outer) scopes.set(node, scope);
  if (node.type === 'ClassDeclaration' && node.id) declare(outer, 'class', node.id, node);
  if (node.type === 'CatchClause' && node.param)
    for (const name of namesIn(node.param)) declare(scope, 'let', name, node);
  if (node.type === 'VariableDeclaration' && (node.kind === 'var' || node.kind === 'let' || node.kind === 'const')) {
    let holder = scope;
    while (node.kind === 'var' && !holder.owner && holder.parent) holder = holder.parent;
    for (const declarator of node.declarations)
      for (const name of namesIn(declarator.id)) declare(holder, node.kind, name, declarator);
  }
  for (const child of childrenOf(node)) open(child, scope, scopes);
}

function declare(scope: Scope, kind: Binding['kind'], { name }: Identifier, node: AnyNode): void {
  const known = scope.names.get(name);
  if (known) known.assigned = true; // declared twice: which one holds depends on the way through the program
  else scope.names.set(name, { kind, node, scope, assigned: false });
}

/** The names that a pattern declares or assigns to. */
export function namesIn(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) => namesIn(p.type === 'RestElement' ? p.argument : p.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/** The names to which a node assigns; declarations with a value are none. */
export function assignedBy(node: AnyNode): Identifier[] {
  if (node.type === 'AssignmentExpression') return [...namesIn(node.left), ...exportedBy(node)];
  if (node.type === 'UpdateExpression') return node.argument.type === 'Identifier' ? [node.argument] : [];
  if ((node.type === 'ForInStatement' || node.type === 'ForOfStatement') && node.left.type !== 'VariableDeclaration')
    return namesIn(node.left);
  return [];
}

/** `exports.k = 2` is how the compiler writes `k = 2` of an exported name; `exports.k = k` exports it. */
function exportedBy({ left, right }: AssignmentExpression): Identifier[] {
  if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return [];
  const isExport = left.object.type === 'Identifier' && left.object.name === 'exports';
  const isItself = right.type === 'Identifier' && right.name === left.property.name;
  return isExport && !isItself ? [left.property] : [];
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** The nodes directly below one, in the order of the text. */
export const childrenOf = (node: AnyNode): AnyNode[] =>
  Object.values(node as unknown as Record<string, unknown>).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
