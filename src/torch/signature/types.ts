/**
 * @file The types that follow from a signature: what its callable takes, in places and by name, as a function and as a
 * method. The names that an editor shows are those of the body's parameters.
 */
import type { Glossary } from './glossary.ts';

/**
 * One parameter: its name, the type of its values, whether a call must give it, and of what items its list may come one
 * after another.
 */
export interface Param<Name extends string = string, T = any, Required extends boolean = boolean, Item = any> {
  readonly name: Name;
  readonly kind: Kind;
  readonly required: Required;
  /** An item of a list that may come without its brackets: `alone` where nothing else has a place. */
  readonly item: ItemKind | undefined;
  /** For types only. */
  readonly itemType?: Item;
  /** What stands for it where it is not given: PyTorch's default. */
  readonly usual: T | undefined;
  /** PyTorch has no such parameter: it is given by name, and the remote program goes without. */
  readonly ours: boolean;
}

export interface ItemKind {
  readonly takes: (value: unknown) => boolean;
  readonly alone: boolean;
  /** Python's `*args`: all arguments from here on are items, and there is neither a name nor an array for them. */
  readonly rest?: true;
}

/** What values a parameter takes. */
export interface Kind {
  /** `a boolean`, for a message: `keepdim is 3, not a boolean`. */
  readonly is: string;
  /** What to give instead: `true or false`. */
  readonly give: string;
  readonly takes: (value: unknown) => boolean;
  /** What is wrong with a value, where there is more to say than what it is not. */
  readonly explain?: (what: string, value: unknown) => string | undefined;
  /** Plain objects are values of this kind, not options. */
  readonly plain?: true;
  /**
   * What Python has for a value, where that is not the value: `undefined` leaves it out, `noPython` says that there is
   * nothing.
   */
  readonly python?: (value: any) => unknown;
  /** How PyTorch prints a layer's setting, where not as its value: `undefined` leaves it out. */
  readonly repr?: (value: any) => string | undefined;
  /** A parameter of PyTorch's that takes its default alone. */
  readonly refused?: true;
}

/** Parameters in PyTorch's order; those behind `'*'` are given by name only. */
export type Params = readonly (Param | '*')[];

/** Every parameter's value, in order. */
export type Values<S> = S extends readonly [infer First, ...infer Others]
  ? First extends Param<any, infer T>
    ? [value: T, ...Values<Others>]
    : Values<Others>
  : [];

/** The parameters that have a place. */
type PositionalParams<S> = S extends readonly [infer First, ...infer Others]
  ? First extends Param
    ? [First, ...PositionalParams<Others>]
    : []
  : [];

/** Those of them, from the first on, that a call must give. */
type RequiredParams<P> = P extends [infer First, ...infer Others]
  ? First extends Param<any, any, true>
    ? [First, ...RequiredParams<Others>]
    : []
  : [];

type Size<T> = T extends { readonly length: infer N extends number } ? N : 0;

/** The first N of a tuple, or all where there are fewer, with their labels. */
type Take<T extends readonly unknown[], N extends number, All extends readonly unknown[] = T> = T['length'] extends N
  ? T
  : T extends [...infer Most, any]
    ? Take<Most, N, All>
    : All;

/** A tuple without as many as `First` has, with their labels. */
type Behind<T extends readonly unknown[], First extends readonly unknown[]> = First extends [any, ...infer Others]
  ? T extends [any, ...infer Rest]
    ? Behind<Rest, Others>
    : []
  : T;

type Optional<T extends readonly unknown[]> = { [K in keyof T]?: T[K] };

/** All values with the labels of the body's parameters. */
type LabelledValues<S, B extends Body> = [...Parameters<B>, ...Behind<Values<S>, Parameters<B>>];

type OrUndefined<T extends readonly unknown[]> = { [K in keyof T]: T[K] | undefined };

/** The first N places: those that a call must give, and the others. */
type Needs<S, B extends Body, N extends number> = Take<
  Take<LabelledValues<S, B>, N>,
  Size<RequiredParams<PositionalParams<S>>>
