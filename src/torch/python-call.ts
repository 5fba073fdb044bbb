/**
 * @file Python calls: functions that a remote program has as one call, though several operations stand for them here.
 */
import type { Argument, Call } from '../graph/call.ts';
import { TensorArgument, Word } from '../graph/call.ts';
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

/** A value that Python has not. */
export const noPython = Symbol('no Python');

type Body = (...values: any[]) => unknown;

/**
 * `body` of these values, which programs in PyTorch call `name`, with `arguments_`; where Python has no value for one
 * of those, its operations are printed.
 */
export function asPythonCall(
  name: string,
  body: Body,
  values: readonly unknown[],
  arguments_: () => readonly unknown[],
): unknown {
  // A call within a call is the outer one's business.
  const call = recordingNow().call ? undefined : describeCall(name, arguments_());
  if (!call) return body(...values);
  return recordingWith({ call }, () => {
    const result = body(...values);
    describeResults(call, result);
    return result;
  });
}

/** The call, or `undefined` where Python has no value for an argument. */
export function describeCall(name: string, args: readonly unknown[]): Call | undefined {
  const described = describeAll(args);
  return described && { name, arguments: described, results: [], isTuple: false };
}

/** Arguments, or `undefined` where Python has no value for one. */
export function describeAll(args: readonly unknown[]): readonly Argument[] | undefined {
  const described = args.map(describe);
  return described.includes(noPython) ? undefined : (described as Argument[]);
}

export function describeResults(call: Call, result: unknown): void {
  const parts =
    result instanceof Tensor ? [result] : isPlain(result) ? Object.values(result) : Array.isArray(result) ? result : [];
  call.results = parts.map((part) => (part instanceof Tensor ? part.node.id : null));
  call.isTuple = !(result instanceof Tensor);
}

function describe(value: unknown): Argument | typeof noPython {
  if (value instanceof Word) return value;
  if (value instanceof Tensor) return new TensorArgument(value.node.id, false);
  if (value instanceof Long)
    return value.tensor instanceof Tensor
      ? new TensorArgument(value.tensor.node.id, dtypes[value.tensor.dtype].kind === 'int')
      : noPython;
  if (
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'string'
  )
    return value;
  if (Array.isArray(value)) return describeAll(value) ?? noPython;
  if (!isPlain(value)) return noPython;
  const entries = Object.entries(value).map(([key, entry]) => [key, describe(entry)] as const);
  return entries.some(([, entry]) => entry === noPython)
    ? noPython
    : (Object.fromEntries(entries) as Record<string, Argument>);
}
