/**
 * @file What compiled code may use without being read itself: functions and modules of wuDNN's own. Whatever among them
 * reads a value, draws a number or changes a tensor says so while a call is captured (graph/capture.ts); the rest of
 * them depends on its arguments alone.
 */
import * as creation from '../creation.ts';
import * as creationLike from '../creation-like.ts';
import * as functional from '../functional.ts';
import { Module } from '../nn/module.ts';
import * as operations from '../operations.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';

const functions = new WeakSet<object>([Tensor, Size]);

/** Makes functions of a namespace known. */
export function knowFunctions(...namespaces: readonly object[]): void {
  for (const f of namespaces.flatMap((space): unknown[] => Object.values(space)))
    if (typeof f === 'function') functions.add(f);
}

knowFunctions(creation, creationLike, functional, operations);

export const isKnownFunction = (value: unknown): boolean => typeof value === 'function' && functions.has(value);

/** What JavaScript has everywhere, and what always gives the same for the same. */
export const pureGlobals: ReadonlySet<string> = new Set(
  'undefined NaN Infinity Math Number String Boolean Array Object isFinite isNaN parseInt parseFloat Error TypeError RangeError'.split(
    ' ',
  ),
);

/** Classes of JavaScript's own of which compiled code may make objects. */
export const pureClasses: ReadonlySet<string> = new Set(['Array', 'Error', 'TypeError', 'RangeError']);

/**
 * Methods that change a list that they are called on; a call may change a list that it has made itself. (Names that
 * tensors have too, as
 * `sort`, are none of them: what such a call has changed is seen when it is captured.)
 */
export const changingMethods: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice']);

/**
 * Names by which a function's origin, another `this` or the inside of a tensor could be reached, and those that change
 * an object.
 */
const neverNames: ReadonlySet<string> = new Set(
  'node place gradient constructor prototype __proto__ call apply bind caller arguments random assign defineProperty defineProperties setPrototypeOf __defineGetter__ __defineSetter__'.split(
    ' ',
  ),
);

/** What a program may ask of a module in its `forward`, besides calling it and reading its fields. */
const modulesMay: ReadonlySet<string> = new Set(['forward', 'to', 'requiresGrad_', 'toString', 'training']);

/** Whether a name as a member can do what calls must do anew; on tensors that shows when the call is captured. */
export const isNever = (name: string): boolean =>
  neverNames.has(name) || (name in Module.prototype && !(name in Tensor.prototype) && !modulesMay.has(name));

const tensorMembers = new Map(Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)));

/** Whether the program has replaced a method of tensors. */
export function isReplaced(name: string): boolean {
  const now = Object.getOwnPropertyDescriptor(Tensor.prototype, name);
  const before = tensorMembers.get(name);
  return now?.value !== before?.value || now?.get !== before?.get;
}
