/**
 * @file Holds a tensor of both sides against the float64 reference, and says whether they agree.
 */
import { fail } from '../base/errors.ts';
import type { Shape } from '../base/shape.ts';
import { formatShape, sizeOf } from '../base/shape.ts';
import type { ComparedLayer, ComparedTensor } from './types.ts';

/** What is smaller beside its like cannot be told from rounding. */
const float32Epsilon = 2 ** -23;

/** A tolerance above this share of the rms hides most faults. */
const vagueTolerance = 0.5;

/** A tensor as doubles, row-major. */
export interface Numbers {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** How far a side may be off, and why. */
export interface Allowance {
  /** The largest |error|; `relative`: over the rms of the tensor. */
  readonly error: number;
  readonly relative?: boolean;
  readonly reason: string;
}

/**
 * Compares one tensor of both sides, each also with the reference, where there is one. All have one shape; otherwise it
 * throws. Errors are over the reference's rms, or else the remote's; where that is 0, they are absolute. `scale` is the
 * rms of what the tensor is a difference of: where the tensor itself vanishes beside it, errors are over the scale.
 */
export function compareTensors(
  name: string,
  local: Numbers,
  remote: Numbers,
  reference: Numbers | undefined,
  allowed: Allowance,
  scale = 0,
): ComparedTensor {
  const { shape: expected } = reference ?? local;
  for (const [side, { shape, data }] of Object.entries({ local, remote, ...(reference && { reference }) })) {
    if (formatShape(shape) !== formatShape(expected))
      fail(
        `compare: ${name} is ${formatShape(shape)} on the ${side} side; the ${reference ? 'reference' : 'local one'} is ${formatShape(expected)}`,
      );
    if (data.length !== sizeOf(shape))
      fail(
        `compare: ${name} has ${data.length} numbers on the ${side} side; ${formatShape(shape)} needs ${sizeOf(shape)}`,
      );
  }
  const own = rootMeanSquare((reference ?? remote).data);
  const vanishes = own < scale * float32Epsilon;
  const rms = (vanishes ? scale : own) || 1;
  const maxAbsError = largestError(local.data, remote.data);
  const relativeError = maxAbsError / rms;
  const errors = reference && {
    localError: largestError(local.data, reference.data) / rms,
    remoteError: largestError(remote.data, reference.data) / rms,
  };
  const tolerance = allowed.relative ? allowed.error : allowed.error / rms;
  const toleranceReason = vanishes
    ? `${allowed.reason}; it is 0 except for rounding, so errors are relative to the rms of similar tensors`
    : allowed.reason;
  const worst = Math.max(relativeError, errors?.localError ?? 0, errors?.remoteError ?? 0);
  const verdict = maxAbsError === 0 ? 'equal' : worst <= tolerance ? 'within tolerance' : 'differs';
  const caveat =
    caveatOf(local.data, remote.data) ??
    (tolerance > vagueTolerance && verdict !== 'equal'
      ? 'rounding alone may change it that much, so the verdict says little'
      : undefined);
  return {
    name,
    shape: expected,
    maxAbsError,
    relativeError,
    ...errors,
    tolerance,
    toleranceReason,
    verdict,
    ...(caveat !== undefined && { caveat }),
  };
}

/** What the numbers cannot show: there are none, or some are NaN or infinite. */
function caveatOf(local: ArrayLike<number>, remote: ArrayLike<number>): string | undefined {
  if (local.length === 0) return 'it has no elements, so there is nothing to compare';
  const [here, there] = [local, remote].map(countNonFinite);
  if (here === 0 && there === 0) return undefined;
  return here === there
    ? `${here} of ${local.length} elements are NaN or infinite on both sides`
    : `${here} of ${local.length} elements are NaN or infinite here, ${there} on the remote`;
}

function countNonFinite(data: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) count += 1;
  return count;
}

/** The verdict in a sentence. */
export function verdictText({
  verdict,
  relativeError,
  localError = 0,
  remoteError = 0,
  tolerance,
  toleranceReason,
}: ComparedTensor): string {
  const f = (x: number): string => x.toExponential(1);
  if (verdict === 'equal') return 'equal, bit for bit';
  if (verdict === 'within tolerance')
    return `within tolerance: the sides differ by ${f(relativeError)} of the rms; ${f(tolerance)} is allowed (${toleranceReason})`;
  const off = [
    localError > tolerance && `this side by ${f(localError)}`,
    remoteError > tolerance && `the remote by ${f(remoteError)}`,
  ].filter((text) => text !== false);
  const who =
    off.length > 0 ? `${off.join(' and ')} from the float64 reference` : `the sides differ by ${f(relativeError)}`;
  return `differs: ${who}, where ${f(tolerance)} of the rms is allowed (${toleranceReason})`;
}

/** The first layer whose outputs differ: what comes after it differs because of it. */
export function firstParting(layers: readonly ComparedLayer[]): ComparedLayer | undefined {
  return layers.find(({ tensor }) => tensor?.verdict === 'differs');
}

/** Largest |a − b|. Equal infinities and a NaN on both sides agree; a NaN on one side is an infinite error. */
export function largestError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue;
    const error = Math.abs(a[i] - b[i]);
    if (Number.isNaN(error)) return Infinity;
    if (error > worst) worst = error;
  }
  return worst;
}

/** Root of the mean square of the finite numbers. */
export function rootMeanSquare(data: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) continue;
    sum += data[i] * data[i];
    count += 1;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
