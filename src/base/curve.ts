/**
 * @file Where the points of curves lie in a picture: plain numbers, no drawing.
 */

export interface Frame {
  readonly width: number;
  readonly height: number;
}

export interface Tick {
  readonly at: number;
  readonly value: number;
}

export interface CurvePlan {
  /** Of each curve, `'0,10 5,20'` as SVG's polyline takes it. */
  readonly points: readonly string[];
  readonly ticks: readonly Tick[];
  /** What lies at the left and at the right edge. */
  readonly span: { readonly least: number; readonly most: number };
  /** What falls by orders of magnitude, as losses do, is drawn by its logarithm. */
  readonly logarithmic: boolean;
}

/** Above this quotient of largest and smallest a linear axis shows nothing of the small ones. */
const wideSpan = 30;

/** Curves in one frame, from left to right by `xs`, which are steps from 0 unless they are given. */
export function planCurves(
  curves: readonly (readonly number[])[],
  { width, height }: Frame,
  xs: readonly (readonly number[])[] = curves.map((curve) => curve.map((_, step) => step)),
): CurvePlan {
  const { least: low, most: high } = rangeOf(curves);
  const logarithmic = low > 0 && high / low > wideSpan;
  const ticks = logarithmic ? powersOfTen(low, high) : evenSteps(low, high);
  const scale = logarithmic ? Math.log10 : (x: number): number => x;
  const [bottom, top] = [scale(Math.min(low, ticks[0])), scale(Math.max(high, ticks.at(-1)!))];
  const y = (value: number): number => height * (1 - (top === bottom ? 0.5 : (scale(value) - bottom) / (top - bottom)));
  const span = rangeOf(xs);
  const wide = span.most - span.least || 1;
  const place = (value: number, at: number): string =>
    `${round((width * (at - span.least)) / wide)},${round(y(value))}`;
  return {
    points: curves.map((curve, c) =>
      curve
        .flatMap((value, i) => (Number.isFinite(value) && Number.isFinite(xs[c][i]) ? [place(value, xs[c][i])] : []))
        .join(' '),
    ),
    span,
    ticks: ticks.map((value) => ({ value, at: round(y(value)) })),
    logarithmic,
  };
}

function rangeOf(lists: readonly (readonly number[])[]): CurvePlan['span'] {
  let [least, most] = [Infinity, -Infinity];
  for (const x of lists.flat()) {
    if (!Number.isFinite(x)) continue;
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  return least > most ? { least: 0, most: 0 } : { least, most };
}

function powersOfTen(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil((last - first) / 4);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => 10 ** (first + i * every));
}

/** Three to six round numbers around the range. */
function evenSteps(low: number, high: number): number[] {
  if (low === high) return [low];
  const rough = (high - low) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough)!;
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

const round = (x: number): number => Math.round(x * 100) / 100;