>;
type Others<S, B extends Body, N extends number> = Behind<Take<LabelledValues<S, B>, N>, Needs<S, B, N>>;

/** Everything in PyTorch's places. */
export type InPlaces<S, B extends Body> = [
  ...Needs<S, B, Size<PositionalParams<S>>>,
  ...Extract<Optional<Others<S, B, Size<PositionalParams<S>>>>, readonly unknown[]>,
];

/** The parameters behind the first places, by name. */
export type NamedOptions<S> = Flat<NeededNames<S> & OptionalNames<S> & Documented<S>>;
type NeededNames<S> = { readonly [P in Extract<Members<S>, Param<any, any, true>> as P['name']]: ValueOf<P> };
type OptionalNames<S> = { readonly [P in Extract<Members<S>, Param<any, any, false>> as P['name']]?: ValueOf<P> };
/** The fields of what is made from these parameters: each by its name, with what it takes. */
export type FieldsOf<S> = Flat<{ [P in Extract<Members<S>, Param> as P['name']]: ValueOf<P> } & Documented<S>>;
/** Adds no option and no type, only the glossary: properties of one name share their comments. */
type Documented<S> = Partial<Pick<Glossary, Extract<Members<S>, Param>['name'] & keyof Glossary>>;
type Members<S> = S extends readonly unknown[] ? S[number] : never;
type ValueOf<P> = P extends Param<any, infer T> ? T : never;
type Flat<T> = { [K in keyof T]: T[K] } & {};

/** Some in their places, the others by name in one object. `Done` counts the places. */
export type ByName<S, B extends Body, Start extends readonly unknown[]> = Rows<S, B, LaterParams<S, Start>, Start>;
type Rows<S, B extends Body, Rest, Done extends readonly unknown[]> =
  | (Rest extends readonly []
      ? never
      : [
          ...Needs<S, B, Size<Done>>,
          ...Extract<OrUndefined<Others<S, B, Size<Done>>>, readonly unknown[]>,
          options: NamedOptions<Rest>,
        ])
  | (Rest extends readonly [infer First, ...infer After]
      ? First extends Param
        ? Rows<S, B, After, [...Done, unknown]>
        : never
      : never);
type LaterParams<S, Done extends readonly unknown[]> = Done extends readonly [any, ...infer Others]
  ? S extends readonly [any, ...infer Rest]
    ? LaterParams<Rest, Others>
    : S
  : S;

/** A list's items one after another: behind the other places, `Before` of which come first. Numbers stand alone. */
export type InARow<S, B extends Body, Before extends readonly unknown[]> =
  PositionalParams<S> extends [...infer Others, Param<any, any, any, infer Item>]
    ? [Item] extends [never]
      ? never
      : [number] extends [Item]
        ? Size<Others> extends Size<Before>
          ? WithOptions<Take<LabelledValues<S, B>, Size<Others>>, Item, S>
          : never
        : WithOptions<Take<LabelledValues<S, B>, Size<Others>>, Item, S>
    : never;
type WithOptions<First extends readonly unknown[], Item, S> =
  | [...First, ...items: Item[]]
  | (KeywordParams<S> extends []
      ? never
      : [...First, ...items: [Item, ...Item[]], options: NamedOptions<KeywordParams<S>>]);
type KeywordParams<S> = S extends readonly [infer First, ...infer Others]
  ? First extends '*'
    ? Others
    : KeywordParams<Others>
  : [];

/** A function's body: it gets every value, in order. */
export type Body = (...values: any[]) => unknown;

declare const parts: unique symbol;

/** What a callable takes in its three ways, and what it gives; for types only. */
interface Parts {
  readonly places: readonly unknown[];
  readonly names: readonly unknown[];
  readonly row: readonly unknown[];
  readonly out: unknown;
}

type AnyFn = { readonly [parts]: Parts };

/** At least the first stands in its place, where any has one. */
type Start<S> = PositionalParams<S> extends [] ? [] : [unknown];

