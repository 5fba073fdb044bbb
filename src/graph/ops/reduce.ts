/**
 * @file Reductions over any dims: sum, prod, amax, amin, any, all.
 *
 * Means, variances and norms are written with these (see torch/). Dims are sorted and without repetition; the torch
 * layer normalises them.
 */
import { fail } from '../../base/errors.ts';
import type { DType } from '../../base/dtype.ts';
import type { Shape } from '../../base/shape.ts';
import { contiguousStrides, formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import type { Attrs, GradientCall, Node, Op } from '../types.ts';

export interface ReduceAttrs extends Attrs {
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

interface Reduction {
  readonly start: number;
  readonly step: (acc: number, x: number) => number;
  /** The same in WGSL on `Acc` values. */
  readonly wgsl: { readonly start: string; readonly step: (acc: string, x: string) => string };
  readonly dtype: (input: DType) => DType;
  readonly python: string;
  readonly emptyFails?: boolean;
}

/** What `compile` needs to generate a kernel, by operation. */
export const reductions: Record<'sum' | 'prod' | 'amax' | 'amin' | 'any' | 'all', Reduction> = {
  sum: { start: 0, step: (acc, x) => acc + x, wgsl: { start: '0', step: (acc, x) => `${acc} + ${x}` }, dtype: widen, python: 'sum' },
  prod: { start: 1, step: (acc, x) => acc * x, wgsl: { start: '1', step: (acc, x) => `${acc} * ${x}` }, dtype: widen, python: 'prod' },
  amax: { start: -Infinity, step: (acc, x) => (x > acc || Number.isNaN(x) ? x : acc), wgsl: { start: 'LOWEST', step: (acc, x) => `select(${acc}, ${x}, ${x} > ${acc} || is_nan(${x}))` }, dtype: (t) => t, python: 'amax', emptyFails: true },
  amin: { start: Infinity, step: (acc, x) => (x < acc || Number.isNaN(x) ? x : acc), wgsl: { start: 'HIGHEST', step: (acc, x) => `select(${acc}, ${x}, ${x} < ${acc} || is_nan(${x}))` }, dtype: (t) => t, python: 'amin', emptyFails: true },
  any: { start: 0, step: (acc, x) => (acc !== 0 || x !== 0 ? 1 : 0), wgsl: { start: '0', step: (acc, x) => `select(${acc}, 1, ${x} != 0)` }, dtype: () => 'bool', python: 'any' },
  all: { start: 1, step: (acc, x) => (acc !== 0 && x !== 0 ? 1 : 0), wgsl: { start: '1', step: (acc, x) => `select(0, ${acc}, ${x} != 0)` }, dtype: () => 'bool', python: 'all' },
};

/** PyTorch sums integers and bools as int64; our widest is int32. */
function widen(dtype: DType): DType {
  return dtype === 'float16' || dtype === 'float32' ? dtype : 'int32';
}

/** The output's shape. */
export function reducedShape(shape: Shape, { dims, keepdim }: ReduceAttrs): number[] {
  return shape.flatMap((size, d) => (dims.includes(d) ? (keepdim ? [1] : []) : [size]));
}

/** Calls `visit` with the flat input and output index of every element. */
export function eachReduced(shape: Shape, attrs: ReduceAttrs, visit: (input: number, output: number, along: number) => void): void {
  const kept = contiguousStrides(reducedShape(shape, { ...attrs, keepdim: true })).map((s, d) => (attrs.dims.includes(d) ? 0 : s));
  const reduced = contiguousStrides(shape.map((size, d) => (attrs.dims.includes(d) ? size : 1))).map((s, d) => (attrs.dims.includes(d) ? s : 0));
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

function reduction(name: keyof typeof reductions, gradient: Op<ReduceAttrs>['gradient']): Op<ReduceAttrs> {
  const rule = reductions[name];
  return {
    name,
    infer: ([x], attrs) => {
      if (rule.emptyFails && attrs.dims.some((d) => x.shape[d] === 0)) {
        fail(`${name}: no largest or smallest of nothing; shape ${formatShape(x.shape)} is empty along dim ${attrs.dims.find((d) => x.shape[d] === 0)}`);
      }
      return { shape: reducedShape(x.shape, attrs), dtype: rule.dtype(x.dtype) };
    },
    reference: ([x], attrs, output) => {
      const out = new Float64Array(sizeOf(output.shape)).fill(rule.start);
      eachReduced(x.shape, attrs, (i, o) => {
        out[o] = rule.step(out[o], x.data[i]);
      });
      return out;
    },
    gradient,
    python: ([x], { dims, keepdim }) => {
      if (name === 'prod' || name === 'any' || name === 'all') return dims.reduceRight((text, d) => `torch.${rule.python}(${text}, ${d}${keepdim ? ', keepdim=True' : ''})`, x);
      return `torch.${rule.python}(${x}, (${dims.join(', ')}${dims.length === 1 ? ',' : ''})${keepdim ? ', keepdim=True' : ''})`;
    },
  };
}

/** A reduced tensor with its dims back as 1, so that it broadcasts against the input. */
const restored = (reduced: Node, { inputs: [x], attrs }: GradientCall<ReduceAttrs>): Node => e.reshape(reduced, reducedShape(x.shape, { ...attrs, keepdim: true }));

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

/** Product of the others: by division where no element is zero, else of the elements with the one zero set to 1. */
function productGradient(call: GradientCall<ReduceAttrs>): Node {
  const { inputs: [x], attrs } = call;
  const g = restored(call.grad, call);
  const zero = e.eq(x, 0);
  const zeros = e.sum(e.cast(zero, x.dtype), attrs.dims, true);
  const safe = e.where(zero, 1, x);
  const others = e.prod(safe, attrs.dims, true);
  const withoutZeros = e.where(e.eq(zeros, 0), e.div(others, safe), 0);
  const atTheZero = e.where(e.eq(zeros, 1), e.mul(e.cast(zero, x.dtype), others), withoutZeros);
  return e.mul(g, atTheZero);
}
