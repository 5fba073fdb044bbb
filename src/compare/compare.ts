/**
 * @file Holds a tensor of both sides against the float64 reference, and says whether they agree.
 */
import { fail } from '../base/errors.ts';
import type { Shape } from '../base/shape.ts';
import { formatShape, sizeOf } from '../base/shape.ts';
import type { ToleranceContext } from './tolerance.ts';
import { toleranceOf } from './tolerance.ts';
import type { ComparedTensor } from './types.ts';

/** A tensor as doubles, row-major. */
export interface Numbers {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/**
 * Compares one tensor of both sides, each also with the reference. All three have one shape; otherwise it throws.
 * Errors are over the reference's rms; where that is 0, they are absolute.
 */
export function compareTensors(name: string, local: Numbers, remote: Numbers, reference: Numbers, context: ToleranceContext): ComparedTensor {
  for (const [side, { shape, data }] of Object.entries({ local, remote, reference })) {
    if (formatShape(shape) !== formatShape(reference.shape)) fail(`compare: ${name} is ${formatShape(shape)} on the ${side} side; the reference is ${formatShape(reference.shape)}`);
    if (data.length !== sizeOf(shape)) fail(`compare: ${name} has ${data.length} numbers on the ${side} side; ${formatShape(shape)} needs ${sizeOf(shape)}`);
  }
  const rms = rootMeanSquare(reference.data) || 1;
  const maxAbsError = largestError(local.data, remote.data);
  const relativeError = maxAbsError / rms;
  const localError = largestError(local.data, reference.data) / rms;
  const remoteError = largestError(remote.data, reference.data) / rms;
  const { value: tolerance, reason } = toleranceOf(context);
  const verdict = maxAbsError === 0 ? 'equal' : Math.max(relativeError, localError, remoteError) <= tolerance ? 'within tolerance' : 'differs';
  return { name, shape: reference.shape, maxAbsError, relativeError, localError, remoteError, tolerance, toleranceReason: reason, verdict };
}

/** The verdict in a sentence. */
export function verdictText({ verdict, relativeError, localError, remoteError, tolerance, toleranceReason }: ComparedTensor): string {
  const f = (x: number): string => x.toExponential(1);
  if (verdict === 'equal') return 'equal, bit for bit';
  if (verdict === 'within tolerance') return `within tolerance: the sides differ by ${f(relativeError)} of the rms, ${f(tolerance)} is allowed (${toleranceReason})`;
  const off = [localError > tolerance && `this side by ${f(localError)}`, remoteError > tolerance && `the remote by ${f(remoteError)}`].filter((text) => text !== false);
  const who = off.length > 0 ? `${off.join(' and ')} from the float64 reference` : `the sides by ${f(relativeError)} from each other`;
  return `differs: ${who}, where ${f(tolerance)} of the rms is allowed (${toleranceReason})`;
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