/** A function of PyTorch's: its arguments in PyTorch's places, by name, or first so and then so. */
export interface Fn<S, B extends Body> {
  (...args: InPlaces<S, B>): ReturnType<B>;
  (...args: ByName<S, B, Start<S>>): ReturnType<B>;
  (...args: InARow<S, B, []>): ReturnType<B>;
  readonly [parts]: {
    readonly places: InPlaces<S, B>;
    readonly names: ByName<S, B, Start<S>>;
    readonly row: InARow<S, B, [unknown]>;
    readonly out: ReturnType<B>;
  };
}

/** Functions with several signatures. (An intersection would lose those that begin with the same type.) */
interface Two<A extends AnyFn, B extends AnyFn> {
  (...args: A[typeof parts]['places']): A[typeof parts]['out'];
  (...args: B[typeof parts]['places']): B[typeof parts]['out'];
  (...args: A[typeof parts]['names']): A[typeof parts]['out'];
  (...args: B[typeof parts]['names']): B[typeof parts]['out'];
}
interface Three<A extends AnyFn, B extends AnyFn, C extends AnyFn> extends Two<A, B> {
  (...args: C[typeof parts]['places']): C[typeof parts]['out'];
  (...args: C[typeof parts]['names']): C[typeof parts]['out'];
}
interface Four<A extends AnyFn, B extends AnyFn, C extends AnyFn, D extends AnyFn> extends Three<A, B, C> {
  (...args: D[typeof parts]['places']): D[typeof parts]['out'];
  (...args: D[typeof parts]['names']): D[typeof parts]['out'];
}
type Several<F> = F extends [infer A extends AnyFn, infer B extends AnyFn]
  ? Two<A, B>
  : F extends [infer A extends AnyFn, infer B extends AnyFn, infer C extends AnyFn]
    ? Three<A, B, C>
    : F extends [infer A extends AnyFn, infer B extends AnyFn, infer C extends AnyFn, infer D extends AnyFn]
      ? Four<A, B, C, D>
      : never;

declare const ways: unique symbol;
interface Twofold<A extends AnyFn, B extends AnyFn> extends Two<A, B> {
  readonly [ways]: [A, B];
}
interface Threefold<A extends AnyFn, B extends AnyFn, C extends AnyFn> extends Three<A, B, C> {
  readonly [ways]: [A, B, C];
}
interface Fourfold<A extends AnyFn, B extends AnyFn, C extends AnyFn, D extends AnyFn> extends Four<A, B, C, D> {
  readonly [ways]: [A, B, C, D];
}

/** A function of several signatures, which it keeps for the method that it becomes. */
export type Overloads<F> = F extends [infer A extends AnyFn, infer B extends AnyFn]
  ? Twofold<A, B>
  : F extends [infer A extends AnyFn, infer B extends AnyFn, infer C extends AnyFn]
    ? Threefold<A, B, C>
    : F extends [infer A extends AnyFn, infer B extends AnyFn, infer C extends AnyFn, infer D extends AnyFn]
      ? Fourfold<A, B, C, D>
      : never;

interface Method<P extends Parts> {
  (...args: WithoutSelf<P['places']>): P['out'];
  (...args: WithoutSelf<P['names']>): P['out'];
  (...args: WithoutSelf<P['row']>): P['out'];
}

/** A function whose first argument is what its method is called on. */
interface BoundFn<P extends Parts> {
  readonly [parts]: {
    readonly places: WithoutSelf<P['places']>;
    readonly names: WithoutSelf<P['names']>;
    readonly row: never;
    readonly out: P['out'];
  };
}

type WithoutSelf<T> = T extends readonly [any, ...infer Rest] ? Rest : never;

/** The methods that functions of a tensor become: the first parameter is `this`. */
export type MethodsOf<T> = {
  [K in keyof T]: T[K] extends { readonly [parts]: infer P extends Parts }
    ? Method<P>
    : T[K] extends { readonly [ways]: infer F }
      ? Several<{ [I in keyof F]: F[I] extends { readonly [parts]: infer P extends Parts } ? BoundFn<P> : never }>
      : never;
};
