/**
 * @file Memory as a picture: a column for each kernel in the order of running, stacked by owner.
 */
import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { formatBytes } from '../../../base/format.ts';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { select } from '../../selection.ts';
import { placeWithin, sized, useMeasured } from '../measured.ts';
import type { Band, Column, MemoryRun } from './columns.ts';
import { bands, byteTicks, thinned } from './columns.ts';
import { looks } from './owners.ts';

/** Room for the numbers at the axes. */
const margin = { left: 64, right: 8, top: 8, bottom: 24 };
const height = 190;
/** A letter needs so much of a band, and a gap between columns so much of a column. */
const lettered = { width: 14, height: 16 };
const gapFrom = 12;

interface Props {
  readonly run: MemoryRun;
  /** What pointer or keys are on. */
  readonly pointed: Signal<Column | undefined>;
}

export function Chart({ run, pointed }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useMeasured(frame);
  const inner = Math.max(1, width.value - margin.left - margin.right);
  const columns = thinned(run.columns, Math.floor(inner / 2));
  const ticks = byteTicks(run.peak.total);
  const bottom = height - margin.bottom;
  const y = (bytes: number): number => bottom - (bytes / ticks.at(-1)!) * (bottom - margin.top);
  const wide = inner / columns.length;
  const gap = wide >= gapFrom ? 2 : 0;
  const left = (i: number): number => margin.left + i * wide;
  const placeOf = (column: Column | undefined): number => columns.findIndex((one) => one === column);
  const at = (event: MouseEvent): Column => {
    const x = placeWithin(frame.current!, event).x - margin.left;
    return columns[Math.min(columns.length - 1, Math.max(0, Math.floor(x / wide)))];
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = Math.max(0, placeOf(pointed.value ?? run.peak));
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: columns.length - 1 }[event.key];
    if (next !== undefined) pointed.value = columns[Math.min(columns.length - 1, Math.max(0, next))];
    else if (event.key === 'Enter' && pointed.value?.kernel !== undefined) select('kernel', pointed.value.kernel);
    else return;
    event.preventDefault();
  };
  const shown = placeOf(pointed.value);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys
    <div
      ref={frame}
      class="picture"
      role="application"
      aria-label={say({
        en: `Memory in use at each of ${run.columns.length} kernels, by owner; arrow keys go from kernel to kernel, Enter selects`,
        zh: `${run.columns.length} 个内核各自运行时的内存占用，按归属区分；方向键逐个内核移动，Enter 选中`,
      })}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => (pointed.value = at(event))}
      onPointerLeave={() => (pointed.value = undefined)}
      onClick={(event) => {
        const { kernel } = at(event);
        if (kernel !== undefined) select('kernel', kernel);
      }}
      onBlur={() => (pointed.value = undefined)}
    >
      {width.value > 0 && (
        <svg {...sized(width.value, height)} aria-hidden="true">
          {ticks.map((bytes) => (
            <g key={bytes} class="tick">
              <line x1={margin.left} x2={width.value - margin.right} y1={y(bytes)} y2={y(bytes)} />
              <text x={margin.left - 8} y={y(bytes)} text-anchor="end" dominant-baseline="central">
                {formatBytes(bytes)}
              </text>
            </g>
          ))}
          {stacked(columns).map(({ band, spans }) => (
            <g key={band} class={band} style={{ color: looks[band].colour }}>
              <path
                d={spans
                  .map(([low, high], i) =>
                    high > low ? `M${left(i)},${y(low)}V${y(high)}H${left(i + 1) - gap}V${y(low)}Z` : '',
                  )
                  .join('')}
              />
              <Letter band={band} spans={spans} wide={wide - gap} left={left} y={y} />
            </g>
          ))}
          {columns.map(
            (column, i) =>
              column.key !== undefined &&
              highlight.value.kernels.has(column.key) && (
                <rect
                  key={column.number}
                  class="lit"
                  x={left(i)}
                  y={bottom}
                  width={Math.max(2, wide - gap)}
                  height={4}
                />
              ),
          )}
          {shown >= 0 && (
            <rect
              class="outline"
              x={left(shown) - 1}
              y={y(columns[shown].total) - 1}
              width={Math.max(2, wide - gap) + 2}
              height={bottom - y(columns[shown].total) + 2}
            />
          )}
          <text class="axis" x={margin.left} y={height - 4}>
            {say({ en: 'kernel 1', zh: '内核 1' })}
          </text>
          <text class="axis" x={width.value - margin.right} y={height - 4} text-anchor="end">
            {run.columns.length} →
          </text>
        </svg>
      )}
    </div>
  );
}

type Spans = readonly (readonly [low: number, high: number])[];

/** From where to where each owner's part reaches in each column, in bytes. */
function stacked(columns: readonly Column[]): { readonly band: Band; readonly spans: Spans }[] {
  const tops = columns.map(() => 0);
  return bands.map((band) => ({
    band,
    spans: columns.map(({ bytes }, i) => [tops[i], (tops[i] += bytes[band])] as const),
  }));
}

interface LetterProps {
  readonly band: Band;
  readonly spans: Spans;
  readonly wide: number;
  readonly left: (i: number) => number;
  readonly y: (bytes: number) => number;
}

/** An owner's letter, in the middle of the run of columns in which its part is high enough. */
function Letter({ band, spans, wide, left, y }: LetterProps) {
  const isHigh = ([low, high]: readonly [number, number]): boolean => y(low) - y(high) >= lettered.height;
  const first = spans.findIndex(isHigh);
  if (first === -1) return null;
  const after = spans.findIndex((span, i) => i > first && !isHigh(span));
  const count = (after === -1 ? spans.length : after) - first;
  if (count * wide < lettered.width) return null;
  const [low, high] = spans[first + Math.floor((count - 1) / 2)];
  return (
    <text
      x={left(first + Math.floor((count - 1) / 2)) + wide / 2}
      y={(y(low) + y(high)) / 2}
      text-anchor="middle"
      dominant-baseline="central"
    >
      {looks[band].letter}
    </text>
  );
}
