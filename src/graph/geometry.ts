/**
 * @file The geometry of a sliding window: output sizes, and every check that PyTorch makes on the way.
 */
import { fail } from '../base/errors.ts';

export interface ConvGeometry {
  readonly x: readonly [N: number, C: number, H: number, W: number];
  readonly w: readonly [K: number, C: number, R: number, S: number];
  readonly stride?: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

/** The output's height and width, after every check that PyTorch makes too. */
export function convOutputSize(what: string, geometry: ConvGeometry): [P: number, Q: number] {
  const { x, w, stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 } = geometry;
  const whole = (name: string, values: readonly number[], least: number): void => {
    for (const v of values)
      if (!Number.isInteger(v) || v < least) fail(`${what}: ${name} ${v} is not a whole number of at least ${least}`);
  };
  whole('stride', stride, 1);
  whole('padding', padding, 0);
  whole('dilation', dilation, 1);
  whole('groups', [groups], 1);
  if (x[1] % groups !== 0) fail(`${what}: ${x[1]} input channels do not divide into ${groups} groups`);
  if (w[0] % groups !== 0) fail(`${what}: ${w[0]} output channels do not divide into ${groups} groups`);
  if (x[1] !== w[1] * groups) {
    fail(
      `${what}: weight expects ${w[1] * groups} input channels (${w[1]} × ${groups} groups), got ${x[1]}; check the input's second dimension and groups`,
    );
  }
  whole('filter size', [w[2], w[3]], 1);
  const out = (
    size: number,
    before: number,
    after: number,
    filter: number,
    d: number,
    s: number,
    name: string,
  ): number => {
    const reach = d * (filter - 1) + 1;
    if (size + before + after < reach) {
      fail(
        `${what}: the filter reaches over ${reach} elements but the padded input's ${name} is ${size + before + after}; add padding or use a smaller filter`,
      );
    }
    return Math.floor((size + before + after - reach) / s) + 1;
  };
  return [
    out(x[2], padding[0], padding[1], w[2], dilation[0], stride[0], 'height'),
    out(x[3], padding[2], padding[3], w[3], dilation[1], stride[1], 'width'),
  ];
}
