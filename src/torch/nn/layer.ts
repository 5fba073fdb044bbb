/**
 * @file Layers with a signature: what PyTorch's constructor takes, the fields that it makes, and what a call takes.
 *
 *     export class Linear extends layer(Module<[Tensor], Tensor>, 'nn.Linear', [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), …],
 *       (inFeatures, outFeatures, bias) => ({ inFeatures, outFeatures, weight: new Parameter(…), bias: bias ? new Parameter(…) : null })) {
 *       override forward(x: Tensor): Tensor { … }
 *     }
 *
 * A call takes one tensor unless the signature's end says otherwise, and `forward` gets every value. What several layers share
 * (`extraRepr`, `forward`) stands in the class that comes first, which declares the fields that it reads. The remote program constructs a
 * layer as the program did; a class that a program derives from it is the program's own.
 */
import { constructionOf, matched, register, take } from '../signature/call.ts';
import type { Match, Signature } from '../signature/match.ts';
import { signature } from '../signature/match.ts';
import type { Constructed } from '../signature/constructed.ts';
import type { Body, Param, Params, Values } from '../signature/types.ts';
import type { Construction } from '../../graph/call.ts';
import { Word } from '../../graph/call.ts';
import { p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { Module } from './module.ts';
import { constructedBy } from './scope.ts';

/** Where and in what dtype PyTorch makes a layer's parameters. */
export const placed = [
  p.refused('device', null, 'move the layer by .to(device)'),
  p.refused('dtype', null, 'convert the layer by .to(dtype)'),
] as const;

/** PyTorch's switch to compute in the input's memory. What the remote program has is recorded as values, and does without. */
export const inplace = p.kind<boolean>('a boolean', 'true or false', (v) => typeof v === 'boolean', {
  python: () => false,
})('inplace', false);

/** A layer that has the switch. */
export class Switched extends Module<[Tensor], Tensor> {
  declare readonly inplace: boolean;

  /** What stands between the parentheses: the switch is told where it is on. */
  protected printed(...settings: readonly string[]): string {
    return [...settings, ...(this.inplace ? ['inplace=True'] : [])].join(', ');
  }
}

type Way = { readonly signature: Signature; readonly body: Body; readonly pythonCall: false };

/** What constructs a layer, and what a call of it takes; by the class that knows. */
const makers = new WeakMap<object, { readonly way: Way; readonly call: Signature }>();

/** What a layer was constructed with, and its fields as they were then. */
interface Given {
  readonly args: readonly unknown[];
  readonly found: Match;
  readonly fields: Readonly<Record<string, unknown>>;
}

const given = new WeakMap<object, Given>();

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
  const way: Way = { signature: signature(name, params), body: fields as Body, pythonCall: false };
  class Made extends (base as unknown as new () => Module) {
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
  register(Made, [way]);
  makers.set(Made, { way, call: { ...signature(`${name}.forward`, call), what: way.signature.what } });
  return Made as unknown as Constructed<T & ReturnType<B>, S, B>;
}

/** Another layer of the same arguments. */
export const again = <M extends Module>(layer: M): M =>
  new (layer.constructor as new (...args: readonly unknown[]) => M)(...given.get(layer)!.args);

/** Makes these classes PyTorch's layers: the remote program constructs and calls them by name. Said once, before any program runs. */
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

/** A field that the program has changed says more than the argument; one that holds a parameter says whether there is one. */
function current({ kind }: Param, now: unknown, before: unknown, given: unknown): unknown {
  if (now === before) return given;
  if (kind.takes(now)) return now;
  return typeof given === 'boolean' ? now !== null : given;
}
