/**
 * @file Callables with a signature: functions, several signatures of one function, and the methods that they become.
 * All are known here by their signatures, so that the tests can call everything.
 */
import { fail } from '../../base/errors.ts';
import type { Construction } from '../../graph/call.ts';
import { Word } from '../../graph/call.ts';
import { snakeCase } from '../../base/python.ts';
import { castArguments } from '../autocast.ts';
import { recordingWith } from '../../graph/recording.ts';
import { asPythonCall, describeAll } from '../python-call.ts';
import type { Match, Signature } from './match.ts';
import { match, renamed, signature } from './match.ts';
import type { Body, Fn, MethodsOf, Overloads, Param, Params, Values } from './types.ts';
import { Tensor } from '../tensor.ts';

type Function_ = (...args: any[]) => any;

/** One way to call a function: what it takes, and what then happens. */
interface Overload {
  readonly signature: Signature;
  readonly body: Function_;
  /** The remote program has the call, not what the body records. */
  readonly pythonCall: boolean | PythonValues;
}

/** The values that the remote program has in place of a call's own. */
type PythonValues = (values: any) => readonly unknown[];

const overloadsOf = new WeakMap<object, readonly Overload[]>();

/**
 * The signatures of a function of torch's, a method or a class, which has those of the class that it extends; none of
 * anything else.
 */
export function signaturesOf(f: object): readonly Signature[] {
  const ways = overloadsOf.get(f);
  if (ways) return ways.map((overload) => overload.signature);
  const above = Object.getPrototypeOf(f) as object | null;
  return above ? signaturesOf(above) : [];
}

/** Registers what takes its arguments by a signature. */
export function register(f: object, overloads: readonly Overload[]): void {
  overloadsOf.set(f, overloads);
}

/**
 * A function by PyTorch's name and PyTorch's parameters; its body gets every value in order. `pythonCall`: the body
 * records several operations, and the remote program has the call in their place; a function says with which values.
 */
export function fn<const S extends Params, B extends (...values: Values<S>) => unknown>(
  name: string,
  params: S,
  body: B,
  { pythonCall = false }: { readonly pythonCall?: boolean | ((values: Values<S>) => readonly unknown[]) } = {},
): Fn<S, B> {
  return callable([{ signature: signature(name, params), body: body as Body, pythonCall }]) as unknown as Fn<S, B>;
}

/** A function that PyTorch has with several signatures: the first that fits a call takes it. */
export function overloads<F extends object[]>(...functions: F): Overloads<F> {
  return callable(functions.flatMap((f) => overloadsOf.get(f)!)) as unknown as Overloads<F>;
}

function callable(ways: readonly Overload[]): Function_ {
  const f = (...args: unknown[]): unknown => call(ways, args, false);
  Object.defineProperty(f, 'name', { value: ways[0].signature.what });
  register(f, ways);
  return f;
}

function call(ways: readonly Overload[], args: readonly unknown[], isMethod: boolean): unknown {
  const { overload, found } = matched(ways, args, isMethod);
  const { name, params } = overload.signature;
  const asksDtype = params.some((param, i) => param.name === 'dtype' && found.values[i] !== null);
  const cast = castArguments(name, found.values, asksDtype);
  return cast
    ? recordingWith({ autocast: undefined }, () => run(overload, { ...found, values: cast }))
    : run(overload, found);
}

function run(overload: Overload, found: Match): unknown {
  const {
    signature: { name },
    body,
    pythonCall,
  } = overload;
  if (!pythonCall) return body(...found.values);
  const values = typeof pythonCall === 'function' ? pythonCall(found.values) : found.values;
  return asPythonCall(name, body, found.values, () => pythonArguments(overload.signature, { ...found, values }));
}

/** The first signature that fits; the complaint is that of the one that fits furthest. */
export function matched<O extends Pick<Overload, 'signature'>>(
  ways: readonly O[],
  args: readonly unknown[],
  isMethod: boolean,
): { overload: O; found: Match } {
  let worst = { fitting: -1, message: '' };
  for (const overload of ways) {
    const found = match(overload.signature, { args, isMethod });
    if ('values' in found) return { overload, found };
    if (found.fitting > worst.fitting) worst = found;
  }
  return fail(worst.message);
}

