/**
 * @file The roofline as a picture: two ceilings, and a point for each kernel as large as its time.
 */
import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { highlight } from '../../highlights.ts';
import { select } from '../../selection.ts';
import { kernelSign } from '../kernel-sign.ts';
import { formatRate } from '../rates.ts';
import { logAxis, tickText } from './axis.ts';
import { isLit } from './lit-point.ts';
import type { Point, Roofline } from './points.ts';
import { ridgeOf } from './points.ts';

/** Room for the numbers at the axes. */
const margin = { left: 52, right: 16, top: 14, bottom: 40 };

/** The radius of a point that takes all of the time, and of the least. */
const radius = { most: 26, least: 5 };
/** From this width on a ceiling's name tells how it is known, and the longest kernel has its name. */
const roomy = 560;

/** About so wide is a letter of a name. */
const letterWidth = 7.8;

/** From this radius on there is room for its letter. */
const lettered = 8;

interface Props {
  readonly roofline: Roofline;
  readonly pointed: Signal<Point | undefined>;
}

export function Chart({ roofline: { ceilings, computing }, pointed }: Props) {
  const frame = useRef<HTMLElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => (width.value = entry.contentRect.width));
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  const height = Math.min(360, Math.max(240, width.value * 0.5));
  const told = computing.filter(({ untold }) => !untold);
  const ridge = ridgeOf(ceilings);
  const x = logAxis([...told.map(({ intensity }) => intensity), ridge], margin.left, width.value - margin.right);
  const y = logAxis(
    [...told.map(({ gflops }) => gflops), ceilings.flops, x.low * ceilings.bytes],
    height - margin.bottom,
    margin.top,
  );
  const bend = [x.at(ridge), y.at(ceilings.flops)] as const;
  const foot = [x.at(Math.max(x.low, y.low / ceilings.bytes)), y.at(Math.max(y.low, x.low * ceilings.bytes))] as const;
  const slope = (Math.atan2(bend[1] - foot[1], bend[0] - foot[0]) * 180) / Math.PI;
  const byProbe = width.value >= roomy ? ', measured by a probe' : '';
  const longest = width.value >= roomy ? told[0] : undefined;
  const named = pointed.value && told.includes(pointed.value) ? pointed.value : longest;
  return (
    <figure class="roofline-chart" ref={frame}>
      {width.value > 0 && (
        <svg
          width={width.value}
          height={height}
          role="img"
          aria-label={`Roofline: arithmetic allows ${formatRate(ceilings.flops)} GFLOP/s, memory ${formatRate(ceilings.bytes)} GB/s; the table below has each kernel's figures`}
        >
          <g class="ticks">
            {x.ticks.map(({ value, at }) => (
              <g key={value}>
                <line x1={at} x2={at} y1={margin.top} y2={height - margin.bottom} />
                <text x={at} y={height - margin.bottom + 14} text-anchor="middle">
                  {tickText(value)}
                </text>
              </g>
            ))}
            {y.ticks.map(({ value, at }) => (
              <g key={value}>
                <line x1={margin.left} x2={width.value - margin.right} y1={at} y2={at} />
                <text x={margin.left - 6} y={at} text-anchor="end" dominant-baseline="central">
                  {tickText(value)}
                </text>
              </g>
            ))}
            <text x={width.value - margin.right} y={height - 6} text-anchor="end">
              operations per byte, computed →
            </text>
            <text x={0} y={height - 6}>
              ↑ GFLOP/s
            </text>
          </g>
          <polyline class="ceiling" points={`${foot.join()} ${bend.join()} ${width.value - margin.right},${bend[1]}`} />
          <text class="ceiling-name" x={width.value - margin.right - 4} y={bend[1] - 7} text-anchor="end">
            arithmetic: {formatRate(ceilings.flops)} GFLOP/s{byProbe}
          </text>
          <text
            class="ceiling-name"
            transform={`translate(${(foot[0] + bend[0]) / 2} ${(foot[1] + bend[1]) / 2}) rotate(${slope})`}
            y={-7}
            text-anchor="middle"
          >
            memory: {formatRate(ceilings.bytes)} GB/s{byProbe}
          </text>
          {told.toReversed().map((point) => (
            <Dot
              key={`${point.name} ${point.bytes} ${point.flops}`}
              point={point}
              at={[x.at(point.intensity), y.at(point.gflops)]}
              pointed={pointed}
            />
          ))}
          {named && (
            <Name
              of={named}
              at={[x.at(named.intensity), y.at(named.gflops)]}
              width={width.value}
              bottom={height - margin.bottom}
            />
          )}
        </svg>
      )}
      <figcaption>
        The ceilings are measured by probes. A point is a kernel; its area is its share of the time.
      </figcaption>
    </figure>
  );
}

const radiusOf = ({ share }: Point): number => Math.max(radius.least, radius.most * Math.sqrt(share));

function Dot({
  point,
  at: [x, y],
  pointed,
}: {
  point: Point;
  at: readonly [number, number];
  pointed: Props['pointed'];
}) {
  const { colour, letter } = kernelSign(point.name);
  const r = radiusOf(point);
  const state = [isLit(point, highlight.value) && 'lit', pointed.value === point && 'pointed']
    .filter(Boolean)
    .join(' ');
  return (
    <g
      class={`dot ${state}`}
      style={{ color: colour }}
      onPointerEnter={() => (pointed.value = point)}
      onPointerLeave={() => (pointed.value = undefined)}
      onClick={() => select('kernel', point.name)}
    >
      <circle cx={x} cy={y} r={r} />
      {r >= lettered && (
        <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
          {letter}
        </text>
      )}
    </g>
  );
}

/** Below the point, where no ceiling is; above it at the lower edge. */
function Name({ of: point, at: [x, y], width, bottom }: NameProps) {
  const half = (point.name.length * letterWidth) / 2;
  const below = y + radiusOf(point) + 16;
  return (
    <text
      class="dot-name"
      x={Math.min(Math.max(x, half), width - half)}
      y={below < bottom ? below : y - radiusOf(point) - 8}
      text-anchor="middle"
    >
      {point.name}
    </text>
  );
}

interface NameProps {
  readonly of: Point;
  readonly at: readonly [number, number];
  readonly width: number;
  readonly bottom: number;
}
