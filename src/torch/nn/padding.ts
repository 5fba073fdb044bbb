/**
 * @file Paddings as modules: nn.ConstantPad1d, nn.ReflectionPad2d and their kin; the formulas are in functional/pad.ts.
 */
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, layer, settings } from './layer.ts';

type Sides = number | readonly number[];

/** One number for every side, or one for each. */
const sides = (count: 2 | 4) =>
  p.kind<Sides>(
    `a whole number or ${count === 2 ? 'a pair' : 'four'} of them`,
    `one number, or ${count === 2 ? '[left, right]' : '[left, right, top, bottom]'}`,
    (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.length === count && v.every(Number.isSafeInteger)),
  )('padding');

const all = (padding: Sides, count: number): readonly number[] =>
  typeof padding === 'number' ? Array.from({ length: count }, () => padding) : [...padding];

/** A padding that takes its elements from the tensor, or zeros. */
const padded = (name: string, count: 2 | 4, mode: F.PadMode) =>
  class extends layer(Layer, name, [sides(count)], (padding) => ({ padding: all(padding, count) })) {
    override forward(x: Tensor): Tensor {
      return F.pad(x, this.padding, mode);
    }

    override extraRepr(): string {
      return settings(this, { unnamed: 1 });
    }
  };

const filled = (name: string, count: 2 | 4) =>
  class extends layer(Layer, name, [sides(count), p.float('value')], (padding, value) => ({
    padding: all(padding, count),
    value,
  })) {
    override forward(x: Tensor): Tensor {
      return F.pad(x, this.padding, 'constant', this.value);
    }
  };

/** A number before and behind lines: as often on both sides, or [left, right]. */
export class ConstantPad1d extends filled('nn.ConstantPad1d', 2) {}
/** A number around planes: as often on every side, or [left, right, top, bottom]. */
export class ConstantPad2d extends filled('nn.ConstantPad2d', 4) {}
/** Zeros before and behind lines: as many on both sides, or [left, right]. */
export class ZeroPad1d extends padded('nn.ZeroPad1d', 2, 'constant') {}
/** Zeros around planes: as many on every side, or [left, right, top, bottom]. */
export class ZeroPad2d extends padded('nn.ZeroPad2d', 4, 'constant') {}
/** Lines mirrored at their ends, without the ends themselves. */
export class ReflectionPad1d extends padded('nn.ReflectionPad1d', 2, 'reflect') {}
/** Planes mirrored at their edges, without the edges themselves. */
export class ReflectionPad2d extends padded('nn.ReflectionPad2d', 4, 'reflect') {}
/** Lines whose ends are repeated. */
export class ReplicationPad1d extends padded('nn.ReplicationPad1d', 2, 'replicate') {}
/** Planes whose edges are repeated. */
export class ReplicationPad2d extends padded('nn.ReplicationPad2d', 4, 'replicate') {}
/** Lines that go on at their other end. */
export class CircularPad1d extends padded('nn.CircularPad1d', 2, 'circular') {}
/** Planes that go on at their other edge. */
export class CircularPad2d extends padded('nn.CircularPad2d', 4, 'circular') {}
