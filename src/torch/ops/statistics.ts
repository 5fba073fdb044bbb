/**
 * @file Statistics, differences and integrals along dimensions, made of sums, sorting and products.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { camelCase } from '../../base/python.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { lerp } from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { argsort as argsortOp } from '../../graph/ops/sort.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import type { Dims, MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { floating, requireFloat } from './apply.ts';
import { within } from './checks.ts';
import { cat } from './combine.ts';
import { logicalXor, where } from './compare.ts';
import { matmul } from './matmul.ts';
import { clamp } from './pointwise.ts';
import { amax, amin, cumsum, mean, norm, sum } from './reduce.ts';
import { diagonal } from './views.ts';

const input = p.tensor('input');
const dims = p.dims('dim', null);
const keepdim = p.flag('keepdim', false);
const dtype = p.dtype('dtype', null);

/** The sum of the elements that are not NaN; integers sum to int64. */
export const nansum = fn(
  'torch.nansum',
  [input, dims, keepdim, '*', dtype],
  (self, dim, keepdim, dtype): Tensor => sum(withoutNan(self), dim, keepdim, { dtype }),
  { pythonCall: true },
);
/** The mean of the elements that are not NaN; NaN where all are. */
export const nanmean = fn(
  'torch.nanmean',
  [input, dims, keepdim, '*', dtype],
  (self, dim, keepdim, dtype): Tensor => {
    requireFloat('nanmean', self);
    const total = sum(withoutNan(self), dim, keepdim, { dtype });
    return total.div(sum(self.isnan().logicalNot(), dim, keepdim));
  },
  { pythonCall: true },
);

const withoutNan = (x: Tensor): Tensor => (isFloat(x.dtype) ? where(x.isnan(), 0, x) : x);

const ways = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;
type Way = (typeof ways)[number];
const part = p.operand('q');
const ofQuantile = [input, part, p.int('dim', null), keepdim, '*', p.choice(ways)('interpolation', 'linear')] as const;

/**
 * The values below which the shares q of a dimension lie (0.5: the median), between two elements by `interpolation`.
 * A vector of shares makes a new first dimension. NaN where there is one.
 */
export const quantile = fn(
  'torch.quantile',
  ofQuantile,
  (self, q, dim, keepdim, interpolation): Tensor => quantileOf('quantile', self, q, dim, keepdim, interpolation),
  { pythonCall: true },
);
/** As quantile, of the elements that are not NaN. */
export const nanquantile = fn(
  'torch.nanquantile',
  ofQuantile,
  (self, q, dim, keepdim, interpolation): Tensor => quantileOf('nanquantile', self, q, dim, keepdim, interpolation),
  { pythonCall: true },
);

