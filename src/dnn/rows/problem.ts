/**
 * @file What walks along rows as a problem: its operands by role, and single elements by the operation's own reference
 * of their row.
 */
import { isFloat } from '../../base/dtype.ts';
import { cumprod, cumsum } from '../../graph/ops/scan.ts';
import { logSoftmax, softmax } from '../../graph/ops/softmax.ts';
import type { Op } from '../../graph/types.ts';
import type { Problem } from '../problem.ts';
import type { ReduceSlots } from '../reduce/algorithm.ts';
import { assertionsOperand, storedAs } from '../reduce/problem.ts';
import { randomNumbers } from '../tuner/verify.ts';
import type { RowsDescriptor } from './descriptor.ts';
import { describeRows, elementsOf, rowStart } from './descriptor.ts';
import { isSoftmax, rowsAlgorithms } from './table.ts';

const operations: Record<RowsDescriptor['name'], Op> = { softmax, logSoftmax, cumsum, cumprod };

export function rowsProblem(d: RowsDescriptor): Problem<RowsDescriptor, ReduceSlots> {
  const elements = elementsOf(d);
  const shape = [d.rows / d.inner, d.length, d.inner];
  return {
    operation: isSoftmax(d) ? 'softmax' : 'scan',
    direction: 'forward',
    desc: d,
    key: `${isSoftmax(d) ? 'softmax' : 'scan'} ${JSON.stringify(d)}`,
    description: describeRows(d),
    algorithms: rowsAlgorithms(d),
    beyondCudnn: true,
    operands: [
      { role: 'x', elements, dtype: storedAs(d.dtype), access: 'read', example: () => exampleOf(d) },
      { role: 'y', elements, shape, dtype: storedAs(d.result), access: 'write' },
      ...(d.asserts ? [assertionsOperand] : []),
    ],
    flops: 2 * elements,
    elementFlops: 2 * d.length,
    reference: ({ x }, at) => Float64Array.from(at, elementIn(d, x)),
  };
}

/** Products stay near 1, and small whole numbers are told apart. */
function exampleOf(d: RowsDescriptor): Float64Array {
  const numbers = randomNumbers(elementsOf(d), 1);
  if (!isFloat(d.dtype)) return numbers.map((v) => (d.name === 'cumprod' ? Math.sign(v) : Math.round(3 * v)));
  return d.name === 'cumprod' ? numbers.map((v) => Math.sign(v) * 2 ** (v / 16)) : numbers;
}

/** y at a flat index; a row is kept for its other elements. */
function elementIn(d: RowsDescriptor, x: Float64Array): (i: number) => number {
  const { length, inner } = d;
  const rows = new Map<number, Float64Array>();
  return (i) => {
    const row = Math.floor(i / (length * inner)) * inner + (i % inner);
    let values = rows.get(row);
    if (!values) {
      const data = Float64Array.from({ length }, (_, a) => x[rowStart(d, row) + a * inner]);
      const attrs = { dim: 0, reverse: d.reverse === true };
      const output = { shape: [length], dtype: d.result };
      values = operations[d.name].reference!([{ data, shape: [length], dtype: d.dtype }], attrs, output);
      rows.set(row, values);
    }
    return values[Math.floor(i / inner) % length];
  };
}
