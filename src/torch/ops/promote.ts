/**
 * @file Type promotion, as PyTorch does it: a tensor with dimensions outweighs one without, and both outweigh a plain
 * number, as long as the kind (bool, integer, float) stays the same.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes, promote } from '../../base/dtype.ts';
import * as e from '../../graph/expr.ts';
import { full } from '../../graph/ops/full.ts';
import type { Node } from '../../graph/types.ts';
import type { Tensor } from '../tensor.ts';
import { checkNumber } from './int64.ts';

/** What an operation takes beside tensors. */
export type Operand = Tensor | number | boolean;

const kinds = ['bool', 'int', 'float'] as const;
const defaultOf: Record<(typeof kinds)[number], DType> = { bool: 'bool', int: 'int64', float: 'float32' };

const kindOfNumber = (x: number | boolean): (typeof kinds)[number] =>
  typeof x === 'boolean' ? 'bool' : Number.isInteger(x) ? 'int' : 'float';

/** The dtype that an operation on these computes in. */
export function resultType(...operands: readonly Operand[]): DType {
  let best: DType | undefined;
  for (const group of [
    operands.filter((o) => typeof o === 'object' && o.ndim > 0),
    operands.filter((o) => typeof o === 'object' && o.ndim === 0),
  ]) {
    const dtype = (group as Tensor[])
      .map((t) => t.dtype)
      .reduce<DType | undefined>((a, b) => (a ? promote(a, b) : b), undefined);
    best = outranks(dtype, best);
  }
  for (const o of operands) if (typeof o !== 'object') best = outranks(defaultOf[kindOfNumber(o)], best);
  return best ?? 'float32';
}

/** The later group decides only if it is of a higher kind. */
function outranks(later: DType | undefined, earlier: DType | undefined): DType | undefined {
  if (!later || !earlier) return earlier ?? later;
  return kinds.indexOf(dtypes[later].kind) > kinds.indexOf(dtypes[earlier].kind) ? later : earlier;
}

/** The operands as nodes of the dtype; numbers become constants on the device of the first tensor. */
export function toNodes(operands: readonly Operand[], dtype: DType): Node[] {
  const device = (operands.find((o) => typeof o === 'object' && o.ndim > 0) ??
    operands.find((o) => typeof o === 'object')) as Tensor;
  return operands.map((o) => {
    if (typeof o === 'object') return e.cast(o.node, dtype);
    // The function that was called says so with all of its arguments.
    if (typeof o !== 'number' && typeof o !== 'boolean') throw new TypeError(`${typeof o} is not an operand`);
    checkNumber(Number(o), dtype);
    return full([], dtype, Number(o), device.node.device);
  });
}
