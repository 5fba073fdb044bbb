/**
 * @file Curves over one axis, as SVG. Whoever draws them gives each its class, and says what stands at both ends.
 */
import { useId } from 'preact/hooks';
import type { CurvePlan, Frame } from '../../base/curve.ts';
import { formatNumber } from '../../base/format.ts';

interface Props {
  readonly plan: CurvePlan;
  readonly frame: Frame;
  /** What the picture says to those who do not see it. */
  readonly title: string;
  /** One a curve. */
  readonly classes: readonly string[];
  /** One a curve, where curves are told apart by their strokes too. */
  readonly dashes?: readonly string[];
  readonly ends: readonly [left: string, right: string];
}

/** Room for the numbers at the axes. */
const margin = { left: 64, right: 12, top: 10, bottom: 26 };

export function CurveChart({ plan: { points, ticks }, frame, title, classes, dashes, ends: [left, right] }: Props) {
  const id = useId();
  return (
    <svg
      class="curves"
      viewBox={`0 0 ${margin.left + frame.width + margin.right} ${margin.top + frame.height + margin.bottom}`}
      role="img"
      aria-labelledby={id}
    >
      <title id={id}>{title}</title>
      <g transform={`translate(${margin.left} ${margin.top})`}>
        {ticks.map(({ value, at }) => (
          <g key={value} class="tick">
            <line x1={0} x2={frame.width} y1={at} y2={at} />
            <text x={-8} y={at} dominant-baseline="middle" text-anchor="end">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        <text class="step" x={0} y={frame.height + 18}>
          {left}
        </text>
        {right !== left && (
          <text class="step" x={frame.width} y={frame.height + 18} text-anchor="end">
            {right}
          </text>
        )}
        {points.map((list, i) => (
          <polyline key={i} class={classes[i]} stroke-dasharray={dashes?.[i]} points={list} />
        ))}
      </g>
    </svg>
  );
}
