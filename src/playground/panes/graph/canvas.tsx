/**
 * @file The drawing in its window: moved by pointer, wheel, pinch, keys and buttons. Arrows go from box to box.
 */
import { useComputed, useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { messageOf } from '../../../base/errors.ts';
import { room } from '../../bench/width.ts';
import { say } from '../../language.ts';
import { typeScale } from '../../lecture.ts';
import { BoxShape, FrameShape, Line, Mark } from './shapes.tsx';
import type { Placed } from './layout.ts';
import { followPointers } from './pointers.ts';
import { placeBoxes } from './placing.ts';
import { byLayer, compilation, drawn, litBoxes, schedule, shareOf, stage, told, wantsChanges } from './state.ts';
import type { DrawnBox } from './state.ts';
import type { Direction, Size, View } from './view.ts';
import { firstView, fit, fitsReadably, move, neighbour, showing, zoom } from './view.ts';

type Drawn = NonNullable<typeof drawn.value>;

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const step = 60;
const factor = 1.25;

export function Canvas() {
  const svg = useRef<SVGSVGElement>(null);
  const shown = useSignal<{ readonly drawing: Drawn; readonly placed: Placed; readonly kind: string } | undefined>(
    undefined,
  );
  const error = useSignal<string | undefined>(undefined);
  const view = useSignal<View>({ x: 0, y: 0, scale: 1 });
  /** The box that Tab comes to. */
  const reached = useSignal<string | undefined>(undefined);
  // Bound to its attribute, so that moving draws nothing anew.
  const transform = useComputed(() => {
    const { x, y, scale } = view.value;
    return `scale(${typeScale.value}) translate(${x} ${y}) scale(${scale})`;
  });
  const wanted = drawn.value;

  const size = (): Size => {
    const { width, height } = svg.current!.getBoundingClientRect();
    return { width: width / typeScale.peek(), height: height / typeScale.peek() };
  };
  const middle = () => ({ x: size().width / 2, y: size().height / 2 });

  useEffect(() => {
    if (!wanted) return;
    const { boxes, frames, edges } = wanted;
    const request = {
      boxes: boxes.map(({ key, within, label: { width, height } }) => ({ key, within, width, height })),
      frames: frames.map(({ key, within }) => ({ key, within })),
      edges: edges.map(({ from, to }) => ({ from, to })),
    };
    placeBoxes(request).then(
      (placed) => {
        if (!placed) return;
        const before = shown.peek();
        const kind = `${schedule.peek()} ${stage.peek()?.key} ${byLayer.peek()} ${wantsChanges.peek()}`;
        shown.value = { drawing: wanted, placed, kind };
        error.value = undefined;
        view.value =
          (before?.kind === kind ? keptView(view.peek(), before.placed, placed, size()) : undefined) ??
          firstView(size(), placed, placed.areas.get((firstChanged(boxes) ?? slowest(boxes))?.key ?? ''));
      },
      (cause: unknown) => void (error.value = messageOf(cause)),
    );
  }, [wanted]);

  useEffect(() => {
    const stop = followPointers(svg.current!, {
      move: (by) => (view.value = move(view.peek(), by)),
      zoom: (by, around) => (view.value = zoom(view.peek(), by, around)),
      wheelZooms: () => room.peek() === 'wide',
    });
    return stop;
  }, []);

  const chosen = told.value?.box?.key;
  const areas = shown.value?.placed.areas;
  useEffect(() => {
    const area = chosen === undefined ? undefined : areas?.get(chosen);
    if (area) view.value = showing(view.peek(), size(), area);
  }, [chosen, areas]);

  const onKeyDown = (event: TargetedKeyboardEvent<SVGGElement>): void => {
    const { key, shiftKey } = event;
    const arrow = arrows[key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && shiftKey) view.value = move(view.peek(), { x: stepOf(arrow).x * step, y: stepOf(arrow).y * step });
    else if (arrow) go(arrow);
    else if (key === '+' || key === '=') view.value = zoom(view.value, factor, middle());
    else if (key === '-') view.value = zoom(view.value, 1 / factor, middle());
    else if (key === '0') fitAll();
    else return;
    event.preventDefault();
  };
  const go = (to: Direction): void => {
    if (!shown.value) return;
    const { placed, drawing } = shown.value;
    const boxes = new Map(drawing.boxes.flatMap(({ key }) => [[key, placed.areas.get(key)!] as const]));
    const next = neighbour(boxes, reached.value ?? chosen ?? drawing.boxes[0].key, to);
    if (next === undefined) return;
    reached.value = next;
    view.value = showing(view.value, size(), boxes.get(next)!);
    svg.current!.querySelector<SVGGElement>(`[data-box="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
  };
  const fitAll = (): void => void (shown.value && (view.value = fit(size(), shown.value.placed)));

  const stop = tabStop(shown.value?.drawing.boxes, reached.value, chosen);
  return (
    <div class="canvas">
      <svg
        ref={svg}
        class="drawing"
        role="group"
        aria-label={say({
          en: 'Graph. Arrows go from node to node, Shift and an arrow moves, plus and minus enlarge and shrink, 0 shows all.',
          zh: '计算图。方向键在节点间移动，Shift 加方向键平移，加减号放大缩小，0 显示全部。',
        })}
        data-placed={shown.value?.drawing === wanted}
      >
        {shown.value && (
          <g transform={transform}>
            {shown.value.drawing.frames.map((frame) => (
              <FrameShape key={frame.key} frame={frame} area={shown.value!.placed.areas.get(frame.key)!} />
            ))}
            {shown.value.drawing.edges.map(({ from, to }, i) => (
              <Line key={`${from}>${to}`} points={shown.value!.placed.lines[i]} />
            ))}
            {shown.value.drawing.boxes.map((box) => (
              <BoxShape
                key={box.key}
                box={box}
                area={shown.value!.placed.areas.get(box.key)!}
                isLit={litBoxes.value.has(box.key)}
                isChosen={box.key === chosen}
                isStop={box.key === stop}
                onFocus={() => (reached.value = box.key)}
                onKey={onKeyDown}
              />
            ))}
            {shown.value.drawing.edges.map(({ from, to, unfused }, i) =>
              oneOfEachReason(unfused).map((pair, n, marks) => (
                <Mark
                  key={`${from}>${to} ${pair}`}
                  pair={pair}
                  shift={n - (marks.length - 1) / 2}
                  points={shown.value!.placed.lines[i]}
                />
              )),
            )}
          </g>
        )}
      </svg>
      {!shown.value && error.value === undefined && (
        <p class="empty over">{say({ en: 'Laying out…', zh: '正在排布…' })}</p>
      )}
      {error.value !== undefined && (
        <p class="notice bad over" role="alert">
          {error.value}
        </p>
      )}
      <div class="zoom" role="group" aria-label={say({ en: 'Size of the graph', zh: '图的大小' })}>
        <button
          type="button"
          aria-label={say({ en: 'Enlarge', zh: '放大' })}
          onClick={() => (view.value = zoom(view.value, factor, middle()))}
        >
          +
        </button>
        <button
          type="button"
          aria-label={say({ en: 'Shrink', zh: '缩小' })}
          onClick={() => (view.value = zoom(view.value, 1 / factor, middle()))}
        >
          −
        </button>
        <button type="button" onClick={fitAll}>
          {say({ en: 'Fit', zh: '适应窗口' })}
        </button>
      </div>
    </div>
  );
}

const stepOf = (to: Direction): { x: number; y: number } => ({
  x: to === 'left' ? 1 : to === 'right' ? -1 : 0,
  y: to === 'up' ? 1 : to === 'down' ? -1 : 0,
});

function tabStop(boxes: readonly DrawnBox[] | undefined, reached?: string, chosen?: string): string | undefined {
  const has = (key: string | undefined): boolean => boxes?.some((box) => box.key === key) ?? false;
  return [reached, chosen].find(has) ?? boxes?.find(({ kind }) => kind === 'computed' || kind === 'layer')?.key;
}

/** A layer's edge stands for many pairs, most of them alike. */
function oneOfEachReason(pairs: readonly number[]): number[] {
  const { unfused } = compilation.value!;
  return pairs.filter((pair, i) => pairs.findIndex((other) => unfused[other].reason === unfused[pair].reason) === i);
}

/** The one to look at first, where changes are shown; one that computes, where there is one. */
function firstChanged(boxes: readonly DrawnBox[]): DrawnBox | undefined {
  const changed = boxes.filter(({ change }) => change !== undefined);
  return changed.find(({ change, kind }) => change === 'changed' && kind === 'computed') ?? changed[0];
}

/** The one to look at first, where times are. */
const slowest = (boxes: readonly DrawnBox[]): DrawnBox | undefined =>
  boxes.toSorted((a, b) => (b.figures ? shareOf(b.figures) : 0) - (a.figures ? shareOf(a.figures) : 0))[0];

/** In a drawing larger than the window, a box that opens grows where it is: what was in the middle stays there. */
function keptView(view: View, before: Placed, after: Placed, window: Size): View | undefined {
  if (fitsReadably(window, after)) return undefined;
  const at = { x: (window.width / 2 - view.x) / view.scale, y: (window.height / 2 - view.y) / view.scale };
  const kept = [...before.areas]
    .filter(([key]) => after.areas.has(key))
    .map(([key, area]) => ({ key, area, distance: Math.hypot(area.x - at.x, area.y - at.y) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (!kept) return undefined;
  const now = after.areas.get(kept.key)!;
  return move(view, { x: (kept.area.x - now.x) * view.scale, y: (kept.area.y - now.y) * view.scale });
}
