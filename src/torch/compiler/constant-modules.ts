/**
 * @file Which constants of a program are modules, read from the text: `const model = new Net().to('webgpu')`. What a
 * function's text says of its surroundings is all that JavaScript tells; the module itself is met when a call of it is
 * captured.
 */
import type { AnyNode, Class } from 'acorn';
import { isKnownClass } from '../nn/library-modules.ts';
import type { Binding, Scope } from './scopes.ts';
import { childrenOf } from './scopes.ts';

/** What gives the module that it is called on, unless a class of the program says otherwise. */
const chained: ReadonlySet<string> = new Set(['to', 'eval', 'train', 'requiresGrad_']);

interface Surroundings {
  /** Of the expression. */
  readonly scope: Scope;
  /** What an expression is in every run, where that is known. */
  readonly constant: (node: AnyNode) => { readonly value: unknown } | undefined;
}

/** Whether a name is a module in every call, and the same one. */
export function isConstantModule(binding: Binding, at: Surroundings): boolean {
  const { kind, node, assigned, scope } = binding;
  if (kind !== 'const' || assigned || node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return false;
  return node.init ? isModule(node.init, { ...at, scope }, new Set()) : false;
}

/** `methods` were called on it, which the class must have from wuDNN's. */
function isModule(made: AnyNode, at: Surroundings, methods: ReadonlySet<string>): boolean {
  if (made.type === 'NewExpression') return isModuleClass(made.callee, at, methods);
  if (made.type !== 'CallExpression' || made.callee.type !== 'MemberExpression' || made.callee.computed) return false;
  const { object, property } = made.callee;
  if (property.type !== 'Identifier' || !chained.has(property.name)) return false;
  return isModule(object, at, new Set([...methods, property.name]));
}

function isModuleClass(named: AnyNode, at: Surroundings, methods: ReadonlySet<string>): boolean {
  const known = at.constant(named);
  if (known) return isKnownClass(known.value);
  const binding = named.type === 'Identifier' ? at.scope.find(named.name) : undefined;
  if (binding?.kind !== 'class' || binding.assigned) return false;
  const { superClass, body } = binding.node as Class;
  for (const member of body.body) {
    if (member.type === 'StaticBlock') continue;
    if (member.computed || (member.key.type === 'Identifier' && methods.has(member.key.name))) return false;
    if (member.type === 'MethodDefinition' && member.kind === 'constructor' && mayReturn(member.value)) return false;
  }
  return superClass ? isModuleClass(superClass, { ...at, scope: binding.scope }, methods) : false;
}

/** A constructor that returns something makes that instead. */
const mayReturn = (node: AnyNode): boolean => node.type === 'ReturnStatement' || childrenOf(node).some(mayReturn);
