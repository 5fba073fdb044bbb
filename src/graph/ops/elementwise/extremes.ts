/**
 * @file The larger, the smaller, and clamping: a row each. A NaN wins everywhere.
 */
import { isFloat } from '../../../base/dtype.ts';
import * as e from '../../expr.ts';
import type { Attrs, Node, Op } from '../../types.ts';
import type { BinaryRow } from './define.ts';
import { binary, call, elementwise } from './define.ts';

/** Of equal elements each gets half the gradient, and beside a NaN each gets all of it. */
const half = (loses: (a: Node, b: Node) => Node, a: Node, b: Node, g: Node): Node =>
  e.where(e.eq(a, b), e.div(g, 2), e.where(loses(a, b), 0, g));

const extreme = (name: string, js: BinaryRow['js'], wgsl: string, loses: (a: Node, b: Node) => Node): Op<Attrs> =>
  binary(name, {
    js,
    wgsl: call(wgsl),
    wgslInt: call(`${wgsl}_int`),
    python: call(`torch.${name}`),
    derivatives: [(a, b, _y, g) => half(loses, a, b, g), (a, b, _y, g) => half(loses, b, a, g)],
  });

export const maximum = extreme('maximum', Math.max, 'larger', (a, b) => e.lt(a, b));
export const minimum = extreme('minimum', Math.min, 'smaller', (a, b) => e.gt(a, b));

/**
 * Where an element is inside, the gradient goes to it, also on the bound; where it is outside, to the bound; beside a
 * NaN to neither.
 */
const bounded = (
  name: string,
  js: BinaryRow['js'],
  wgsl: string,
  inside: (x: Node, bound: Node) => Node,
  outside: (x: Node, bound: Node) => Node,
  argument: string,
): Op<Attrs> =>
  binary(name, {
    js,
    wgsl: call(wgsl),
    wgslInt: call(`${wgsl}_int`),
    python: (x, bound) => `torch.clamp(${x}, ${argument}=${bound})`,
    derivatives: [(x, b, _y, g) => e.where(inside(x, b), g, 0), (x, b, _y, g) => e.where(outside(x, b), g, 0)],
  });

export const clampMin = bounded(
  'clampMin',
  Math.max,
  'larger',
  (x, b) => e.ge(x, b),
  (x, b) => e.lt(x, b),
  'min',
);
export const clampMax = bounded(
  'clampMax',
  Math.min,
  'smaller',
  (x, b) => e.le(x, b),
  (x, b) => e.gt(x, b),
  'max',
);

/** Between two bounds; the upper one where they cross. */
export const clamp: Op<Attrs> = elementwise({
  name: 'clamp',
  js: ([x, low, high]) => Math.min(Math.max(x, low), high),
  wgsl: ([x, low, high], _, { output }) => {
    const suffix = isFloat(output) ? '' : '_int';
    return `smaller${suffix}(larger${suffix}(${x}, ${low}), ${high})`;
  },
  gradient: ({ inputs: [x, low, high], grad, needs }) => {
    const inside = e.logicalAnd(e.ge(x, low), e.le(x, high));
    return [
      needs(0) ? e.sumTo(e.where(inside, grad, 0), x.shape) : undefined,
      needs(1) ? e.sumTo(e.where(e.logicalAnd(e.lt(x, low), e.lt(low, high)), grad, 0), low.shape) : undefined,
      needs(2) ? e.sumTo(e.where(e.logicalOr(e.gt(x, high), e.ge(low, high)), grad, 0), high.shape) : undefined,
    ];
  },
  python: ([x, low, high]) => `torch.clamp(${x}, min=${low}, max=${high})`,
});
