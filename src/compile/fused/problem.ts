/**
 * @file A fused reduction as a problem: its buffers by role, and single elements by the references of its operations,
 * row by row.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import { contiguousStrides, sizeOf } from '../../base/shape.ts';
import type { Operand, Problem } from '../../dnn/problem.ts';
import { storedAs } from '../../dnn/reduce/problem.ts';
import { randomNumbers } from '../../dnn/tuner/verify.ts';
import type { Operand as Numbers } from '../../graph/types.ts';
import { oneKernel, twoKernels } from './algorithm.ts';
import { apart } from './apart.ts';
import type { FusedDescriptor, FusedSlots } from './descriptor.ts';
import { describeFused, fusedKey, isPointwise, lengthOf, rowsOf } from './descriptor.ts';

export function fusedProblem(d: FusedDescriptor): Problem<FusedDescriptor, FusedSlots> {
  const elements = d.steps.length * sizeOf(d.shape);
  return {
    operation: 'fused',
    direction: 'forward',
    desc: d,
    key: fusedKey(d),
    description: describeFused(d),
    algorithms: [oneKernel, twoKernels, apart],
    beyondCudnn: true,
    operands: [...sources(d), ...results(d)],
    flops: elements,
    elementFlops: d.steps.length * lengthOf(d),
    reference: (inputs, at) => Float64Array.from(at, elementIn(d, inputs)),
  };
}

const extentOf = (strides: readonly number[], offset: number, shape: readonly number[]): number =>
  shape.reduce((end, size, at) => end + (size - 1) * Math.max(0, strides[at]), offset + 1);

function sources({ inputs, shape }: FusedDescriptor): Operand[] {
  const extents = new Map<number, Operand>();
  for (const input of inputs) {
    if (!('source' in input)) continue;
    const { source, layout, dtype } = input;
    const extent = Math.max(extentOf(layout.strides, layout.offset, shape), extents.get(source)?.elements ?? 0);
    extents.set(source, {
      role: `x${source}`,
      elements: extent,
      dtype: storedAs(dtype),
      access: 'read',
      // Formulas such as a logarithm want positive numbers.
      example: () => randomNumbers(extent, source + 1).map((v) => (isFloat(dtype) ? (3 + v) / 4 : v > 0 ? 1 : 0)),
    });
  }
  return [...extents.values()];
}

/** The last step's first: that is the one that is verified. */
const results = (d: FusedDescriptor): Operand[] =>
  d.steps
    .flatMap(({ written, wide, dtype }, s): Operand[] =>
      written
        ? [{ role: `y${s}`, elements: wide ? sizeOf(d.shape) : rowsOf(d), dtype: storedAs(dtype), access: 'write' }]
        : [],
    )
    .toReversed();

/** The last result at a flat index; a row is kept for its other elements. */
function elementIn(d: FusedDescriptor, inputs: Readonly<Record<string, Float64Array>>): (i: number) => number {
  const s = d.steps.findLastIndex(({ written }) => written);
  if (!d.steps[s].wide) return (row) => rowValues(d, inputs, row)[s].data[0];
  const rows = new Map<number, Float64Array>();
  const strides = contiguousStrides(d.shape);
  return (i) => {
    let [row, along] = [0, 0];
    d.shape.forEach((size, at) => {
      const index = Math.floor(i / strides[at]) % size;
      if (d.dims.includes(at)) along = along * size + index;
      else row = row * size + index;
    });
    let values = rows.get(row);
    if (!values) rows.set(row, (values = rowValues(d, inputs, row)[s].data));
    return values[along];
  };
}

/** Every step's numbers in a row, rounded as they are stored. */
function rowValues(d: FusedDescriptor, buffers: Readonly<Record<string, Float64Array>>, row: number): Numbers[] {
  const length = lengthOf(d);
  const kept = d.shape.map((_, at) => at).filter((at) => !d.dims.includes(at));
  const index = (dims: readonly number[], strides: readonly number[], i: number): number =>
    dims.reduceRight(
      ({ sum, rest }, at) => ({ sum: sum + (rest % d.shape[at]) * strides[at], rest: Math.floor(rest / d.shape[at]) }),
      { sum: 0, rest: i },
    ).sum;
  const values = d.inputs.map((input): Numbers => {
    if ('constant' in input) return { data: Float64Array.of(input.constant), shape: [1], dtype: input.dtype };
    const { layout, source, dtype, wide } = input;
    const begin = layout.offset + index(kept, layout.strides, row);
    const data = Float64Array.from(
      { length: wide ? length : 1 },
      (_, a) => buffers[`x${source}`][begin + index(d.dims, layout.strides, a)],
    );
    return { data, shape: [data.length], dtype };
  });
  for (const step of d.steps) {
    const output = { shape: [step.wide ? length : 1], dtype: step.dtype };
    const attrs = isPointwise(step) ? step.attrs : { ...step.attrs, dims: [0], dim: 0, keepdim: true };
    const data = step.op.reference!(
      step.args.map((arg) => values[arg]),
      attrs,
      output,
    );
    values.push({ ...output, data: data.map(dtypes[step.dtype].round) });
  }
  return values.slice(d.inputs.length);
}
