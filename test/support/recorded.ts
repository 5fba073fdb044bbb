/**
 * @file What was recorded, as text: two recordings of equal texts are computed, differentiated, printed and compared
 * alike.
 */
import type { Argument, Call } from '../../src/graph/call.ts';
import { TensorArgument, Word } from '../../src/graph/call.ts';
import type { Node, Scope } from '../../src/graph/types.ts';
import { inputsFirst } from '../../src/graph/walk.ts';
import { placeOf } from '../../src/torch/memory.ts';
import type { Tensor } from '../../src/torch/tensor.ts';

/**
 * Everything that the tensors were recorded from, node by node, with numbers of its own. Leaves outside are told apart
 * by `leaves`.
 */
export function recordedText(tensors: readonly Tensor[]): string {
  const nodes = inputsFirst(tensors.map(({ node }) => node));
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const ids = new Map(nodes.map(({ id }, i) => [id, i]));
  const calls = new Numbers<Call>();
  const scopes = new Numbers<Scope>();
  const argument = (a: Argument): string => {
    if (a instanceof TensorArgument) return `#${ids.get(a.node) ?? 'elsewhere'}${a.long ? ' long' : ''}`;
    if (a instanceof Word) return a.python;
    if (Array.isArray(a)) return `[${(a as Argument[]).map(argument).join(', ')}]`;
    if (typeof a === 'object' && a !== null)
      return `{${Object.entries(a)
        .map(([name, value]) => `${name}: ${argument(value as Argument)}`)
        .join(', ')}}`;
    return JSON.stringify(a) ?? 'undefined';
  };
  const called = (call: Call | undefined): string =>
    call
      ? `${call.name}(${call.arguments.map(argument).join(', ')}) -> ${call.results.map((id) => (id === null ? 'null' : ids.get(id))).join(', ')}${call.isTuple}`
      : '';
  const scoped = (scope: Scope | undefined): string =>
    scope
      ? `${scoped(scope.parent)}/${scope.path}:${scope.type}#${scopes.of(scope)} ${JSON.stringify(scope.construction)} ${called(scope.pythonCall)}`
      : '';
  const line = (node: Node): string => {
    const place = placeOf(node);
    return [
      node.key,
      `(${node.inputs.map((input) => numbers.get(input)).join(' ')})`,
      node.device,
      node.requiresGrad ? 'grad' : '',
      node.compiled ? 'compiled' : '',
      node.visible ? 'visible' : '',
      node.isState ? 'state' : '',
      node.inputs.length > 0 ? `strides ${place.layout.strides.join(',')} of ${numbers.get(place.memory.node)}` : '',
      node.call ? `call ${calls.of(node.call)} ${called(node.call)}` : '',
      scoped(node.scope),
    ].join(' ');
  };
  return `${nodes.map(line).join('\n')}\n=> ${tensors.map(({ node }) => numbers.get(node)).join(' ')}`;
}

/** Numbers for things in the order in which they are met. */
class Numbers<T> {
  private readonly known = new Map<T, number>();

  of(thing: T): number {
    const number = this.known.get(thing) ?? this.known.size;
    this.known.set(thing, number);
    return number;
  }
}
