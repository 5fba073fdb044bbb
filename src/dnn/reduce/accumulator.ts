/**
 * @file What a sum, a largest or a place so far is kept in, and which file of shaders/reduce/ says how two of them are
 * brought together.
 */
import type { Op } from '../../graph/types.ts';
import { all, amax, amin, any, argmax, argmin, mean, prod, sum, variance } from '../../graph/ops/reduce.ts';

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

/** Whose result must hold. */
const asserting = ['lib/assertions.wgsl', 'lib/assert.wgsl'];

/** How a total of integers is kept that may be beyond int32. */
export const wideTotals: Readonly<Record<'sum' | 'prod', Accumulator>> = {
  sum: { combine: 'sum_whole', structure: 'Wide', bytes: 8, files: asserting },
  prod: { combine: 'prod_whole', structure: 'Product', bytes: 8, files: asserting },
};

const reductions = {
  all: { op: all, accumulator: truth },
  amax: { op: amax, accumulator: number },
  amin: { op: amin, accumulator: number },
  any: { op: any, accumulator: truth },
  argmax: { op: argmax, accumulator: place },
  argmin: { op: argmin, accumulator: place },
  mean: { op: mean, accumulator: number },
  prod: { op: prod, accumulator: number },
  sum: { op: sum, accumulator: number },
  variance: { op: variance, accumulator: { structure: 'Moments', bytes: 12 } },
} satisfies Record<string, { readonly op: Op; readonly accumulator: Accumulator }>;

export type ReductionName = keyof typeof reductions;

/** The operation of a reduction, whose reference is the definition. */
export const reductionOf = (name: ReductionName): Op => reductions[name].op;

/** `asserts`: the result may be wrong, which its kernel tells. */
export const accumulatorOf = (name: ReductionName, asserts: boolean): Accumulator =>
  asserts && (name === 'sum' || name === 'prod') ? wideTotals[name] : reductions[name].accumulator;

/** The files that say how elements are brought together. */
export const combineFiles = (name: string, { files = [], combine = name }: Accumulator): string[] => [
  ...files,
  `reduce/combine_${combine}.wgsl`,
];
