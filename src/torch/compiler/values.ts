/**
 * @file Guards on values: what arguments and fields were when a call was captured, and how they differ from that now.
 *
 * Tensors are told apart by shape, dtype, device, whether gradients flow through them, and their order in memory;
 * numbers, strings and functions of wuDNN's by what they are; lists and plain objects by their items.
 */
import type { FullAttrs } from '../../graph/ops/full.ts';
import { fullOp } from '../../graph/ops/full.ts';
import type { Node } from '../../graph/types.ts';
import { isPlain, shown } from '../../base/options.ts';
import { formatShape, sameShape } from '../../base/shape.ts';
import { Device } from '../device.ts';
import { Module } from '../nn/module.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { isKnownFunction } from './library-functions.ts';

/** A guard that does not hold: of what, what it was, and what it is now. */
export interface BrokenGuard {
  /** `'x.shape[0]'` */
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** What a value was. */
export type Form =
  | { readonly kind: 'tensor'; readonly index: number }
  | { readonly kind: 'same'; readonly value: unknown }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly items: readonly Form[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Form])[] };

/** Takes the tensors of values, in the order in which they are met. */
export class Tensors {
  readonly all: Tensor[] = [];
  /** Also modules, which are followed on their own. */
  readonly modules: Module[] = [];
  /** Lists and objects that the values are made of. */
  readonly containers: object[] = [];

  /** A value's form, or why it has none. */
  formOf(value: unknown, depth = 0): Form | string {
    if (value instanceof Tensor) return { kind: 'tensor', index: this.all.push(value) - 1 };
    if (value instanceof Module) {
      this.modules.push(value);
      return { kind: 'same', value };
    }
    if (typeof value === 'function')
      return isKnownFunction(value) ? { kind: 'same', value } : "is a function of the program's";
    if (typeof value !== 'object' || value === null) return { kind: 'same', value };
    if (depth > deepest) return 'is nested too deep';
    this.containers.push(value);
    if (value instanceof Device) return { kind: 'same', value }; // there is one of each
    if (value instanceof Size || (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype)) {
      const items: Form[] = [];
      for (const item of value) {
        const form = this.formOf(item, depth + 1);
        if (typeof form === 'string') return form;
        items.push(form);
      }
      return { kind: 'list', items };
    }
    if (!isPlain(value)) return 'is an object of a class';
    const entries: [string, Form][] = [];
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      if (get) return 'has a getter';
      const form = this.formOf((value as Record<string, unknown>)[name], depth + 1);
      if (typeof form === 'string') return form;
      entries.push([name, form]);
    }
    return { kind: 'object', entries };
  }
}

const deepest = 8;

/** Compares a value with its form; its tensors are put into `tensors`. */
export function hasForm(form: Form, value: unknown, tensors: Tensor[]): boolean {
  switch (form.kind) {
    case 'tensor':
      return value instanceof Tensor && tensors.push(value) > 0;
    case 'same':
      return Object.is(value, form.value);
    case 'any':
      return true;
    case 'list':
      return (
        Array.isArray(value) &&
        value.length === form.items.length &&
        form.items.every((item, i) => hasForm(item, value[i], tensors))
      );
    case 'object': {
      if (!isPlain(value)) return false;
      const keys = Object.keys(value);
      return (
        keys.length === form.entries.length &&
        form.entries.every(
          ([name, item], i) => keys[i] === name && hasForm(item, (value as Record<string, unknown>)[name], tensors),
        )
      );
    }
  }
}

/** Where a value differs from its form. */
export function differenceOf(form: Form, value: unknown, what: string, tensors: Tensor[]): BrokenGuard | undefined {
  if (form.kind === 'list' && Array.isArray(value)) {
    if (value.length !== form.items.length)
      return { what: `${what}.length`, before: String(form.items.length), now: String(value.length) };
    return firstOf(form.items, (item, i) => differenceOf(item, value[i], `${what}[${i}]`, tensors));
  }
  if (form.kind === 'object' && isPlain(value)) {
    const names = form.entries.map(([name]) => name).join(', ');
    const now = Object.keys(value).join(', ');
    if (names !== now) return { what: `the names in ${what}`, before: names || 'none', now: now || 'none' };
    return firstOf(form.entries, ([name, item]) =>
      differenceOf(item, (value as Record<string, unknown>)[name], `${what}.${name}`, tensors),
    );
  }
  return hasForm(form, value, tensors) ? undefined : { what, before: describeForm(form), now: describe(value) };
}

export function firstOf<T, R>(items: readonly T[], find: (item: T, i: number) => R | undefined): R | undefined {
  for (const [i, item] of items.entries()) {
    const found = find(item, i);
    if (found !== undefined) return found;
  }
  return undefined;
}

const describe = (value: unknown): string =>
  value instanceof Tensor ? 'a tensor' : value instanceof Module ? `a ${value.constructor.name}` : shown(value);

const kinds = { any: 'anything', tensor: 'a tensor', list: 'a list', object: 'an object' } as const;
const describeForm = (form: Form): string => (form.kind === 'same' ? describe(form.value) : kinds[form.kind]);

/** What is recorded with a tensor depends on nothing else of it. */
export class TensorGuard {
  private readonly type: Pick<Node, 'shape' | 'dtype' | 'device' | 'requiresGrad'>;
  private readonly strides: readonly number[];
  private readonly fill: number | undefined;

  constructor(tensor: Tensor) {
    const { node } = tensor;
    const { shape, dtype, device, requiresGrad } = node;
    this.type = { shape, dtype, device, requiresGrad };
    this.strides = tensor.place.layout.strides;
    this.fill = fillOf(node);
  }

  holds(tensor: Tensor): boolean {
    const { node } = tensor;
    const { type } = this;
    return (
      node.dtype === type.dtype &&
      node.device === type.device &&
      node.requiresGrad === type.requiresGrad &&
      sameShape(node.shape, type.shape) &&
      (tensor.place.layout.strides === this.strides || sameShape(tensor.place.layout.strides, this.strides)) &&
      Object.is(fillOf(node), this.fill)
    );
  }

  /** What of the tensor does not hold. */
  broken(tensor: Tensor, what: string): BrokenGuard | undefined {
    if (this.holds(tensor)) return undefined;
    const { node } = tensor;
    const { shape, dtype, device, requiresGrad } = this.type;
    if (node.shape.length !== shape.length)
      return { what: `${what}.ndim`, before: String(shape.length), now: String(node.shape.length) };
    const d = shape.findIndex((size, i) => size !== node.shape[i]);
    if (d !== -1) return { what: `${what}.shape[${d}]`, before: String(shape[d]), now: String(node.shape[d]) };
    const told = [
      ['dtype', dtype, node.dtype],
      ['device', device, node.device],
      ['requiresGrad', requiresGrad, node.requiresGrad],
      ['stride()', formatShape(this.strides), formatShape(tensor.place.layout.strides)],
    ] as const;
    const [name, before, now] = told.find(([, a, b]) => a !== b) ?? ['the one number in', this.fill, fillOf(node)];
    return {
      what: name.startsWith('the') ? `${name} ${what}` : `${what}.${name}`,
      before: String(before),
      now: String(now),
    };
  }

  /** The guard as a condition, for people. */
  told(what: string): string {
    const { shape, dtype, device, requiresGrad } = this.type;
    return `${what}: ${dtype} ${formatShape(shape)} on ${device}${requiresGrad ? ', requires grad' : ''}`;
  }
}

/** A constant's number, which operations may compute with as they are recorded. */
const fillOf = (node: Node): number | undefined => (node.op === fullOp ? (node.attrs as FullAttrs).value : undefined);
