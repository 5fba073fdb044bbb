/**
 * @file The shapes of a drawing: a box with its figures, the frame of an opened one, an edge, and the mark of a pair
 * that is not fused.
 */
import type { TargetedKeyboardEvent } from 'preact';
import { say } from '../../language.ts';
import { changeSigns } from './changes.ts';
import type { Frame } from './drawing.ts';
import type { Area, Point } from './layout.ts';
import type { DrawnBox } from './state.ts';
import { chooseBox, choosePair, compilation, toggleOpen, told, shareOf } from './state.ts';
import { middleOf, pathOf } from './view.ts';
import { changeWords } from './words.ts';

interface BoxProps {
  readonly box: DrawnBox;
  readonly area: Area;
  readonly isLit: boolean;
  readonly isChosen: boolean;
  /** Tab comes to it. */
  readonly isStop: boolean;
  readonly onFocus: () => void;
  /** Of keys that do not choose the box. */
  readonly onKey: (event: TargetedKeyboardEvent<SVGGElement>) => void;
}

/** Does it at Enter and the space bar, as a button would. */
const onPress =
  (does: () => void, other?: BoxProps['onKey']) =>
  (event: TargetedKeyboardEvent<SVGGElement>): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return other?.(event);
    event.preventDefault();
    event.stopPropagation();
    does();
  };

export function BoxShape({ box, area: { x, y, width, height }, isLit, isChosen, isStop, onFocus, onKey }: BoxProps) {
  const { key, kind, label, opens, figures, lines, change } = box;
  const isQuiet = kind !== 'computed' && kind !== 'layer';
  const share = figures ? shareOf(figures) : 0;
  const said = [
    label.title,
    label.about,
    label.figures,
    lines.length > 0 && say({ en: `line ${lines.join(', ')}`, zh: `第 ${lines.join('、')} 行` }),
    change && say({ en: `${change} by this pass`, zh: `这一步${changeWords[change].zh}` }),
  ];
  const state = [
    kind,
    isLit && 'lit',
    opens && kind !== 'layer' && 'fused',
    box.node.isTarget && 'result',
    change && `change ${change}`,
  ];
  return (
    <g
      class={`node ${state.filter(Boolean).join(' ')}`}
      data-box={key}
      transform={`translate(${x} ${y})`}
      role="button"
      tabindex={isStop ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={said.filter(Boolean).join(', ')}
      onFocus={onFocus}
      onKeyDown={onPress(() => chooseBox(box), onKey)}
      onClick={() => chooseBox(box)}
      onDblClick={() => opens && toggleOpen(key)}
    >
      {opens && <rect class="behind" x={4} y={4} width={width} height={height} rx={6} />}
      <rect class="body" width={width} height={height} rx={isQuiet ? height / 2 : 6} />
      {isQuiet ? (
        <text class="about" x={width / 2} y={height / 2} dy="0.35em" text-anchor="middle">
          {label.title} {label.about}
        </text>
      ) : (
        <>
          <text class="title" x={10} y={18}>
            {label.title}
          </text>{' '}
          <text class="about" x={10} y={34}>
            {label.about}
          </text>{' '}
          {label.figures && (
            <text class="figures" x={10} y={50}>
              {label.figures}
            </text>
          )}
          {share > 0 && (
            <rect class="share" x={0} y={height - 4} width={Math.max(2, width * share)} height={4} rx={2} />
          )}
        </>
      )}
      {change && (
        <g class="sign-of-change">
          <circle r={9} />
          <text dy="0.35em" text-anchor="middle">
            {changeSigns[change]}
          </text>
        </g>
      )}
    </g>
  );
}

/** Above what a frame holds, for its title. */
const head = 14;

/** An opened box, which a click closes; by keys the side panel does. */
export function FrameShape({
  frame: { key, title, kind },
  area: { x, y, width, height },
}: {
  frame: Frame;
  area: Area;
}) {
  return (
    <g
      class={`frame ${kind}`}
      transform={`translate(${x} ${y - head})`}
      role="button"
      tabindex={-1}
      aria-label={say({ en: `Close ${title}`, zh: `收起 ${title}` })}
      onClick={() => toggleOpen(key)}
      onKeyDown={onPress(() => toggleOpen(key))}
    >
      <rect class="body" width={width} height={height + head} rx={8} />
      <text class="about" x={8} y={14}>
        − {title}
      </text>
    </g>
  );
}

export function Line({ points }: { points: readonly Point[] }) {
  const end = points.at(-1)!;
  const before = points.at(-2)!;
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return (
    <g class="edge" aria-hidden="true">
      <path d={pathOf(points)} />
      <path class="tip" d="M0,0L-7,-3.5L-7,3.5Z" transform={`translate(${end.x} ${end.y}) rotate(${angle})`} />
    </g>
  );
}

interface MarkProps {
  readonly pair: number;
  readonly points: readonly Point[];
  /** Several marks stand beside each other. */
  readonly shift: number;
}

/** For the pointer; by keys the list of pairs leads to the reason. */
export function Mark({ pair, points, shift }: MarkProps) {
  const { x, y } = middleOf(points);
  const { producer, consumer, reason } = compilation.value!.unfused[pair];
  const isChosen = told.value?.pair === compilation.value!.unfused[pair];
  return (
    <g
      class="mark"
      transform={`translate(${x + shift * 20} ${y})`}
      role="button"
      tabindex={-1}
      aria-pressed={isChosen}
      aria-label={say({
        en: `${producer.name} and ${consumer.name} are not fused: ${reason}`,
        zh: `${producer.name} 与 ${consumer.name} 未融合：${reason}`,
      })}
      onClick={() => choosePair(pair)}
      onKeyDown={onPress(() => choosePair(pair))}
    >
      <title>{say({ en: `Not fused: ${reason}`, zh: `未融合：${reason}` })}</title>
      <circle r={9} />
      <text dy="0.35em" text-anchor="middle">
        ≠
      </text>
    </g>
  );
}
