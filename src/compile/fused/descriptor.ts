/**
 * @file The descriptor of a fused reduction: pointwise formulas before, between and after reductions over the same
 * dimensions.
 *
 * A value is wide, with an element for each of the input's, or narrow, with one for each row: what is brought together
 * is a row, wherever its elements lie.
 */
import type { DType } from '../../base/dtype.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Slots } from '../../dnn/algorithm.ts';
import type { Slot } from '../../gpu/kernel.ts';
import { logSoftmax, softmax } from '../../graph/ops/softmax.ts';
import type { Attrs, Layout, Op } from '../../graph/types.ts';

export type FusedInput =
  /**
   * An element of buffer `x<source>` for each element of the shape; where it is narrow, its strides along rows are 0.
   */
  | { readonly source: number; readonly layout: Layout; readonly wide: boolean; readonly dtype: DType }
  | { readonly constant: number; readonly dtype: DType };

export interface FusedStep {
  readonly op: Op;
  readonly attrs: Attrs;
  /** Operation, attributes and type as one string. */
  readonly key: string;
  /** Input i is `i`, the result of step j is `inputs.length + j`. */
  readonly args: readonly number[];
  readonly dtype: DType;
  readonly wide: boolean;
  /** The result goes to buffer `y<step>`. */
  readonly written: boolean;
}

export interface FusedDescriptor {
  readonly shape: Shape;
  /** Along which rows go. */
  readonly dims: readonly number[];
  readonly inputs: readonly FusedInput[];
  readonly steps: readonly FusedStep[];
}

/** Buffers by role, `x0` and `y3`. */
export type FusedSlots = Slots & Readonly<Record<string, Slot | readonly Slot[]>>;

export const slotIn = (slots: FusedSlots, role: string): Slot => slots[role] as Slot;

export const lengthOf = ({ shape, dims }: FusedDescriptor): number => sizeOf(dims.map((d) => shape[d]));
export const rowsOf = (d: FusedDescriptor): number => sizeOf(d.shape) / lengthOf(d);
/** The shape of one number a row, beside the input. */
export const narrowShape = ({ shape, dims }: FusedDescriptor): number[] =>
  shape.map((size, at) => (dims.includes(at) ? 1 : size));

export const isSoftmax = ({ op }: Pick<FusedStep, 'op'>): boolean => op === softmax || op === logSoftmax;
export const isPointwise = ({ op }: Pick<FusedStep, 'op'>): boolean => op.elementwise !== undefined;

/** The dtype of a step's argument. */
export const dtypeOf = ({ inputs, steps }: FusedDescriptor, arg: number): DType =>
  (arg < inputs.length ? inputs[arg] : steps[arg - inputs.length]).dtype;

/** One line for people: `mean+variance+normalized of 64 rows of 1000, float32`. */
export const describeFused = (d: FusedDescriptor): string =>
  `${d.steps.map(({ op }) => op.name).join('+')} of ${rowsOf(d)} rows of ${lengthOf(d)}, ${d.inputs[0].dtype}`;

/** Equal keys, equal work. */
export const fusedKey = (d: FusedDescriptor): string =>
  `fused ${JSON.stringify({ rows: rowsOf(d), length: lengthOf(d), ...d, steps: undefined })} ${d.steps
    .map(({ key, args, wide, written }) => `${key}(${args.join()})${wide ? ' wide' : ''}${written ? ' written' : ''}`)
    .join('; ')}`;
