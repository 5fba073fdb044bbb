/**
 * @file Layers with a signature: what PyTorch's constructor takes, the fields that it makes, and what a call takes.
 *
 *     export class Linear extends layer(
 *       Module<[Tensor], Tensor>,
 *       'nn.Linear',
 *       [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), …],
 *       (inFeatures, outFeatures, bias) => ({ inFeatures, outFeatures, weight: new Parameter(…), bias: … }),
 *     ) {
 *       override forward(x: Tensor): Tensor { … }
 *     }
 *
 * A call takes one tensor unless the signature's end says otherwise, and `forward` gets every value. What several
 * layers share stands in the class that comes first, which declares the fields that it reads: `Layer` prints the
 * settings, as most of PyTorch's layers do. The remote program constructs a layer as the program did; a class that a
 * program derives from it is the program's own.
 */
import type { PythonValue } from '../../base/python.ts';
import { repr, snakeCase } from '../../base/python.ts';
import { constructionOf, matched, register, signaturesOf, take } from '../signature/call.ts';
import type { Match, Signature } from '../signature/match.ts';
import { signature } from '../signature/match.ts';
import type { ConstructorOf } from '../signature/constructors.ts';
import type { Body, Param, Params, Values } from '../signature/types.ts';
import type { Construction } from '../../graph/call.ts';
import { Word } from '../../graph/call.ts';
import { p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { Module } from './module.ts';
import { knowModules } from './library-modules.ts';
import { constructedBy } from './scope.ts';

/** Where and in what dtype PyTorch makes a layer's parameters. */
export const placement = [
  p.refused('device', null, 'move the layer by .to(device)'),
  p.refused('dtype', null, 'convert the layer by .to(dtype)'),
] as const;

/**
 * PyTorch's switch to compute in the input's memory. What the remote program has is recorded as values, and does
 * without.
 */
export const inplace = p.kind<boolean>('a boolean', 'true or false', (v) => typeof v === 'boolean', {
  python: () => false,
  repr: (isOn) => (isOn ? 'True' : undefined),
})('inplace', false);

/** A layer of one tensor that prints its settings. */
export class Layer extends Module<[Tensor], Tensor> {
  override extraRepr(): string {
    return settings(this);
  }
}

/** How PyTorch prints settings. */
interface SettingsStyle {
  /** The first so many are printed by their values alone. */
  readonly unnamed?: number;
  readonly without?: readonly string[];
  /** Printed only where they differ from their defaults. */
  readonly changed?: (name: string) => boolean;
  /** Where not in the constructor's order; those that it leaves out are not printed. */
  readonly order?: readonly string[];
  /** What is printed for a value. */
  readonly shown?: (name: string, value: unknown) => unknown;
}

/** What a layer was constructed with, as its fields say it now: `in_features=2, out_features=3, bias=True`. */
export function settings(
  layer: object,
  { unnamed = 0, without = [], changed = () => false, order, shown = (_, value) => value }: SettingsStyle = {},
): string {
  const [{ params }] = signaturesOf(layer.constructor);
  const listed = order ? order.flatMap((name) => params.find((param) => param.name === name) ?? []) : params;
  return listed
    .flatMap(({ name, kind, required, usual, ours }, i) => {
      if (!(name in layer) || ours || without.includes(name)) return [];
      const field = (layer as Readonly<Record<string, unknown>>)[name];
      const value = shown(name, typeof usual === 'boolean' && typeof field !== 'boolean' ? field !== null : field);
      // A number that has a default is a float in PyTorch's signature; another prints as it was given.
      const textOf = (v: unknown): string | undefined =>
        kind.repr && !required && v !== null ? kind.repr(v) : repr(v as PythonValue);
      const text = textOf(value);
      if (text === undefined || (changed(name) && !required && text === textOf(shown(name, usual)))) return [];
      return [i < unnamed ? text : `${snakeCase(name)}=${text}`];
    })
    .join(', ');
}

type Way = { readonly signature: Signature; readonly body: Body; readonly pythonCall: false };

/** What constructs a layer, and what a call of it takes; by the class that knows. */
const makers = new WeakMap<object, { readonly way: Way; readonly call: Signature }>();

/** What a layer was constructed with, and its fields as they were then. */
interface ConstructorCall {
  readonly args: readonly unknown[];
  readonly found: Match;
  readonly fields: Readonly<Record<string, unknown>>;
}

const given = new WeakMap<object, ConstructorCall>();

/** A tensor that is part of a layer's state but not learnt. */
class Buffer {
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }
}

/** Among the fields, a tensor that is registered as a buffer. */
export const buffer = (tensor: Tensor): Tensor => new Buffer(tensor) as unknown as Tensor;

/**
 * A class by PyTorch's name and the parameters of its constructor; `fields` gets every value in order. `call`: what
 * `forward` takes.
 */
export function layer<T extends Module, const S extends Params, B extends (...values: Values<S>) => object>(
  base: new () => T,
  name: string,
  params: S,
  fields: B,
  call: Params = [p.tensor('input')],
): ConstructorOf<T & ReturnType<B>, S, B> {
  const way: Way = { signature: signature(name, params), body: fields as Body, pythonCall: false };
  class LayerClass extends (base as unknown as new () => Module) {
    constructor(...args: unknown[]) {
      super();
      const { found } = matched([way], args, false);
      const made = (fields as Body)(...found.values) as Record<string, unknown>;
      for (const [field, value] of Object.entries(made)) {
        if (value instanceof Buffer) this.registerBuffer(field, (made[field] = value.tensor));
        else (this as Record<string, unknown>)[field] = value;
      }
      given.set(this, { args, found, fields: made });
    }
  }
  register(LayerClass, [way]);
  makers.set(LayerClass, { way, call: { ...signature(`${name}.forward`, call), what: way.signature.what } });
  return LayerClass as unknown as ConstructorOf<T & ReturnType<B>, S, B>;
}

/** Another layer of the same arguments. */
export const again = <M extends Module>(layer: M): M =>
  new (layer.constructor as new (...args: readonly unknown[]) => M)(...given.get(layer)!.args);

/**
 * Makes these classes PyTorch's layers: the remote program constructs and calls them by name. Said once, before any
 * program runs.
 */
export function registerLayers(classes: Readonly<Record<string, unknown>>): void {
  for (const made of Object.values(classes)) {
    if (typeof made !== 'function' || !(made.prototype instanceof Module)) continue;
    let maker: object = made;
    while (maker !== Module && !makers.has(maker)) maker = Object.getPrototypeOf(maker) as object;
    const known = makers.get(maker);
    if (!known) continue;
    take(made.prototype, 'forward', known.call);
    constructedBy(made.prototype, (module) => construction(known.way, module));
  }
  knowModules(classes);
}

/** How PyTorch constructs a layer, as the program has set its fields since. */
function construction({ signature }: Way, module: Module): Construction | undefined {
  const self = module as unknown as Readonly<Record<string, unknown>>;
  const { found, fields } = given.get(self)!;
  const values = signature.params.map((param, i) => {
    const value = current(param, self[param.name], fields[param.name], found.values[i]);
    return value instanceof Tensor ? new Word(`torch.empty(${value.node.shape.join(', ')})`) : value;
  });
  return constructionOf(signature, { ...found, values });
}

/**
 * A field that the program has changed says more than the argument; one that holds a parameter says whether there is
 * one.
 */
function current({ kind }: Param, now: unknown, before: unknown, given: unknown): unknown {
  if (now === before) return given;
  if (kind.takes(now)) return now;
  return typeof given === 'boolean' ? now !== null : given;
}
