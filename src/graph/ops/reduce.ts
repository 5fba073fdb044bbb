/**
 * @file Reductions over any dims: sum, prod, amax, amin, any, all.
 *
 * Means, variances and norms are written with these (see torch/). Dims are sorted and without repetition; the torch
 * layer normalises them.
 */
import { fail } from '../../base/errors.ts';
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import type { Shape } from '../../base/shape.ts';
import { contiguousStrides, formatShape, sizeOf } from '../../base/shape.ts';
import type { Total } from '../assertion.ts';
import { adding, multiplying } from '../assertion.ts';
import * as e from '../expr.ts';
import { eachElement, meansOf, sumsOf } from '../sums.ts';
import type { Attrs, GradientCall, Node, Op, TensorType } from '../types.ts';

export interface ReduceAttrs extends Attrs {
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

export interface VarianceAttrs extends ReduceAttrs {
  /** Taken from the count before dividing: 1 for a sample. */
  readonly correction: number;
}

interface Reduction {
  readonly start: number;
  readonly step: (acc: number, x: number) => number;
  readonly dtype: (input: DType) => DType;
  readonly emptyFails?: boolean;
  readonly whole?: Total['whole'];
  readonly assertion?: Total['assertion'];
}

const larger = (acc: number, x: number): number => (x > acc || Number.isNaN(x) ? x : acc);
const smaller = (acc: number, x: number): number => (x < acc || Number.isNaN(x) ? x : acc);
/** PyTorch's answer of bytes is a byte. */
const truth = (input: DType): DType => (input === 'uint8' ? 'uint8' : 'bool');

const reductions: Record<'sum' | 'prod' | 'amax' | 'amin' | 'any' | 'all', Reduction> = {
  sum: { ...adding, dtype: widen },
  prod: { ...multiplying, dtype: widen },
  amax: { start: -Infinity, step: larger, dtype: (t) => t, emptyFails: true },
  amin: { start: Infinity, step: smaller, dtype: (t) => t, emptyFails: true },
  any: { start: 0, step: (acc, x) => (acc !== 0 || x !== 0 ? 1 : 0), dtype: truth },
  all: { start: 1, step: (acc, x) => (acc !== 0 && x !== 0 ? 1 : 0), dtype: truth },
};

/** Integers and bools add up to int64. */
function widen(dtype: DType): DType {
  return isFloat(dtype) ? dtype : 'int64';
}

/** The output's shape. */
export function reducedShape(shape: Shape, { dims, keepdim }: ReduceAttrs): number[] {
  return shape.flatMap((size, d) => (dims.includes(d) ? (keepdim ? [1] : []) : [size]));
}

/** Calls `visit` with the flat input and output index of every element. */
function eachReduced(
  shape: Shape,
  attrs: ReduceAttrs,
  visit: (input: number, output: number, along: number) => void,
): void {
  const kept = contiguousStrides(reducedShape(shape, { ...attrs, keepdim: true })).map((s, d) =>
    attrs.dims.includes(d) ? 0 : s,
  );
  const reduced = contiguousStrides(shape.map((size, d) => (attrs.dims.includes(d) ? size : 1))).map((s, d) =>
    attrs.dims.includes(d) ? s : 0,
  );
  const total = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, output = 0, along = 0; i < total; i++) {
    visit(i, output, along);
    for (let d = shape.length - 1; d >= 0; d--) {
      output += kept[d];
      along += reduced[d];
      if (++index[d] < shape[d]) break;
      output -= kept[d] * shape[d];
      along -= reduced[d] * shape[d];
      index[d] = 0;
    }
  }
}

function checkNotEmpty(what: string, shape: Shape, dims: readonly number[]): void {
  const empty = dims.find((d) => shape[d] === 0);
  if (empty !== undefined)
    fail(`${what}: no largest or smallest of nothing; shape ${formatShape(shape)} is empty along dim ${empty}`);
}

function reduction(name: keyof typeof reductions, gradient: Op<ReduceAttrs>['gradient']): Op<ReduceAttrs> {
  const rule = reductions[name];
  return {
    name,
    infer: ([x], attrs) => {
      if (rule.emptyFails) checkNotEmpty(name, x.shape, attrs.dims);
      return { shape: reducedShape(x.shape, attrs), dtype: rule.dtype(x.dtype) };
    },
    assertion: ([x], attrs) => rule.assertion?.(name, x.dtype, countOf(x.shape, attrs)),
    reference: ([x], attrs, output) => {
      const out = new Float64Array(sizeOf(output.shape)).fill(rule.start);
      const step = isFloat(x.dtype) ? rule.step : (rule.whole ?? rule.step);
      eachReduced(x.shape, attrs, (i, o) => {
        out[o] = step(out[o], x.data[i]);
      });
      return out;
    },
    gradient,
    sums: name === 'sum' ? sumsOf(1, eachElement) : 'none',
    python: ([x], attrs, output) => {
      const { dims, keepdim } = attrs;
      if (name === 'prod' || name === 'any' || name === 'all')
        return dims.reduceRight((text, d) => `torch.${name}(${text}, ${d}${kept(keepdim)})`, x);
      return `torch.${name}(${x}${pythonDims(attrs, output)})`;
    },
  };
}

/** The arguments that say over which dims, `, 1, keepdim=True`; nothing where they are all. */
export function pythonDims({ dims, keepdim }: ReduceAttrs, output: TensorType): string {
  return output.shape.length === 0 && !keepdim ? '' : `, ${listed(dims)}${kept(keepdim)}`;
}