function quantileOf(
  what: 'quantile' | 'nanquantile',
  self: Tensor,
  given: Tensor | number | boolean,
  dim: number | null,
  keepdim: boolean,
  way: Way,
): Tensor {
  requireFloat(what, self);
  if (sizeOf(self.node.shape) === 0) fail(`${what}: the input has shape ${self.shape}, which has no elements`);
  const q = given instanceof Tensor ? given : new Tensor(full([], self.dtype, Number(given), self.node.device));
  if (!(given instanceof Tensor) && !(Number(given) >= 0 && Number(given) <= 1))
    fail(`${what}: q is ${String(given)}; a share is from 0 to 1`);
  if (q.ndim > 1) fail(`${what}: q has shape ${q.shape}; give a number or a vector of shares`);
  if (q.dtype !== self.dtype) fail(`${what}: q is ${q.dtype} and the input ${self.dtype}; convert one with .to()`);
  // The dimension last, in order; shares beside it.
  const d = dim === null ? 0 : normalizeDim(what, dim, self.ndim);
  const flat =
    dim === null
      ? e.reshape(self.node, [sizeOf(self.node.shape)])
      : self.ndim === 0
        ? e.reshape(self.node, [1])
        : self.node;
  const others = flat.shape.toSpliced(d, 1);
  const last = flat.shape.length - 1;
  const x = e.permute(flat, [...flat.shape.keys()].filter((i) => i !== d).concat(d));
  const n = x.shape[last];
  const ordered = record(gather, [x, record(argsortOp, [x], { dim: last, descending: false })], { dim: last });
  const count = sizeOf(q.node.shape);
  const shares = e.reshape(
    within(q.node, { least: 0, greatest: 1 }, `${what}: q has {value}{place}; a share is from 0 to 1`),
    [...others.map(() => 1), count],
  );
  const nans = e.sum(e.cast(e.isnan(x), x.dtype), [last], true);
  const ranks =
    what === 'quantile'
      ? e.where(e.gt(nans, 0), n - 1, e.mul(shares, n - 1))
      : e.maximum(e.mul(shares, e.sub(e.sub(e.fullLike(nans, n), nans), 1)), e.fullLike(shares, 0));
  const whole = way === 'higher' ? e.neg(e.floor(e.neg(ranks))) : way === 'nearest' ? e.round(ranks) : e.floor(ranks);
  const at = (places: Node): Node =>
    record(gather, [ordered, e.cast(e.expand(places, [...others, count]), 'int32')], { dim: last });
  const below = at(whole);
  const y =
    way === 'linear' || way === 'midpoint'
      ? record(
          lerp,
          [below, at(e.neg(e.floor(e.neg(ranks)))), way === 'midpoint' ? e.fullLike(ranks, 0.5) : e.sub(ranks, whole)],
          {},
        )
      : below;
  const first = q.ndim === 0 ? e.reshape(y, others) : e.permute(y, [last, ...others.keys()]);
  if (!keepdim) return new Tensor(first);
  const kept = dim === null ? self.node.shape.map(() => 1) : self.node.shape.with(d, 1);
  return new Tensor(e.reshape(first, [...q.node.shape, ...(self.ndim === 0 ? [] : kept)]));
}

/** The covariances of variables, a row each, over their observations [variables, observations]. */
export const cov = fn(
  'torch.cov',
  [
    input,
    '*',
    p.int('correction', 1),
    p.refused('fweights', null, 'repeat the observations'),
    p.refused('aweights', null, 'multiply the observations'),
  ],
  (self, correction): Tensor => covariances('cov', self, correction),
  { pythonCall: true },
);

function covariances(what: string, self: Tensor, correction: number): Tensor {
  if (self.ndim > 2) fail(`${what}: expects [variables, observations] or a vector, got shape ${self.shape}`);
  if (self.dtype === 'bool') fail(`${what}: a bool has no covariance; convert with .float()`);
  const x = self.to(floating(self.dtype));
  const rows = x.ndim < 2 ? x.reshape(1, -1) : x;
  const centered = rows.sub(mean(rows, 1, true));
  const product = matmul(centered, centered.transpose(0, 1)).div(Math.max(0, rows.node.shape[1] - correction));
  return rows.node.shape[0] === 1 ? product.reshape([]) : product;
}

/** The correlation coefficients of variables, a row each, from −1 to 1. */
export const corrcoef = fn(
  'torch.corrcoef',
  [input],
  (self): Tensor => {
    const c = covariances('corrcoef', self, 1);
    if (c.ndim === 0) return c.div(c);
    const spread = diagonal(c).sqrt();
    return clamp(c.div(spread.unsqueeze(1)).div(spread.unsqueeze(0)), -1, 1);
  },
  { pythonCall: true },
);

/** The differences of neighbours along a dimension, `n` times over; `prepend` and `append` are joined to it first. */
export const diff = fn(
  'torch.diff',
  [input, p.int('n', 1), p.int('dim', -1), p.tensor('prepend', null), p.tensor('append', null)],
  (self, n, dim, prepend, append): Tensor => {
    if (self.ndim === 0) fail('diff: expects at least 1 dimension, got none');
    if (n < 0) fail(`diff: n is ${n}; it is at least 0`);
    const d = normalizeDim('diff', dim, self.ndim);
    const parts = [prepend, self, append].filter((x) => x !== null);
    let x = parts.length === 1 ? self : cat(parts, d);
    for (let i = 0; i < Math.min(n, x.node.shape[d] + i); i++) {
      const size = x.node.shape[d];
      const [after, before] = [cut(x, d, Math.min(1, size), size), cut(x, d, 0, Math.max(0, size - 1))];
      x = x.dtype === 'bool' ? logicalXor(after, before) : after.sub(before);
    }
    return x === self ? self.clone() : x;
  },
  { pythonCall: true },
);

