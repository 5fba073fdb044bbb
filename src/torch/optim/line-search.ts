/**
 * @file A line search for the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5
 * and 3.6), with PyTorch's constants and decisions, so that both take the same steps.
 */
import type { Tensor } from '../tensor.ts';

/** A point on the line: how far, the loss, the gradient [n], and the gradient's part along the line. */
export interface Point {
  readonly t: number;
  readonly loss: number;
  readonly gradient: Tensor;
  readonly slope: number;
}

const [enoughFall, enoughFlattening, most] = [1e-4, 0.9, 25];

/** The lowest point of the cubic through two points and their slopes, kept within bounds. */
function cubic(a: Point, b: Point, [least, largest] = [Math.min(a.t, b.t), Math.max(a.t, b.t)]): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 ** 2 - a.slope * b.slope;
  if (!(square >= 0)) return (least + largest) / 2;
  const d2 = Math.sqrt(square);
  const [near, far] = a.t <= b.t ? [a, b] : [b, a];
  const t = far.t - (far.t - near.t) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2));
  return Math.min(Math.max(t, least), largest);
}

/**
 * From `start`, at t = 0, and the first `t` to try: a point that is low and flat enough, or the best one found.
 * `reach` is the largest element of the direction: below `tolerance`, a change is none.
 */
export async function strongWolfe(
  at: (t: number) => Promise<Point>,
  start: Point,
  t: number,
  reach: number,
  tolerance: number,
): Promise<{ readonly point: Point; readonly evaluations: number }> {
  const isHigh = (point: Point): boolean => point.loss > start.loss + enoughFall * point.t * start.slope;
  const isFlat = (point: Point): boolean => Math.abs(point.slope) <= -enoughFlattening * start.slope;
  let [before, now] = [start, await at(t)];
  let evaluations = 1;
  let tries = 0;
  let bracket: [Point, Point] | undefined;
  while (tries < most) {
    if (isHigh(now) || (tries > 1 && now.loss >= before.loss)) bracket = [before, now];
    else if (isFlat(now)) return { point: now, evaluations };
    else if (now.slope >= 0) bracket = [before, now];
    if (bracket) break;
    const next = cubic(before, now, [now.t + 0.01 * (now.t - before.t), now.t * 10]);
    [before, now] = [now, await at(next)];
    evaluations++;
    tries++;
  }
  const ends = bracket ?? [start, now];
  const ordered = (): [low: 0 | 1, high: 0 | 1] => (ends[0].loss <= ends[1].loss ? [0, 1] : [1, 0]);
  let [low, high] = ordered();
  let wasNearAnEnd = false;
  while (tries < most && Math.abs(ends[1].t - ends[0].t) * reach >= tolerance) {
    const [least, largest] = [Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t)];
    let next = cubic(ends[0], ends[1]);
    const margin = 0.1 * (largest - least);
    const isNearAnEnd = Math.min(largest - next, next - least) < margin;
    if (isNearAnEnd && (wasNearAnEnd || next >= largest || next <= least)) {
      next = Math.abs(next - largest) < Math.abs(next - least) ? largest - margin : least + margin;
      wasNearAnEnd = false;
    } else wasNearAnEnd = isNearAnEnd;
    const point = await at(next);
    evaluations++;
    tries++;
    if (isHigh(point) || point.loss >= ends[low].loss) {
      ends[high] = point;
      [low, high] = ordered();
      continue;
    }
    if (isFlat(point)) return { point, evaluations };
    if (point.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = point;
  }
  return { point: ends[low], evaluations };
}
