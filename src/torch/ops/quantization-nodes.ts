/**
 * @file Scales and zero points of quantised tensors as nodes, checked where they are numbers.
 */
import type { DType } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { levelsOf } from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import type { Node } from '../../graph/types.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat } from './apply.ts';
import { within } from './checks.ts';

/**
 * The real distance of two levels, or the level of 0: a number, or a tensor where it is computed or there is one a
 * channel.
 */
export type QuantizationParameter = number | Tensor;

export type Range = readonly [low: number, high: number];

/** Where a parameter's elements belong: to all of x, or to the channels along a dimension. */
export interface Place {
  readonly x: Tensor;
  /** The parameter's shape beside x: [] for one, [C, 1, …] for one a channel. */
  readonly shape: readonly number[];
}

function parameterNode(what: string, name: string, t: Tensor, { shape }: Place, dtype: DType): Node {
  if (sizeOf(t.node.shape) !== sizeOf(shape))
    fail(
      `${what}: ${name} has shape ${t.shape}; expected ${sizeOf(shape)} ${sizeOf(shape) === 1 ? 'element' : 'elements, one for each channel'}`,
    );
  return e.cast(e.reshape(t.node, shape), dtype);
}

/** A scale and its inverse. A tensor's elements are not looked at; they are the caller's to keep positive. */
export function scaleNodes(
  what: string,
  name: string,
  scale: QuantizationParameter,
  place: Place,
): { scale: Node; inverse: Node } {
  if (typeof scale !== 'object') {
    const rounded = Math.fround(scale);
    if (!(rounded >= 2 ** -126 && rounded <= 2 ** 126))
      fail(
        `${what}: ${name} ${scale} is not a positive number; it is the distance of two levels, such as (max − min) / 255`,
      );
    const { device } = place.x.node;
    return { scale: full([], 'float32', scale, device), inverse: full([], 'float32', 1 / rounded, device) };
  }
  requireFloat(`${what}: ${name}`, scale);
  const node = parameterNode(what, name, scale, place, 'float32');
  return { scale: node, inverse: e.div(1, node) };
}

/** A zero point in the range. */
export function zeroPointNode(
  what: string,
  name: string,
  zeroPoint: QuantizationParameter,
  place: Place,
  [low, high]: Range,
): Node {
  if (typeof zeroPoint !== 'object') {
    if (!Number.isInteger(zeroPoint) || zeroPoint < low || zeroPoint > high)
      fail(`${what}: ${name} ${zeroPoint} is not a whole number from ${low} to ${high}`);
    return full([], 'int32', zeroPoint, place.x.node.device);
  }
  if (dtypes[zeroPoint.dtype].kind !== 'int')
    fail(`${what}: ${name} is ${zeroPoint.dtype}; zero points are whole numbers, convert with .long()`);
  const message = `${what}: ${name} {value}{place} is not from ${low} to ${high}`;
  const levels = new Tensor(within(zeroPoint.node, { least: low, greatest: high }, message));
  return parameterNode(what, name, levels, place, dtypes[levels.dtype].hostBytes === 4 ? levels.dtype : 'int32');
}

/** The range of a quantised tensor's levels; throws where it is none. */
export function levelRange(what: string, x: Tensor): Range {
  if (x.dtype !== 'int8' && x.dtype !== 'uint8')
    fail(`${what}: input is ${x.dtype}; expected int8 or uint8, as quantizePerTensor gives it`);
  return levelsOf[x.dtype];
}
