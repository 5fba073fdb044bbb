/**
 * @file Prints calls: arguments in order, options as keyword arguments, numbers and shapes as Python has them.
 */
import { pythonLiteral, pythonTuple } from '../base/python.ts';
import type { Argument, Invocation } from '../graph/call.ts';
import { TensorArgument, Word } from '../graph/call.ts';

/** The tensors among the arguments, in the order in which they are written. */
export function tensorArguments(args: readonly Argument[]): TensorArgument[] {
  return args.flatMap((argument) => {
    if (argument instanceof TensorArgument) return [argument];
    return typeof argument === 'object' && argument !== null
      ? tensorArguments(Object.values(argument) as Argument[])
      : [];
  });
}

/** `F.layer_norm(x, (8,), self.weight)`; `names` are those of the call's tensors, in order. */
export function printCall({ name, arguments: args }: Invocation, names: readonly string[]): string {
  const written = printArguments(args, names);
  if (!name.startsWith('.')) return `${name}(${written.join(', ')})`;
  return `${written[0]}${name}(${written.slice(1).join(', ')})`;
}

/** What stands between the parentheses. */
export function printArguments(args: readonly Argument[], names: readonly string[]): string[] {
  const rest = [...names];
  const last = args.findLastIndex((argument) => argument !== undefined);
  return args
    .slice(0, last + 1)
    .flatMap((argument) => (isOptions(argument) ? keywords(argument, rest) : [printValue(argument, rest)]));
}

const isOptions = (argument: Argument): argument is { readonly [name: string]: Argument } =>
  typeof argument === 'object' &&
  argument !== null &&
  !Array.isArray(argument) &&
  !(argument instanceof TensorArgument) &&
  !(argument instanceof Word);

function keywords(options: { readonly [name: string]: Argument }, names: string[]): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${printValue(value, names)}`],
  );
}

/** Takes the names of the tensors that it writes from the front of `names`. */
function printValue(value: Argument, names: string[]): string {
  if (value instanceof TensorArgument) return `${names.shift()!}${value.long ? '.long()' : ''}`;
  if (value instanceof Word) return value.python;
  if (typeof value !== 'object' || value === null) return pythonLiteral(value ?? null);
  const items = (value as readonly Argument[]).map((item) => printValue(item, names));
  return tensorArguments([value]).length > 0 ? `[${items.join(', ')}]` : pythonTuple(items);
}