const cut = (x: Tensor, dim: number, start: number, end: number): Tensor =>
  new Tensor(e.slice(x.node, dim, start, end));

/** The widths between neighbours of x, laid along a dimension of y. */
function widths(what: string, y: Tensor, x: Tensor, d: number): Tensor {
  const steps = x.node.shape.length === 1 ? x.reshape(y.node.shape.map((_, i) => (i === d ? -1 : 1))) : x;
  const along = steps.ndim - y.ndim + d;
  if (along < 0 || steps.node.shape[along] !== y.node.shape[d])
    fail(`${what}: x has shape ${x.shape}, y ${y.shape}; there must be a place for each value along dim ${d}`);
  return diff(steps, 1, along);
}

/** Sums of neighbours of y along a dimension. */
const pairs = (y: Tensor, d: number): Tensor => {
  const size = y.node.shape[d];
  return cut(y, d, Math.min(1, size), size).add(cut(y, d, 0, Math.max(0, size - 1)));
};

/**
 * Trapezoids under y along a dimension: `even` gives the integral of those that are `dx` apart, `total` that of the
 * others.
 */
function integral(
  name: string,
  even: (y: Tensor, d: number, dx: number) => Tensor,
  total: (parts: Tensor, d: number) => Tensor,
) {
  const [y, x, dim] = [p.tensor('y'), p.tensor('x'), p.int('dim', -1)];
  const what = camelCase(name.slice(name.indexOf('.') + 1));
  const real = (t: Tensor): Tensor => t.to(floating(t.dtype));
  return overloads(
    fn(
      name,
      [y, '*', p.scalar('dx', 1), dim],
      (y, dx, dim): Tensor => {
        const d = normalizeDim(what, dim, y.ndim);
        return y.node.shape[d] === 0 ? total(real(y), d) : even(real(y), d, Number(dx));
      },
      { pythonCall: true },
    ),
    fn(
      name,
      [y, x, '*', dim],
      (y, x, dim): Tensor => {
        const d = normalizeDim(what, dim, y.ndim);
        return total(real(pairs(y, d).mul(widths(what, y, x, d))), d).div(2);
      },
      { pythonCall: true },
    ),
  );
}

/** The integral of y along a dimension by trapezoids; `x` says where its values are, else they are `dx` apart. */
export const trapezoid = integral(
  'torch.trapezoid',
  (y, d, dx) => {
    const ends = y.select(d, 0).add(y.select(d, -1));
    return sum(y, d).sub(ends.mul(0.5)).mul(dx);
  },
  (parts, d) => sum(parts, d),
);
/** The integral of y up to each value. */
export const cumulativeTrapezoid = integral(
  'torch.cumulative_trapezoid',
  (y, d, dx) => cumsum(pairs(y, d).mul(dx / 2), d),
  (parts, d) => cumsum(parts, d),
);

/** The smallest and the largest element, of all or along a dimension. */
export const aminmax = fn(
  'torch.aminmax',
  [input, '*', p.int('dim', null), keepdim],
  (self, dim, keepdim): MinAndMax => {
    if (dim === null && sizeOf(self.node.shape) === 0)
      fail(`aminmax: the input has shape ${self.shape}, which has no elements`);
    const over: Dims = dim ?? [];
    const [min, max] = [amin(self, over, keepdim), amax(self, over, keepdim)];
    return {
      min,
      max,
      *[Symbol.iterator]() {
        yield min;
        yield max;
      },
    };
  },
  { pythonCall: true },
);

/** Two tensors by name; destructures as an array too: `const [min, max] = …`. */
export interface MinAndMax extends Iterable<Tensor> {
  readonly min: Tensor;
  readonly max: Tensor;
}

/** The p-norm of the difference. */
export const dist = fn(
  'torch.dist',
  [input, p.tensor('other'), p.float('p', 2)],
  (self, other, p): Tensor => norm(self.sub(other), p),
  { pythonCall: true },
);

const statistics = { nansum, nanmean, quantile, nanquantile, cov, corrcoef, diff, aminmax, dist };
methods(statistics);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof statistics> {}
}
