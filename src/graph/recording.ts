/**
 * @file The switches in force while nodes are recorded, and how they follow a program through its awaits.
 *
 * Where JavaScript can tell which flow of control runs (Node's AsyncLocalStorage), each body of a scope such as
 * `noGrad` has switches of its own, however its awaits are interleaved with others. A browser cannot tell: there one
 * scope at a time may await.
 */
import { fail } from '../base/errors.ts';
import type { Call } from './call.ts';
import type { DType } from '../base/dtype.ts';
import type { CompileMode, DeviceType, NamedAlgorithms, Part, Scope } from './types.ts';

/** Operands of functions on the device are cast (torch/autocast.ts). */
export interface Autocast {
  readonly device: DeviceType;
  /** The lower precision. */
  readonly dtype: DType;
}

/** What new nodes take from their surroundings. */
export interface Recording {
  gradMode: boolean;
  scope: Scope | undefined;
  part: Part | undefined;
  call: Call | undefined;
  compiled: CompileMode;
  /** Of which gradient's formula new nodes are part. */
  formula: number | undefined;
  algorithms: NamedAlgorithms;
  /** The algorithm of attention, where one is named. */
  attention: string | undefined;
  autocast: Autocast | undefined;
}

/** Carries a value through everything that a body starts, as AsyncLocalStorage does. */
export interface Flow {
  getStore(): Recording | undefined;
  run<T>(store: Recording, body: () => T): T;
}

const initial = (): Recording => ({
  gradMode: true,
  scope: undefined,
  part: undefined,
  call: undefined,
  compiled: false,
  formula: undefined,
  algorithms: {},
  attention: undefined,
  autocast: undefined,
});

/** The switches of whatever runs in no scope's flow. */
let common = initial();

let flow: Flow | undefined = ownFlow();

/** Node's; a browser has none. */
function ownFlow(): Flow | undefined {
  const builtin = (
    globalThis as { process?: { getBuiltinModule?: (name: string) => { AsyncLocalStorage: new () => Flow } } }
  ).process?.getBuiltinModule;
  return builtin && new (builtin('node:async_hooks').AsyncLocalStorage)();
}

/** Has flows told apart by `given`, or with `undefined` by nobody, as in a browser; returns what did so before. */
export function followFlow(given: Flow | undefined): Flow | undefined {
  const before = flow;
  flow = given;
  return before;
}

/** The switches in force now. Read them at once: after an await they may be others. */
export const recordingNow = (): Recording => flow?.getStore() ?? common;

/** Runs `body`, which must not await, under changed switches, and puts them back however it ends. */
export function recordingWith<T>(changes: Partial<Recording>, body: () => T): T {
  const switches = recordingNow();
  const before = replaced(switches, changes);
  try {
    return body();
  } finally {
    Object.assign(switches, before);
  }
}

/** Of scopes that await in a browser, those that are open; all have the same changes. */
let open: { readonly changes: Partial<Recording>; readonly before: Partial<Recording>; count: number } | undefined;

/**
 * The same for a body that may await: the switches hold until its promise settles, for what the body does and nothing
 * else. Throws in a browser where another body with other switches has not settled. `what` names the scope in errors.
 */
export function recordingThrough<T>(what: string, changes: Partial<Recording>, body: () => T): T {
  if (flow) return flow.run({ ...recordingNow(), ...changes }, body);
  const result = recordingWith(changes, body);
  return result instanceof Promise ? (untilSettled(what, changes, result) as T) : result;
}

function untilSettled(what: string, changes: Partial<Recording>, result: Promise<unknown>): Promise<unknown> {
  if (open && !sameChanges(open.changes, changes)) {
    result.catch(() => {}); // this error comes first
    fail(
      `${what}: the callback of another scope still awaits, and a browser cannot tell which of the two runs; await that one first, or read the values outside`,
    );
  }
  const mine = (open ??= { changes, before: replaced(common, changes), count: 0 });
  mine.count++;
  return result.finally(() => {
    if (--mine.count > 0 || open !== mine) return;
    Object.assign(common, mine.before);
    open = undefined;
  });
}

/** Back to how a program finds them; scopes that the last one left open change nothing any more. */
export function resetRecording(): void {
  common = initial();
  open = undefined;
}

/** Makes the changes; the values that were there. */
function replaced(switches: Recording, changes: Partial<Recording>): Partial<Recording> {
  const before: Partial<Recording> = {};
  for (const key in changes) exchange(switches, changes, before, key as keyof Recording);
  return before;
}

function exchange<K extends keyof Recording>(
  switches: Recording,
  changes: Partial<Recording>,
  before: Partial<Recording>,
  key: K,
): void {
  before[key] = switches[key];
  switches[key] = changes[key] as Recording[K];
}

const sameChanges = (a: Partial<Recording>, b: Partial<Recording>): boolean => JSON.stringify(a) === JSON.stringify(b);
