/**
 * @file A reduction as a problem: its operands by role, and single outputs by the operation's own reference.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import type { Operand, Problem } from '../problem.ts';
import { randomNumbers } from '../tuner/verify.ts';
import { reductionOf } from './accumulator.ts';
import type { ReduceSlots } from './algorithm.ts';
import type { ReduceDescriptor } from './descriptor.ts';
import { describeReduction, extentOf, lengthOf, outputsOf, walked } from './descriptor.ts';
import { reduceAlgorithms } from './table.ts';

export function reduceProblem(d: ReduceDescriptor): Problem<ReduceDescriptor, ReduceSlots> {
  const x = extentOf(d);
  const operands: Operand[] = [
    { role: 'x', elements: x, dtype: storedAs(d.dtype), access: 'read', example: () => exampleOf(d, x) },
    { role: 'y', elements: outputsOf(d), shape: d.kept.sizes, dtype: storedAs(d.result), access: 'write' },
    ...(d.asserts ? [assertionsOperand] : []),
  ];
  return {
    operation: 'reduction',
    direction: 'forward',
    desc: d,
    key: `reduction ${JSON.stringify(d)}`,
    description: describeReduction(d),
    algorithms: reduceAlgorithms,
    beyondCudnn: true,
    operands,
    flops: outputsOf(d) * lengthOf(d),
    reference: (inputs, at) => Float64Array.from(at, (o) => output(d, inputs.x, o)),
  };
}

/** What a kernel tells wrong results by: `struct Assertions` of shaders/lib/assertions.wgsl. */
export const assertionsOperand: Operand = { role: 'assertions', elements: 4, dtype: 'int32', access: 'write' };

/** Bools and small integers take a word each. */
export const storedAs = (dtype: DType): Operand['dtype'] =>
  dtype === 'float32' || dtype === 'float16' ? dtype : 'int32';

/** Products stay near 1, and small whole numbers are told apart. */
function exampleOf({ name, dtype }: ReduceDescriptor, count: number): Float64Array {
  const numbers = randomNumbers(count, 1);
  if (!isFloat(dtype)) return numbers.map((v) => (name === 'prod' ? Math.sign(v) : Math.round(3 * v)));
  return name === 'prod' ? numbers.map((v) => Math.sign(v) * 2 ** (v / 16)) : numbers;
}

/** y at index o: the reference of its elements in a row. */
function output(d: ReduceDescriptor, x: Float64Array, o: number): number {
  const begin = d.offset + walked(d.kept, o);
  const data = Float64Array.from({ length: lengthOf(d) }, (_, a) => x[begin + walked(d.along, a)]);
  const attrs = { dims: [0], keepdim: false, correction: d.correction };
  return reductionOf(d.name).reference!([{ data, shape: [data.length], dtype: d.dtype }], attrs, {
    shape: [],
    dtype: d.result,
  })[0];
}