/**
 * What was given, as PyTorch takes it: in places and by name as in the program, without what PyTorch lacks or has as
 * its default.
 */
function pythonArguments({ params }: Signature, { values, placed, named }: Match): unknown[] {
  const python = params.map((param, i) => inPython(param, values[i]));
  const isUsual = params.map((param, i) => !param.required && same(python[i], inPython(param, param.usual)));
  let last = placed;
  while (last > 0 && isUsual[last - 1]) last--;
  const options = params.flatMap(({ name, ours }, i) =>
    named.includes(name) && !ours && !isUsual[i] ? [[snakeCase(name), python[i]] as const] : [],
  );
  return [...python.slice(0, last), ...(options.length ? [Object.fromEntries(options)] : [])];
}

const inPython = ({ kind }: Param, value: unknown): unknown =>
  value === null || value === undefined || !kind.python ? (value ?? null) : kind.python(value);

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  return a instanceof Word && b instanceof Word ? a.python === b.python : Object.is(a, b);
}

/**
 * How PyTorch constructs what a signature takes, with these values: as the program gave them, the needed ones in their
 * places. There is none where Python has no value for one.
 */
export function constructionOf(signature: Signature, { values, placed }: Match): Construction | undefined {
  const { name, params, places } = signature;
  const needed = params.findIndex(({ required }) => !required);
  const inPlaces = Math.max(placed, needed === -1 ? params.length : needed);
  const named = params.slice(inPlaces).map((param) => param.name);
  const described = describeAll(pythonArguments(signature, { values, placed: inPlaces, named }));
  return described && { name, arguments: described, places: params.slice(0, places).map((p) => snakeCase(p.name)) };
}

/**
 * A function with the signatures of another, by the name that `nameOf` gives: `body` gets the values and the other's
 * body.
 */
export function around<F extends object>(
  f: F,
  nameOf: (name: string) => string,
  body: (values: readonly any[], inner: Function_) => unknown,
): F {
  return callable(
    overloadsOf
      .get(f)!
      .map((way) => ({
        signature: { ...way.signature, ...renamed(nameOf(way.signature.name)) },
        body: (...values: unknown[]) => body(values, way.body),
        pythonCall: false,
      })),
  ) as unknown as F;
}

/** Makes functions of a tensor its methods. Their types come from the interface that each family merges in. */
export function methods<T extends Readonly<Record<string, object>>>(functions: T): void {
  for (const [name, f] of Object.entries(functions)) {
    const ways = overloadsOf.get(f) ?? fail(`${name}: a method needs a signature`);
    const value = function (this: Tensor, ...args: unknown[]): unknown {
      return call(ways, [this, ...args], true);
    };
    Object.defineProperty(value, 'name', { value: name });
    register(value, ways);
    Object.defineProperty(Tensor.prototype, name, { configurable: true, writable: true, value });
  }
}

/**
 * Gives methods of a class signatures: however a call gives its arguments, the method gets every value, in order.
 * `path` is PyTorch's.
 */
export function checked(
  path: string,
  { prototype }: { readonly prototype: object },
  methods_: Readonly<Record<string, Params>>,
): void {
  for (const [name, params] of Object.entries(methods_))
    take(prototype, name, signature(`${path}.${snakeCase(name)}`, params));
}

/** Gives one method a signature, which says by what name errors call it. */
export function take(prototype: object, name: string, taken: Signature): void {
  const body = (prototype as Record<string, Function_>)[name];
  const ways = [{ signature: taken, body, pythonCall: false }];
  const value = function (this: unknown, ...args: unknown[]): unknown {
    return body.apply(this, matched(ways, args, false).found.values as unknown[]);
  };
  Object.defineProperty(value, 'name', { value: name });
  register(value, ways);
  Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
}

/** The arguments of a call as PyTorch takes them; as they are where the function has no signature. */
export function argumentsOf(f: object, args: readonly unknown[]): readonly unknown[] {
  const ways = overloadsOf.get(f);
  if (!ways) return args;
  const { overload, found } = matched(ways, args, false);
  return pythonArguments(overload.signature, found);
}

export type { MethodsOf };
