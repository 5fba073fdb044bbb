/**
 * @file Layers with a signature: what PyTorch's constructor takes, and the fields that it makes.
 *
 *     export class Linear extends layer(Layer<[Tensor], Tensor>, 'nn.Linear', [p.int('inFeatures'), p.int('outFeatures'), p.flag('bias', true), …],
 *       (inFeatures, outFeatures, bias) => ({ inFeatures, outFeatures, weight: new Parameter(…), bias: bias ? new Parameter(…) : null })) {
 *       override forward(x: Tensor): Tensor { … }
 *     }
 *
 * What several layers share (`extraRepr`, `forward`) stands in the class that comes first, which declares the fields that it reads. The
 * remote program constructs a layer as the program did; a class that a program derives from it is the program's own.
 */
import { matched, register } from '../signature/call.ts';
import type { Match, Signature } from '../signature/match.ts';
import { signature, snakeCase } from '../signature/match.ts';
import type { Body, ByName, InPlaces, Param, Params, Values } from '../signature/types.ts';
import { Word } from '../../graph/call.ts';
import { Tensor } from '../tensor.ts';
import type { PythonValue } from './arguments.ts';
import { float, python } from './arguments.ts';
import type { Module } from './module.ts';

/** The class of a layer: its arguments in PyTorch's places, by name, or first so and then so. */
export interface LayerClass<T, S, B extends Body> {
  new (...args: InPlaces<S, B>): T & ReturnType<B>;
  new (...args: ByName<S, B, []>): T & ReturnType<B>;
}

/** What a layer was constructed with, and its fields as they were then. */
interface Construction {
  readonly found: Match;
  readonly fields: Readonly<Record<string, unknown>>;
}

const constructions = new WeakMap<object, Construction>();

/** A class by PyTorch's name and the parameters of its constructor; `fields` gets every value in order. */
export function layer<T extends Module, const S extends Params, B extends (...values: Values<S>) => object>(base: new () => T, name: string, params: S, fields: B): LayerClass<T, S, B> {
  const constructed = signature(name, params);
  const overloads = [{ signature: constructed, body: fields as Body, written: false }];
  class Constructed extends (base as unknown as new () => Module) {
    constructor(...args: unknown[]) {
      super();
      const { found } = matched(overloads, args, false);
      const made = (fields as Body)(...found.values) as Record<string, unknown>;
      constructions.set(Object.assign(this, made), { found, fields: made });
    }

    override get python(): string | undefined {
      return Object.getPrototypeOf(this.constructor) === Constructed ? `${name}(${constructorArguments(constructed, this as unknown as Record<string, unknown>)})` : undefined;
    }
  }
  register(Constructed, overloads);
  return Constructed as unknown as LayerClass<T, S, B>;
}

/** The needed arguments in their places and by name those that differ from PyTorch's defaults, as the program has set them since. */
function constructorArguments({ params }: Signature, self: Readonly<Record<string, unknown>>): string {
  const { found: { values }, fields } = constructions.get(self)!;
  return params.flatMap((param, i) => {
    if (param.ours || param.kind.refused) return [];
    const text = printed(param, current(param, self[param.name], fields[param.name], values[i]));
    if (param.required) return [text];
    return text === printed(param, param.usual) ? [] : [`${snakeCase(param.name)}=${text}`];
  }).join(', ');
}

/** A field that the program has changed says more than the argument; one that holds a parameter says whether there is one. */
function current({ kind }: Param, now: unknown, before: unknown, given: unknown): unknown {
  if (now === before) return given;
  if (kind.takes(now)) return now;
  return typeof given === 'boolean' ? now !== null : given;
}

function printed({ kind }: Param, value: unknown): string {
  if (value instanceof Tensor) return `torch.empty(${value.node.shape.join(', ')})`;
  const written = value === null || value === undefined ? value : (kind.written?.(value) ?? value);
  if (written instanceof Word) return written.python;
  return typeof written === 'number' && !Number.isInteger(written) ? float(written) : python((written ?? null) as PythonValue);
}
