/**
 * @file Reductions: over strided inputs without copying them, by one invocation, one workgroup or several workgroups an output.
 */
import { dtypes } from '../../base/dtype.ts';
import { contiguousStrides, sizeOf } from '../../base/shape.ts';
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ReduceAttrs, VarianceAttrs } from '../../graph/ops/reduce.ts';
import type { Node } from '../../graph/types.ts';
import { collapse } from '../layout.ts';
import type { LowerContext, Lowering } from './context.ts';

const group = 64;
/** A workgroup an output pays off from this many elements each… */
const longEnough = 256;
/** …unless there are enough outputs to keep every invocation busy. */
const manyOutputs = 16384;
/** Several workgroups an output pay off where each still has this many elements… */
const chunkLength = 4096;
/** …until there are this many workgroups. */
const enoughWorkgroups = 512;

/** `shaders/lib/reduce.wgsl` walks this many kept and reduced dimensions. */
const maxRank = 4;

/** What a sum, a largest or a place so far is kept in. */
export interface Accumulator {
  /** Which combine file of shaders/reduce/, where it is not that of the operation's name. */
  readonly combine?: string;
  /** A structure of the combine file, or of one that it needs; absent where it is one number. */
  readonly structure?: string;
  readonly bytes: number;
  readonly files?: readonly string[];
  /** Numbers count as true or false. */
  readonly truth?: boolean;
}

const number: Accumulator = { bytes: 4 };
const truth: Accumulator = { bytes: 4, truth: true };
const place: Accumulator = { structure: 'Place', bytes: 8, files: ['reduce/place.wgsl'] };
const moments: Accumulator = { structure: 'Moments', bytes: 12 };

/** How a total is kept: one number; of integers that may be beyond int32, more than that. */
export interface Total {
  readonly plain: Accumulator;
  readonly whole: Accumulator;
}

export const sums: Total = {
  plain: { combine: 'sum', bytes: 4 },
  whole: { combine: 'sum_whole', structure: 'Wide', bytes: 8, files: ['lib/assert.wgsl'] },
};
export const products: Total = {
  plain: { combine: 'prod', bytes: 4 },
  whole: { combine: 'prod_whole', structure: 'Product', bytes: 8, files: ['lib/assert.wgsl'] },
};

/** The files that say how elements are brought together. */
export const combineFiles = (accumulator: Accumulator, node: Node): string[] => [
  ...(accumulator.files ?? []),
  `reduce/combine_${accumulator.combine ?? node.op.name}.wgsl`,
];

const lowering =
  (accumulator: Accumulator): Lowering =>
  (node, context) =>
    reduce(node, accumulator, context);

export const lowerReduce = lowering(number);
export const lowerTotal =
  (total: Total): Lowering =>
  (node, context) =>
    reduce(node, context.assertion(node) ? total.whole : total.plain, context);
export const lowerTruth = lowering(truth);
export const lowerPlace = lowering(place);
export const lowerVariance = lowering(moments);

function reduce(node: Node, accumulator: Accumulator, context: LowerContext): void {
  const [x] = node.inputs;
  const { dims } = node.attrs as ReduceAttrs;
  let { slot, layout } = context.view(x);
  let parts = split(x.shape, layout.strides, dims);
  if (parts.kept.sizes.length > maxRank || parts.along.sizes.length > maxRank) {
    slot = context.contiguous(x);
    layout = { ...layout, offset: 0 };
    parts = split(x.shape, contiguousStrides(x.shape), dims);
  }
  const outputs = sizeOf(node.shape);
  const length = dims.reduce((n, d) => n * x.shape[d], 1);
  const chunks = Math.min(Math.floor(length / chunkLength), Math.ceil(enoughWorkgroups / outputs));
  const fields = params(
    outputs,
    length,
    Math.max(1, chunks),
    layout.offset,
    ...padded(parts.kept.sizes, 1),
    ...padded(parts.kept.strides[0], 0),
    ...padded(parts.along.sizes, 1),
    ...padded(parts.along.strides[0], 0),
  );
  const part = reducePart(node, x, accumulator);
  const launch = (file: string, from: number, to: number, count: number) => ({
    kernel: {
      ...kernel(`reduce/${file}`, linear(group), part, { files: file === '1_serial' ? [] : ['lib/meet.wgsl'] }),
      label: `reduce/${file} ${node.op.name}`,
    },
    bindings: [reads(from), writes(to), fields],
    epilogue: file === 'partial' ? undefined : context.assertion(node),
    workgroups: linearGrid(count),
  });
  const y = context.result(node);
  if (chunks > 1) {
    const partial = context.temporary(outputs * chunks * accumulator.bytes);
    context.emit(launch('partial', slot, partial, outputs * chunks), launch('finish', partial, y, outputs));
  } else if (length >= longEnough && outputs < manyOutputs) context.emit(launch('2_workgroup', slot, y, outputs));
  else context.emit(launch('1_serial', slot, y, ceilDiv(outputs, group)));
}

function reducePart(node: Node, x: Node, accumulator: Accumulator): KernelPart {
  const { structure, truth } = accumulator;
  const { correction } = node.attrs as Partial<VarianceAttrs>;
  const floating = dtypes[x.dtype].kind === 'float';
  const half = x.dtype === 'float16' || node.dtype === 'float16';
  const number = floating && !truth ? 'f32' : 'i32';
  return {
    enable: half ? ['f16'] : [],
    const: {
      LEAST: floating ? '0xff800000u' : '0x80000000u',
      GREATEST: floating ? '0x7f800000u' : '0x7fffffffu',
      ...(correction !== undefined && { CORRECTION: `${correction}f` }),
    },
    alias: { Elem: dtypes[x.dtype].wgsl, Acc: structure ?? number, Value: number, Out: dtypes[node.dtype].wgsl },
    files: ['lib/math.wgsl', 'lib/reduce.wgsl', ...combineFiles(accumulator, node)],
  };
}

function split(shape: readonly number[], strides: readonly number[], dims: readonly number[]) {
  const pick = (wanted: boolean) => {
    const chosen = shape.map((_, d) => d).filter((d) => dims.includes(d) === wanted);
    return collapse(
      chosen.map((d) => shape[d]),
      [chosen.map((d) => strides[d])],
    );
  };
  return { kept: pick(false), along: pick(true) };
}

/** Four values, the absent outer ones filled in. */
const padded = (values: readonly number[], fill: number): number[] => [
  ...new Array<number>(maxRank - values.length).fill(fill),
  ...values,
];
