/**
 * @file Functions that a remote program writes as one call, though several operations stand for them here.
 */
import type { Argument, Call } from '../graph/call.ts';
import { TensorArgument } from '../graph/call.ts';
import { recordingNow, recordingWith } from '../graph/recording.ts';
import { dtypes } from '../base/dtype.ts';
import { isPlain } from '../base/options.ts';
import { Tensor } from './tensor.ts';

/** An index tensor, for an argument that PyTorch takes in 64 bits alone. Others stay as they are. */
export class Long {
  readonly tensor: unknown;

  constructor(tensor: unknown) {
    this.tensor = tensor;
  }
}

type Body = (...values: any[]) => unknown;

/** `body` of these values, which programs in PyTorch call `name`, with `arguments_`; where one of those cannot be written down, its operations are written out. */
export function writtenAs(
  name: string,
  body: Body,
  values: readonly unknown[],
  arguments_: () => readonly unknown[],
): unknown {
  const call = recordingNow().call ? undefined : describeCall(name, arguments_()); // a call within a call is the outer one's business
  if (!call) return body(...values);
  return recordingWith({ call }, () => {
    const result = body(...values);
    describeResults(call, result);
    return result;
  });
}

/** The call, or `undefined` where an argument is nothing that can be written down. */
export function describeCall(name: string, args: readonly unknown[]): Call | undefined {
  const written = args.map(describe);
  return written.includes(unwritable)
    ? undefined
    : { name, arguments: written as Argument[], results: [], isTuple: false };
}

export function describeResults(call: Call, result: unknown): void {
  const parts =
    result instanceof Tensor ? [result] : isPlain(result) ? Object.values(result) : Array.isArray(result) ? result : [];
  call.results = parts.map((part) => (part instanceof Tensor ? part.node.id : null));
  call.isTuple = !(result instanceof Tensor);
}

const unwritable = Symbol('unwritable');

function describe(value: unknown): Argument | typeof unwritable {
  if (value instanceof Tensor) return new TensorArgument(value.node.id, false);
  if (value instanceof Long)
    return value.tensor instanceof Tensor
      ? new TensorArgument(value.tensor.node.id, dtypes[value.tensor.dtype].kind === 'int')
      : unwritable;
  if (
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'string'
  )
    return value;
  if (Array.isArray(value)) {
    const items = value.map(describe);
    return items.includes(unwritable) ? unwritable : (items as Argument[]);
  }
  if (!isPlain(value)) return unwritable;
  const entries = Object.entries(value).map(([key, entry]) => [key, describe(entry)] as const);
  return entries.some(([, entry]) => entry === unwritable)
    ? unwritable
    : (Object.fromEntries(entries) as Record<string, Argument>);
}
