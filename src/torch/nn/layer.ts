/**
 * @file Layers with a signature: what PyTorch's constructor takes, the fields that it makes, and what a call takes.
 *
 *     export class Linear extends layer(Layer<[Tensor], Tensor>, 'nn.Linear', [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), …],
 *       (inFeatures, outFeatures, bias) => ({ inFeatures, outFeatures, weight: new Parameter(…), bias: bias ? new Parameter(…) : null })) {
 *       override forward(x: Tensor): Tensor { … }
 *     }
 *
 * A call takes one tensor unless the signature's end says otherwise, and `forward` gets every value. What several layers share
 * (`extraRepr`, `forward`) stands in the class that comes first, which declares the fields that it reads. The remote program constructs a
 * layer as the program did; a class that a program derives from it is the program's own.
 */
import { matched, register, take } from '../signature/call.ts';
import type { Match, Signature } from '../signature/match.ts';
import { signature, snakeCase } from '../signature/match.ts';
import type { Constructed } from '../signature/constructed.ts';
import type { Body, Param, Params, Values } from '../signature/types.ts';
import { Word } from '../../graph/call.ts';
import { p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import type { PythonValue } from './arguments.ts';
import { Layer, float, python } from './arguments.ts';
import { Module } from './module.ts';
import { constructedBy } from './scope.ts';

/** Where and in what dtype PyTorch makes a layer's parameters. */
export const placed = [
  p.refused('device', null, 'move the layer by .to(device)'),
  p.refused('dtype', null, 'convert the layer by .to(dtype)'),
] as const;

/** PyTorch's switch to compute in the input's memory. What the remote program has is recorded as values, and does without. */
export const inplace = p.kind<boolean>('a boolean', 'true or false', (v) => typeof v === 'boolean', {
  written: () => false,
})('inplace', false);

/** A layer that has the switch. */
export class Switched extends Layer<[Tensor], Tensor> {
  declare readonly inplace: boolean;

  /** What stands between the parentheses: the switch is told where it is on. */
  protected printed(...settings: readonly string[]): string {
    return [...settings, ...(this.inplace ? ['inplace=True'] : [])].join(', ');
  }
}

type Way = { readonly signature: Signature; readonly body: Body; readonly written: false };

/** What constructs a layer, and what a call of it takes; by the class that knows. */
const makers = new WeakMap<object, { readonly way: Way; readonly call: Signature }>();

/** What a layer was constructed with, and its fields as they were then. */
interface Construction {
  readonly found: Match;
  readonly fields: Readonly<Record<string, unknown>>;
}

const constructions = new WeakMap<object, Construction>();

/** A tensor that is part of a layer's state but not learnt. */
class Buffer {
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }
}

/** Among the fields, a tensor that is registered as a buffer. */
export const buffer = (tensor: Tensor): Tensor => new Buffer(tensor) as unknown as Tensor;

/** A class by PyTorch's name and the parameters of its constructor; `fields` gets every value in order. `call`: what `forward` takes. */
export function layer<T extends Module, const S extends Params, B extends (...values: Values<S>) => object>(
  base: new () => T,
  name: string,
  params: S,
  fields: B,
  call: Params = [p.tensor('input')],
): Constructed<T & ReturnType<B>, S, B> {
  const way: Way = { signature: signature(name, params), body: fields as Body, written: false };
  class Made extends (base as unknown as new () => Module) {
    constructor(...args: unknown[]) {
      super();
      const { found } = matched([way], args, false);
      const made = (fields as Body)(...found.values) as Record<string, unknown>;
      for (const [field, value] of Object.entries(made)) {
        if (value instanceof Buffer) this.registerBuffer(field, (made[field] = value.tensor));
        else (this as Record<string, unknown>)[field] = value;
      }
      constructions.set(this, { found, fields: made });
    }
  }
  register(Made, [way]);
  makers.set(Made, { way, call: { ...signature(`${name}.forward`, call), what: way.signature.what } });
  return Made as unknown as Constructed<T & ReturnType<B>, S, B>;
}

/** Another layer of the same arguments. */
export function again<M extends Module>(layer: M): M {
  const {
    found: { values },
  } = constructions.get(layer)!;
  return new (layer.constructor as new (...values: readonly unknown[]) => M)(...values);
}

/** Makes these classes PyTorch's layers: the remote program constructs and calls them by name. Said once, before any program runs. */
export function registerLayers(classes: Readonly<Record<string, unknown>>): void {
  for (const made of Object.values(classes)) {
    if (typeof made !== 'function' || !(made.prototype instanceof Module)) continue;
    let maker: object = made;
    while (maker !== Module && !makers.has(maker)) maker = Object.getPrototypeOf(maker) as object;
    const known = makers.get(maker);
    if (!known) continue;
    take(made.prototype, 'forward', known.call);
    constructedBy(made.prototype, (module) => construction(known.way.signature, module));
  }
}

/**
 * The call that constructs a layer, as the program has set its fields since: the needed arguments in their places and by name those that
 * differ from PyTorch's defaults. There is none where PyTorch does not take an argument.
 */
function construction({ name, params }: Signature, module: Module): string | undefined {
  const self = module as unknown as Readonly<Record<string, unknown>>;
  const {
    found: { values },
    fields,
  } = constructions.get(self)!;
  const given: string[] = [];
  for (const [i, param] of params.entries()) {
    if (param.ours || param.kind.refused) continue;
    const text = printed(param, current(param, self[param.name], fields[param.name], values[i]));
    if (text === undefined) return undefined;
    if (param.required) given.push(text);
    else if (text !== printed(param, param.usual)) given.push(`${snakeCase(param.name)}=${text}`);
  }
  return `${name}(${given.join(', ')})`;
}

/** A field that the program has changed says more than the argument; one that holds a parameter says whether there is one. */
function current({ kind }: Param, now: unknown, before: unknown, given: unknown): unknown {
  if (now === before) return given;
  if (kind.takes(now)) return now;
  return typeof given === 'boolean' ? now !== null : given;
}

function printed({ kind }: Param, value: unknown): string | undefined {
  if (value instanceof Tensor) return `torch.empty(${value.node.shape.join(', ')})`;
  const written = value === null || value === undefined || !kind.written ? (value ?? null) : kind.written(value);
  if (written === undefined) return undefined;
  if (written instanceof Word) return written.python;
  return typeof written === 'number' && !Number.isInteger(written) ? float(written) : python(written as PythonValue);
}
