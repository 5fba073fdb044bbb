/**
 * @file full: a tensor of one value, held as a constant of the graph rather than as memory.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { pythonNumber, pythonTuple } from '../../base/python.ts';
import { checkShape, sizeOf } from '../../base/shape.ts';
import type { Shape } from '../../base/shape.ts';
import { constant } from '../record.ts';
import type { Attrs, DeviceType, Node, Op } from '../types.ts';

export interface FullAttrs extends Attrs {
  readonly value: number;
}

export const fullOp: Op<FullAttrs> = {
  name: 'full',
  infer: () => {
    throw new Error('full: a constant is made by full(), not recorded');
  },
  reference: (_, { value }, output) => new Float64Array(sizeOf(output.shape)).fill(value),
  gradient: 'none',
  sums: 'none',
  python: (_, { value }, { shape, dtype }) =>
    `torch.full(${pythonTuple(shape.map(String))}, ${pythonNumber(value)}, dtype=${dtypes[dtype].python}, device=device)`,
};

export function full(shape: Shape, dtype: DType, value: number, device: DeviceType): Node {
  checkShape('full', shape);
  return constant(fullOp, { shape, dtype }, { value: dtypes[dtype].round(value) }, device);
}