const listed = (dims: readonly number[]): string => (dims.length === 1 ? String(dims[0]) : `(${dims.join(', ')})`);
const kept = (keepdim: boolean): string => (keepdim ? ', keepdim=True' : '');

/** How many elements each output stands for. */
const countOf = (shape: Shape, { dims }: ReduceAttrs): number => dims.reduce((n, d) => n * shape[d], 1);

/** A reduced tensor with its dims back as 1, so that it broadcasts against the input. */
const restored = (reduced: Node, { inputs: [x], attrs }: GradientCall<ReduceAttrs>): Node =>
  e.reshape(reduced, reducedShape(x.shape, { ...attrs, keepdim: true }));

/** Spread evenly over the elements that reached the extremum, as PyTorch does. */
const extremumGradient = (call: GradientCall<ReduceAttrs>): Node[] => {
  const [x] = call.inputs;
  const hit = e.indicator(e.eq(x, restored(call.node, call)), x.dtype);
  return [e.mul(e.div(hit, e.sum(hit, call.attrs.dims, true)), restored(call.grad, call))];
};

export const sum = reduction('sum', (call) => [e.expand(restored(call.grad, call), call.inputs[0].shape)]);
export const prod = reduction('prod', (call) => [productGradient(call)]);
export const amax = reduction('amax', extremumGradient);
export const amin = reduction('amin', extremumGradient);
export const any = reduction('any', 'none');
export const all = reduction('all', 'none');

/** The arithmetic mean; NaN of nothing. */
export const mean: Op<ReduceAttrs> = {
  name: 'mean',
  infer: ([x], attrs) => ({ shape: reducedShape(x.shape, attrs), dtype: x.dtype }),
  reference: ([x], attrs, output) => sum.reference!([x], attrs, output).map((total) => total / countOf(x.shape, attrs)),
  gradient: (call) => [
    e.expand(e.div(restored(call.grad, call), countOf(call.inputs[0].shape, call.attrs)), call.inputs[0].shape),
  ],
  sums: meansOf(1, eachElement),
  python: ([x], attrs, output) => `torch.mean(${x}${pythonDims(attrs, output)})`,
};

/** The mean squared distance from the mean. */
export const variance: Op<VarianceAttrs> = {
  name: 'variance',
  infer: ([x], attrs) => ({ shape: reducedShape(x.shape, attrs), dtype: x.dtype }),
  reference: ([x], attrs, output) => {
    const means = mean.reference!([x], attrs, output);
    const out = new Float64Array(means.length);
    eachReduced(x.shape, attrs, (i, o) => {
      out[o] += (x.data[i] - means[o]) ** 2;
    });
    return out.map((total) => total / Math.max(0, countOf(x.shape, attrs) - attrs.correction));
  },
  gradient: (call) => varianceGradient(call, call.grad),
  sums: { ...meansOf(1, eachElement), size: ([rms], length) => rms ** 2 / Math.sqrt(length) },
  python: ([x], attrs, output) =>
    attrs.correction === 1
      ? `torch.var(${x}${pythonDims(attrs, output)})`
      : `torch.var(${x}, ${listed(attrs.dims)}, correction=${attrs.correction}${kept(attrs.keepdim)})`,
};

/** Of a variance's operand, where `grad` is the variance's own gradient. */
export function varianceGradient(call: GradientCall<VarianceAttrs>, grad: Node): Node[] {
  const {
    inputs: [x],
    attrs: { dims, correction },
  } = call;
  const scale = 2 / Math.max(0, countOf(x.shape, call.attrs) - correction);
  return [e.mul(e.mul(e.sub(x, e.mean(x, dims, true)), scale), restored(grad, call))];
}

/** Where the extremum is, the first of equal ones; over one dim, or over all as if in a row. */
function place(name: 'argmax' | 'argmin', wins: (acc: number, x: number) => number): Op<ReduceAttrs> {
  return {
    name,
    infer: ([x], attrs) => {
      checkNotEmpty(name, x.shape, attrs.dims);
      return { shape: reducedShape(x.shape, attrs), dtype: 'int64' };
    },
    reference: ([x], attrs, output) => {
      const best = new Float64Array(sizeOf(output.shape));
      const at = new Float64Array(best.length).fill(-1);
      eachReduced(x.shape, attrs, (i, o, along) => {
        const beaten = at[o] < 0 || (!Number.isNaN(best[o]) && !Object.is(wins(best[o], x.data[i]), best[o]));
        if (!beaten) return;
        best[o] = x.data[i];
        at[o] = along;
      });
      return at;
    },
    gradient: 'none',
    sums: 'none',
    python: ([x], { dims, keepdim }, { shape }) =>
      dims.length === 1 && (keepdim || shape.length > 0)
        ? `torch.${name}(${x}, ${dims[0]}${kept(keepdim)})`
        : `torch.${name}(${x})`,
  };
}

export const argmax = place('argmax', larger);
export const argmin = place('argmin', smaller);

/** Product of the others: by division where no element is zero, else of the elements with the one zero set to 1. */
function productGradient(call: GradientCall<ReduceAttrs>): Node {
  const {
    inputs: [x],
    attrs,
  } = call;
  const g = restored(call.grad, call);
  const zero = e.eq(x, 0);
  const zeros = e.sum(e.cast(zero, x.dtype), attrs.dims, true);
  const safe = e.where(zero, 1, x);
  const others = e.prod(safe, attrs.dims, true);
  const withoutZeros = e.where(e.eq(zeros, 0), e.div(others, safe), 0);
  const atTheZero = e.where(e.eq(zeros, 1), e.mul(e.cast(zero, x.dtype), others), withoutZeros);
  return e.mul(g, atTheZero);
}
