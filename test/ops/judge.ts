/**
 * @file Compares results with PyTorch's: shapes and dtypes exactly, numbers within a tolerance derived from the dtype
 * and from how many terms were summed.
 */
import { decode, isFloat } from '../../src/base/dtype.ts';
import type { DType } from '../../src/base/dtype.ts';
import { formatShape, sameShape, sizeOf } from '../../src/base/shape.ts';
import type { HostTensor } from '../../src/base/safetensors.ts';
import type { Case, CaseOptions } from './case.ts';
import { titleOf } from './case.ts';
import type { Results } from './evaluate.ts';

/** Half the distance between neighbouring numbers at 1. */
const unitOf: Partial<Record<DType, number>> = { float32: 2 ** -24, float16: 2 ** -11, bfloat16: 2 ** -8 };

export interface Judgement {
  readonly complaints: readonly string[];
  /** The largest error by dtype, in units in the last place of the larger of the element and the tensor's rms. */
  readonly errors: Partial<Record<DType, number>>;
  readonly compared: number;
}

export function judge(c: Case, got: Results, expected: Results): Judgement {
  const complaints: string[] = [];
  const errors: Partial<Record<DType, number>> = {};
  const complain = (name: string, text: string): void => void complaints.push(`${titleOf(c)}, ${name}: ${text}`);
  for (const name of got.keys()) if (!expected.has(name)) complain(name, 'PyTorch has none');
  const terms = Object.values(c.inputs).reduce((n, { shape }) => n + sizeOf(shape), 0);
  for (const [name, want] of expected) {
    const is = got.get(name);
    // A second derivative that is 0 everywhere may also be told by none.
    if (!is && name.startsWith('grad2') && numbers(want).every((v) => v === 0)) continue;
    if (!is) complain(name, 'missing');
    else if (!sameShape(is.shape, want.shape) || is.dtype !== want.dtype)
      complain(name, `${is.dtype} ${formatShape(is.shape)} where PyTorch has ${want.dtype} ${formatShape(want.shape)}`);
    else {
      const { error, at } = furthest(is, want, c);
      errors[is.dtype] = Math.max(errors[is.dtype] ?? 0, error);
      const length = c.length ?? Math.ceil(terms / Math.max(1, sizeOf(want.shape)));
      const allowed = isFloat(is.dtype) ? tolerance(length) * (c.slack ?? 1) : 0;
      if (!(error <= allowed))
        complain(
          name,
          `element ${at} is ${numbers(is)[at]} where PyTorch has ${numbers(want)[at]}: ${error.toPrecision(3)} units apart, ${allowed.toPrecision(3)} allowed`,
        );
    }
  }
  return { complaints, errors, compared: expected.size };
}

/**
 * In units: eight for a few roundings and functions of two units each on either side, and for a sum of n terms the
 * square root of n, since rounding errors are as often up as down.
 */
const tolerance = (length: number): number => 8 + 2 * Math.sqrt(length);

const numbers = ({ dtype, data }: HostTensor): Float64Array => decode(dtype, data);

function furthest(
  is: HostTensor,
  want: HostTensor,
  { relative = false, scale = 0 }: CaseOptions,
): { error: number; at: number } {
  const [a, b] = [numbers(is), numbers(want)];
  const finite = b.filter(Number.isFinite);
  const rms = relative ? 0 : Math.sqrt(finite.reduce((s, v) => s + v * v, 0) / Math.max(1, finite.length));
  // Below the smallest normal number a device may flush to 0.
  const floor = want.dtype === 'float16' ? 2 ** -14 : 2 ** -126;
  const unit = unitOf[want.dtype] ?? 1;
  let error = 0;
  let at = 0;
  b.forEach((value, i) => {
    if (Object.is(a[i], value) || a[i] === value) return;
    if (isFloat(want.dtype) && Math.abs(a[i]) <= floor && Math.abs(value) <= floor) return;
    const distance = Number.isFinite(value)
      ? Math.abs(a[i] - value) / (isFloat(want.dtype) ? unit * Math.max(Math.abs(value), rms, floor, scale) : 1)
      : Infinity;
    if (distance <= error) return;
    error = Number.isNaN(distance) ? Infinity : distance;
    at = i;
  });
  return { error, at };
}
