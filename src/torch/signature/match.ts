/**
 * @file The arguments of a call, matched with a signature: every parameter's value, or what is wrong with the call.
 */
import { isPlain, shown } from '../../base/options.ts';
import { camelCase } from '../../base/python.ts';
import { nearest } from '../../base/names.ts';
import type { Param, Params } from './types.ts';

/** What a callable takes. */
export interface Signature {
  /** PyTorch's name, `torch.sum`. */
  readonly name: string;
  /** The name here, `sum`. */
  readonly what: string;
  /** All parameters, in order. */
  readonly params: readonly Param[];
  /** How many of them, from the first on, have a place. */
  readonly places: number;
}

/** A call that fits: every parameter's value, and which of them came in places and which by name. */
export interface Match {
  readonly values: readonly unknown[];
  readonly placed: number;
  readonly named: readonly string[];
}

/** A call that does not fit: how many arguments do, and what is wrong with the next. */
export interface Mismatch {
  readonly fitting: number;
  readonly message: string;
}

/** `isMethod`: the first argument is what the method was called on. */
export interface Call {
  readonly args: readonly unknown[];
  readonly isMethod: boolean;
}

export function signature(name: string, params: Params): Signature {
  const star = params.indexOf('*');
  return {
    ...renamed(name),
    params: params.filter((param) => param !== '*'),
    places: star === -1 ? params.length : star,
  };
}

/** PyTorch's name, and the name here. */
export const renamed = (name: string): Pick<Signature, 'name' | 'what'> => ({
  name,
  what: camelCase(name.slice(name.lastIndexOf('.') + 1)),
});

export function match({ what, params, places }: Signature, call: Call): Match | Mismatch {
  const { inOrder, byName } = divided({ what, params, places } as Signature, call);
  const values: unknown[] = params.map(({ usual }) => usual);
  const given = new Set<string>();
  for (const [i, value] of inOrder.entries()) {
    if (value === undefined) continue;
    if (i >= places) return { fitting: i, message: tooMany(what, params, places, call, value) };
    const wrong = complaint(what, params[i], value);
    if (wrong !== undefined) return { fitting: i, message: wrong };
    values[i] = value;
    given.add(params[i].name);
  }
  const named: string[] = [];
  const fitting =
    inOrder.length + Object.keys(byName).filter((name) => params.some((param) => param.name === name)).length;
  for (const [name, value] of Object.entries(byName)) {
    const at = params.findIndex((param) => param.name === name && !param.item?.rest);
    if (at === -1) return { fitting, message: unknownName(what, params.slice(call.isMethod ? 1 : 0), name) };
    if (value === undefined) continue;
    if (given.has(name))
      return {
        fitting,
        message: `${what}: ${name} is given twice, as ${shown(values[at])} in its place and as ${shown(value)} by name`,
      };
    const wrong = complaint(what, params[at], value);
    if (wrong !== undefined) return { fitting, message: wrong };
    values[at] = value;
    given.add(name);
    named.push(name);
  }
  const missing = params.find(({ name, required }) => required && !given.has(name));
  if (missing)
    return {
      fitting: given.size,
      message: `${what}: ${missing.name} is missing; give ${missing.kind.is}${params.indexOf(missing) < places ? '' : `, by name: { ${missing.name}: … }`}`,
    };
  return { values, placed: Math.min(places, inOrder.length), named };
}

/** Arguments in places, and the options behind them. Items of the last place's list may come one after another. */
function divided(
  { params, places }: Signature,
  { args, isMethod }: Call,
): { inOrder: readonly unknown[]; byName: Readonly<Record<string, unknown>> } {
  const last = args.at(-1);
  const before = places - 1;
  const item = params[before]?.item;
  const isOptions =
    isPlain(last) &&
    (args.length > places ? !item?.rest || !item.takes(last) : params[args.length - 1]?.kind.plain !== true);
  const given = isOptions ? args.slice(0, -1) : args;
  const inARow =
    item &&
    given.length > before &&
    (item.rest ||
      (given.slice(before).every(item.takes) &&
        (!item.alone || (before === (isMethod ? 1 : 0) && given.length > places))));
  return { inOrder: inARow ? [...given.slice(0, before), given.slice(before)] : given, byName: isOptions ? last : {} };
}

/** What is wrong with a value for a parameter; nothing where it fits. */
export function complaint(what: string, { name, kind, required, usual }: Param, value: unknown): string | undefined {
  if (kind.takes(value) || (value === null && !required && usual === null)) return undefined;
  return (
    kind.explain?.(what, value) ??
    `${what}: ${name} is ${shown(value)}, not ${kind.is}; ${kind.refused ? kind.give : `give ${kind.give}`}`
  );
}

/** An argument beyond the last place, with the call that works where it can be told. */
function tooMany(what: string, params: readonly Param[], places: number, { isMethod }: Call, value: unknown): string {
  const first = isMethod ? 1 : 0;
  const listed = params.slice(first, places).map(({ name }) => name);
  const meant = params.slice(places).find(({ kind }) => !kind.plain && kind.takes(value));
  const names = params.slice(places).map(({ name }) => name);
  const remedy = meant
    ? `${meant.name} is given by name: ${what}(${[...listed, `{ ${meant.name}: ${shown(value)} }`].join(', ')})`
    : `it takes ${listed.length ? `(${listed.join(', ')})` : 'none'}${names.length ? ` and by name ${names.join(', ')}` : ''}`;
  return `${what}: ${shown(value)} is beyond the last argument; ${remedy}`;
}

/** Names that NumPy has for PyTorch's. */
const otherNames: Readonly<Record<string, string>> = {
  axis: 'dim',
  axes: 'dims',
  keepdims: 'keepdim',
  x: 'input',
  self: 'input',
};

function unknownName(what: string, params: readonly Param[], name: string): string {
  const known = params.filter(({ item }) => !item?.rest).map((param) => param.name);
  const near = known.find((k) => k === otherNames[name]) ?? nearest(name, known);
  return `${what}: unknown option ${name}; ${known.length ? `known are ${known.join(', ')}` : 'it takes no options, its arguments come one after another'}${near ? `; did you mean ${near}?` : ''}`;
}
