/**
 * @file Arithmetic of int64, which is kept in 32 bits: PyTorch's results go beyond them, so one that does is an error
 * and never another number. What is int32 in PyTorch too wraps as it does there.
 *
 * Where bounds do not show that all results fit, the operation is computed in float32 as well. A result that has
 * wrapped differs from that by a multiple of 2^32, and no other differs by nearly as much.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import type { DType } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { scatterSum } from '../../graph/ops/indexing.ts';
import { matmul } from '../../graph/ops/matmul.ts';
import { lastNodeId, record } from '../../graph/record.ts';
import { recordingNow, recordingWith } from '../../graph/recording.ts';
import type { Attrs, Node, Op } from '../../graph/types.ts';
import { withinBeside, within } from './checks.ts';
import { fitsWord } from './bounds.ts';

const [least, greatest] = [-(2 ** 31), 2 ** 31 - 1];
/** Of float32. */
const greatestFloat = 2 ** 31 - 2 ** 7;
const remedy = 'int64 has 32 bits here';

/** Pointwise operations of whole numbers whose results may be larger than their operands. */
const growing: ReadonlySet<Op> = new Set<Op>([
  ops.add,
  ops.sub,
  ops.mul,
  ops.pow,
  ops.neg,
  ops.abs,
  ops.square,
  ops.addcmul,
  ops.floorDivide,
  ops.truncDivide,
]);

/** Records a pointwise operation of a program's. */
export function recordWhole<A extends Attrs>(op: Op<A>, inputs: readonly Node[], attrs: A): Node {
  const result = record(op, inputs, attrs);
  if (!growing.has(op) || !isInDoubt(result)) return result;
  // A negative power of a whole number is 0 or ±1 here, and may be infinite in floats.
  const operands = op === ops.pow ? [inputs[0], e.maximum(inputs[1], 0)] : inputs;
  return fitting(result, () => inFloats(op, operands, attrs));
}

/** The matrix product of a program's tensors. */
export const productOf = (a: Node, b: Node): Node => recordSums(matmul, [a, b], {}, a.shape.at(-1)!);

/** What a program's tensor adds up at an index. */
export const scatterSumOf = (source: Node, index: Node, dim: number, size: number): Node =>
  recordSums(scatterSum, [source, index], { dim, size }, source.shape[dim]);

/** Sums of at most so many terms. */
function recordSums<A extends Attrs>(op: Op<A>, inputs: readonly Node[], attrs: A, terms: number): Node {
  const result = record(op, inputs, attrs);
  if (!isInDoubt(result)) return result;
  // Beyond that the sum in float32 may itself be off by 2^31.
  const limit = 2 ** 53 / (terms + 2);
  return fitting(
    result,
    () => inFloats(op, inputs, attrs),
    (found) => e.where(e.lt(inFloats(op, inputs, attrs, e.abs), limit), found, Infinity),
  );
}

function isInDoubt(result: Node): boolean {
  return result.dtype === 'int64' && sizeOf(result.shape) > 0 && !fitsWord(result);
}

/** The operation of its operands as floats; an index stays one. */
const inFloats = <A extends Attrs>(op: Op<A>, inputs: readonly Node[], attrs: A, of = (x: Node): Node => x): Node =>
  record(
    op,
    inputs.map((x, i) => ((op as Op) === scatterSum && i === 1 ? x : of(e.cast(x, 'float32')))),
    attrs,
  );

/** The result, where it is as in float32: `judged` is given 0 there. One kernel compares them, compiled or not. */
const fitting = (result: Node, inFloat: () => Node, judged = (found: Node): Node => found): Node =>
  recordingWith({ formula: recordingNow().formula ?? lastNodeId() }, () => {
    const floats = inFloat();
    const apart = e.abs(e.sub(floats, e.cast(result, 'float32')));
    const name = result.op === scatterSum ? 'scatterAdd' : result.op.name;
    return withinBeside(
      result,
      judged(e.where(e.lt(apart, 2 ** 31), 0, floats)),
      { least: 0, greatest: 0 },
      `${name}: a result is about {about}, beyond int32, ${least} to ${greatest}; ${remedy}, so use float32: x.float().${name}(…)`,
    );
  });

/** Converted as a program asks: PyTorch's int64 holds floats that 32 bits do not. */
export function convertedTo(node: Node, dtype: DType): Node {
  if (dtype !== 'int64' || !isFloat(node.dtype)) return e.cast(node, dtype);
  const range = { least, greatest: greatestFloat };
  return e.cast(
    within(node, range, `to: {value}{place} is beyond int32, ${least} to ${greatest}; ${remedy}, so keep it floating`),
    dtype,
  );
}

/** Throws where a number beside a tensor of the dtype is beyond what it holds. */
export function checkNumber(value: number, dtype: DType): void {
  if (dtypes[dtype].kind === 'int' && dtypes[dtype].hostBytes === 4 && !(value >= least && value <= greatest))
    fail(
      `${value} is beyond ${dtype}, ${least} to ${greatest}${dtype === 'int64' ? ` (${remedy})` : ''}; convert the tensor with .float()`,
    );
}
