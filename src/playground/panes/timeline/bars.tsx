/**
 * @file A row of the timeline, and the lines of its axis. All bars of one look are one path.
 */
import { groupBy } from '../../../base/group-by.ts';
import { cudaSign, kernelSign } from '../kernel-sign.ts';
import type { Sign } from '../palette.ts';
import type { PictureLayout, Placed } from './layout.ts';
import { barHeight } from './layout.ts';
import { titleOf } from './facts.ts';
import type { Item, Row, Span, Timeline } from './rows.ts';
import type { Bar } from './view.ts';
import { labelFor, ticksOf } from './view.ts';

interface Props {
  readonly row: Row;
  readonly bars: readonly Bar[];
  readonly at: Placed;
  readonly left: number;
  readonly lit: ReadonlySet<Item>;
}

/** Bars at least this wide are a pixel apart from the next. */
const separate = 4;
/** What is lit has a line below it, which shows at any width. */
const underline = 4;

export function Bars({ row: { items, trace }, bars, at: { y, heading }, left, lit }: Props) {
  const looks = groupBy(bars, (bar) => lookOf(longestOf(items, bar)));
  const litBars = bars.filter((bar) => itemsOf(items, bar).some((item) => lit.has(item)));
  return (
    <g>
      {heading && (
        <text class="heading" x={0} y={heading.y} dominant-baseline="central">
          {heading.text}
        </text>
      )}
      {[...looks].map(([look, alike]) => (
        <path
          key={look}
          class={look.startsWith('light-dark') ? 'kernel' : look}
          style={fillOf(look)}
          d={pathOf(alike, left, y)}
        />
      ))}
      {trace?.isRecorded && <path class="hatched" d={pathOf(bars, left, y)} />}
      {litBars.length > 0 && <path class="lit" d={pathOf(litBars, left, y + barHeight - 2, underline)} />}
      {bars.map((bar) => {
        const item = items[bar.first];
        const label = bar.count === 1 ? labelFor(labelOf(item), bar.width) : '';
        return (
          label !== '' && (
            <text
              key={bar.first}
              class={`label ${signOfItem(item) ? 'kernel' : classOf(item)}`}
              x={left + bar.x + 4}
              y={y + barHeight / 2}
              dominant-baseline="central"
            >
              {label}
            </text>
          )
        );
      })}
    </g>
  );
}

const itemsOf = (items: readonly Item[], { first, count }: Bar): readonly Item[] => items.slice(first, first + count);

const longestOf = (items: readonly Item[], bar: Bar): Item =>
  itemsOf(items, bar).reduce((best, one) => (one.end - one.start > best.end - best.start ? one : best));

const classOf = ({ kind, phase }: Item): string => (phase ? `phase-${phase.split(' ')[0]}` : kind);

const signOfItem = ({ kind, name }: Item): Sign | undefined =>
  kind === 'kernel' ? kernelSign(name) : kind === 'remote' ? cudaSign(name) : undefined;

/** A class, or of a kernel its colour. */
const lookOf = (item: Item): string => signOfItem(item)?.colour ?? classOf(item);
const fillOf = (look: string): { fill: string } | undefined =>
  look.startsWith('light-dark') ? { fill: look } : undefined;

/** A kernel's letter stands before its name: the second sign of its colour. What C++ puts before a name says little. */
function labelOf(item: Item): string {
  const sign = signOfItem(item);
  const name = item.kind === 'remote' ? item.name.replace(/^void /, '').replace(/^(\w+::)+/, '') : titleOf(item);
  return sign ? `${sign.letter} ${name}` : name;
}

function pathOf(bars: readonly Bar[], left: number, y: number, height = barHeight): string {
  const rectangle = ({ x, width }: Bar): string => {
    const drawn = (width >= separate ? width - 1 : Math.max(width, 1)).toFixed(2);
    return `M${(left + x).toFixed(2)} ${y}h${drawn}v${height}h-${drawn}z`;
  };
  return bars.map(rectangle).join('');
}

export function Ticks({ timeline, view, layout }: { timeline: Timeline; view: Span; layout: PictureLayout }) {
  const { left, width, height } = layout;
  return (
    <g class="ticks">
      {ticksOf(view, width, timeline.start).map(({ x, label }) => (
        <g key={label}>
          <line x1={left + x} x2={left + x} y1={16} y2={height} />
          <text x={left + x} y={8} dominant-baseline="central" text-anchor={anchorAt(x, width)}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A number at an end does not stand beyond it. */
const anchorAt = (x: number, width: number): 'start' | 'middle' | 'end' =>
  x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle';
