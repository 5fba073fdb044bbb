/**
 * @file The kinds of parameters, as `p.flag('keepdim', false)`: a name, and PyTorch's default. Without a default a call
 * must give it; with `null` for a default, it takes null where PyTorch takes None.
 */
import type { DType } from '../../base/dtype.ts';
import { checkDType, dtypes } from '../../base/dtype.ts';
import { messageOf } from '../../base/errors.ts';
import { isPlain, shown } from '../../base/options.ts';
import { pythonFloat } from '../../base/python.ts';
import { Generator } from '../../base/random.ts';
import type { DeviceType } from '../device.ts';
import { Device, device as deviceOf } from '../device.ts';
import { Tensor } from '../tensor.ts';
import { Word } from '../../graph/call.ts';
import { Long } from '../python-call.ts';
import type { ItemKind, Kind, Param } from './types.ts';

/** Makes a parameter of one kind: needed without a default. */
interface Maker<T, Item = never> {
  <const N extends string>(name: N): Param<N, T, true, Item>;
  <const N extends string>(name: N, usual: null): Param<N, T | null, false, Item>;
  <const N extends string>(name: N, usual: T): Param<N, T, false, Item>;
}

const maker = <T, Item = never>(kind: Kind, item?: ItemKind): Maker<T, Item> =>
  ((name: string, ...usual: unknown[]): Param => ({
    name,
    kind,
    required: usual.length === 0,
    item,
    usual: usual[0],
    ours: false,
  })) as unknown as Maker<T, Item>;

/** A kind of a family's own. */
export const kind = <T>(
  is: string,
  give: string,
  takes: (value: unknown) => boolean,
  more: Pick<Kind, 'explain' | 'plain' | 'python' | 'repr'> = {},
): Maker<T> => maker<T>({ is, give, takes, ...more });

const isInt = (value: unknown): value is number => Number.isSafeInteger(value);
const isTensor = (value: unknown): boolean => value instanceof Tensor;
const isNumber = (value: unknown): value is number => typeof value === 'number';
const listOf = (value: unknown, takes: (item: unknown) => boolean, length?: number): boolean =>
  Array.isArray(value) && (length === undefined || value.length === length) && value.every(takes);

/** Several tensors in an array. */
export const tensors = kind<readonly Tensor[]>('an array of tensors', 'tensors in an array', (v) =>
  listOf(v, isTensor),
);
export const tensor = kind<Tensor>('a tensor', 'one, as torch.tensor(…) makes it', isTensor);
/** A tensor of places or classes, which PyTorch wants in 64 bits. */
export const indices = kind<Tensor>('a tensor', 'a tensor of whole numbers', isTensor, {
  python: (value) => new Long(value),
});
/** A tensor, or a number for all of its elements. */
export const operand = kind<Tensor | number | boolean>(
  'a tensor or a number',
  'a number, or a tensor as torch.tensor(…) makes it',
  (v) => isTensor(v) || isNumber(v) || typeof v === 'boolean',
);
/** A number of any kind, a boolean too. */
export const scalar = kind<number | boolean>('a number', 'a number', (v) => isNumber(v) || typeof v === 'boolean');

export const int = kind<number>('a whole number', 'a whole number', isInt);
export const float = kind<number>('a number', 'a number', isNumber, { repr: pythonFloat });
export const flag = kind<boolean>('a boolean', 'true or false', (v) => typeof v === 'boolean');
export const text = kind<string>('a string', 'a string', (v) => typeof v === 'string');

/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];
export const dims = kind<Dims>('a dimension or an array of them', 'whole numbers', (v) => isInt(v) || listOf(v, isInt));
/** Several whole numbers; a method that takes nothing else takes them one after another too. */
export const ints = maker<Dims, number>(
  {
    is: 'whole numbers',
    give: 'them in an array',
    takes: (v) => isInt(v) || listOf(v, isInt),
    python: (v) => (isInt(v) ? [v] : (v as unknown)),
  },
  { takes: (v) => typeof v === 'number', alone: true },
);
/** Tensors one after another, or in an array. */
export const operands = maker<readonly Tensor[], Tensor>(
  { is: 'tensors', give: 'them one after another, or in an array', takes: (v) => listOf(v, isTensor) },
  { takes: isTensor, alone: false },
);

/** Values of a family's own, one after another: an array is one of them. */
export const row = <T>(is: string, give: string, takes: (item: unknown) => boolean): Maker<readonly T[], T> =>
  maker({ is, give, takes: (v) => listOf(v, takes) }, { takes, alone: false });

