/**
 * @file The descriptor of what walks along one dimension of a contiguous tensor, row by row: softmax and its logarithm,
 * running sums and products.
 */
import type { DType } from '../../base/dtype.ts';
import type { Binding } from '../../gpu/kernel.ts';
import { params } from '../../gpu/kernel.ts';

export interface RowsDescriptor {
  readonly name: 'softmax' | 'logSoftmax' | 'cumsum' | 'cumprod';
  readonly rows: number;
  readonly length: number;
  /** How far apart the elements of a row lie. */
  readonly inner: number;
  readonly dtype: DType;
  readonly result: DType;
  /** From the end to the beginning. */
  readonly reverse?: boolean;
  /** The results may be beyond their type, which the kernel tells. */
  readonly asserts: boolean;
}

export const elementsOf = ({ rows, length }: RowsDescriptor): number => rows * length;

/** One line for people: `softmax of 64 rows of 1000, float32`. */
export const describeRows = ({ name, rows, length, inner, dtype }: RowsDescriptor): string =>
  `${name} of ${rows} rows of ${length}${inner === 1 ? '' : ` ${inner} apart`}, ${dtype}`;

/** Where a row begins. */
export const rowStart = ({ length, inner }: RowsDescriptor, row: number): number =>
  Math.floor(row / inner) * length * inner + (row % inner);

/** The uniform `struct Rows` of shaders/lib/rows.wgsl. */
export const rowsParams = ({ rows, length, inner }: RowsDescriptor): Binding => params(rows, length, inner);