/** Python's `*args`: values one after another, never in an array. */
export const rest = <T>(is: string, give: string, takes: (item: unknown) => boolean): Maker<readonly T[], T> => {
  const explain = (what: string, value: unknown): string | undefined =>
    Array.isArray(value)
      ? `${what}: ${shown(value.find((item) => !takes(item)))} is not ${is}; give ${give}`
      : undefined;
  return maker({ is, give, takes: (v) => listOf(v, takes), plain: true, explain }, { takes, alone: false, rest: true });
};

/** Numbers that are one, as that one. */
export const alike = (value: unknown): unknown =>
  Array.isArray(value) && value.every((item) => item === value[0]) ? (value[0] as unknown) : value;

/** One number for both directions of a plane, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];
export const pair = kind<Pair>(
  'a whole number or a pair of them',
  'one number, or [vertical, horizontal]',
  (v) => isInt(v) || listOf(v, isInt, 2),
  { python: alike },
);
/** A size along a line: a number, alone or as an array of one. */
export type Single = number | readonly [number];
export const single = kind<Single>('a whole number', 'one number', (v) => isInt(v) || listOf(v, isInt, 1), {
  python: alike,
});

/** What a check throws of a string; of other values nothing. */
const explained =
  (check: (what: string, value: string) => void) =>
  (what: string, value: unknown): string | undefined => {
    try {
      if (typeof value === 'string') check(what, value);
      return undefined;
    } catch (error) {
      return messageOf(error).replace(/^device: /, `${what}: `);
    }
  };

export const dtype = kind<DType>(
  'a dtype',
  "a name such as 'float32'",
  (v) => typeof v === 'string' && Object.hasOwn(dtypes, v),
  {
    python: (value) => new Word(dtypes[value as DType].python),
    explain: explained((what, value) => checkDType(what, value as DType)),
  },
);
export const device = kind<Device | DeviceType>(
  'a device',
  "'cpu' or 'webgpu'",
  (v) => v instanceof Device || v === 'cpu' || v === 'webgpu',
  {
    python: () => undefined, // the remote program runs on the remote's device
    explain: explained((_, value) => deviceOf(value as DeviceType)),
  },
);
export const generator = kind<Generator>('a generator', 'a torch.Generator', (v) => v instanceof Generator);
export const callback = kind<(...args: any[]) => any>('a function', 'a function', (v) => typeof v === 'function');
/** Whatever the body looks at itself; plain objects too. */
export const any = kind<any>('a value', 'a value', (v) => v !== undefined, { plain: true });
/** An object with names of the program's own: a state, settings of an algorithm. */
export const record = kind<Readonly<Record<string, any>>>('an object', 'an object', isPlain, { plain: true });

/** One of some strings: `p.choice(['floor', 'trunc'])('roundingMode', null)`. */
export function choice<const C extends string>(known: readonly C[]): Maker<C> {
  const names = known.map((name) => `'${name}'`);
  return kind<C>(`one of ${names.join(', ')}`, `one of them`, (v) => known.includes(v as C));
}

/**
 * A parameter of PyTorch's that nothing stands for here: it keeps its place, and any value but PyTorch's default is
 * refused with the remedy.
 */
export function refused<const N extends string, const T>(name: N, usual: T, remedy: string): Param<N, T, false, never> {
  const same = (v: unknown): boolean => Object.is(v, usual);
  return {
    name,
    kind: { is: `${String(usual)}, which is all that is here`, give: remedy, takes: same, refused: true },
    required: false,
    item: undefined,
    usual,
    ours: false,
  };
}

const takingNull = <P extends Param>(made: P): P => ({
  ...made,
  kind: { ...made.kind, takes: (v: unknown) => v === null || made.kind.takes(v) },
});

/** A parameter that may be null though a call must give it. */
export const nullable = <N extends string, T, Item>(made: Param<N, T, true, Item>): Param<N, T | null, true, Item> =>
  takingNull(made);
/** A parameter that may be null though its default is something else. */
export const optional = <N extends string, T, Item>(made: Param<N, T, false, Item>): Param<N, T | null, false, Item> =>
  takingNull(made);

/** A parameter that PyTorch lacks: by name only, so it stands behind `'*'`; the remote program goes without. */
export const ours = <N extends string, T, Item>(made: Param<N, T, false, Item>): Param<N, T, false, Item> => ({
  ...made,
  ours: true,
});
