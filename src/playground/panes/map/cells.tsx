/**
 * @file The cells of the map, and of that beside it: the winner by colour and letter, its lead over the second by the
 * depth of the colour.
 */
import { useEffect, useRef } from 'preact/hooks';
import { formatDuration } from '../../../base/format.ts';
import { legendOf, marginOf, percentText, winnerOf } from '../../../crossover/map.ts';
import type { MapCell } from '../../crossovers.ts';
import { cells, looked, map } from '../../crossovers.ts';
import { say } from '../../language.ts';
import type { BesideCell } from '../../map-beside.ts';
import { beside } from '../../map-beside.ts';
import { signOf } from '../palette.ts';

/** This page's map, and where there is one, that of a remote's cuDNN. */
export function Maps() {
  const { source, software, adapter } = map.value;
  const other = beside.value;
  const own = source === 'measured' ? { en: 'measured here', zh: '在本机实测' } : { en: 'by the model', zh: '按模型' };
  return (
    <>
      <div class={other ? 'maps two' : 'maps'}>
        <Cells
          title={
            other &&
            say({
              en: `wuDNN on ${adapter}${software ? ' (software)' : ''}, ${own.en}`,
              zh: `${adapter}${software ? '（软件）' : ''} 上的 wuDNN，${own.zh}`,
            })
          }
          label={say({ en: 'Crossover map', zh: '算法分界图' })}
          kind={source}
          cells={cells.value}
        />
        {other && (
          <Cells
            title={other.title}
            label={say({ en: 'Crossover map of cuDNN', zh: 'cuDNN 的算法分界图' })}
            kind={other.isRecorded ? 'elsewhere' : 'measured'}
            cells={other.cells}
          />
        )}
      </div>
      <Legend />
    </>
  );
}

interface CellsProps {
  /** Above the map, where there are two. */
  readonly title: string | undefined;
  readonly label: string;
  readonly kind: 'measured' | 'predicted' | 'elsewhere';
  /** By rows. */
  readonly cells: readonly ShownCell[];
}

type ShownCell = BesideCell | MapCell;

function Cells({ title, label, kind, cells: shown }: CellsProps) {
  const { x, y } = map.value;
  const grid = useRef<HTMLTableElement>(null);
  const width = x.values.length;
  const current = looked.value ?? 0;
  useEffect(() => grid.current!.addEventListener('keydown', move), []);
  return (
    <figure>
      {title && <figcaption>{title}</figcaption>}
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: `${label}, scrolls sideways`, zh: `${label}，可横向滚动` })}
      >
        <table class={`cells ${kind}`} aria-label={label} ref={grid}>
          <thead>
            <tr>
              <th scope="col">
                <small>
                  {x.size} →
                  <br />
                  {y.size} ↓
                </small>
              </th>
              {x.values.map((value) => (
                <th scope="col" key={value}>
                  {value}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {y.values.map((value, j) => (
              <tr key={value}>
                <th scope="row">{value}</th>
                {x.values.map((column, i) => (
                  <td key={column}>
                    <CellButton cell={shown[j * width + i]} at={j * width + i} isCurrent={j * width + i === current} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** The winners of either map, and how many cells they have in each. */
function Legend() {
  const own = legendOf(cells.value);
  const theirs = beside.value ? legendOf(beside.value.cells) : undefined;
  const countIn = (legend: typeof own, name: string): number => legend.find(({ algo }) => algo === name)?.count ?? 0;
  const algos = [...new Set([...own, ...(theirs ?? [])].map(({ algo }) => algo))];
  return (
    <ul class="winners" aria-label={say({ en: 'Winners', zh: '胜者' })}>
      {algos.map((algo) => (
        <li key={algo} style={{ '--colour': signOf(algo).colour }}>
          <b class="sign" aria-hidden="true">
            {signOf(algo).letter}
          </b>
          {theirs
            ? say({
                en: `${algo}, ${countIn(own, algo)} and ${countIn(theirs, algo)} of ${cells.value.length}`,
                zh: `${algo}，${cells.value.length} 格中分别赢 ${countIn(own, algo)} 和 ${countIn(theirs, algo)} 格`,
              })
            : say({
                en: `${algo}, ${countIn(own, algo)} of ${cells.value.length}`,
                zh: `${algo}，${countIn(own, algo)}/${cells.value.length} 格`,
              })}
        </li>
      ))}
      <li>{say({ en: 'the number: how much slower the second is', zh: '数字：第二名慢多少' })}</li>
    </ul>
  );
}

function CellButton({ cell, at, isCurrent }: { cell: ShownCell; at: number; isCurrent: boolean }) {
  const winner = winnerOf(cell);
  const margin = marginOf(cell);
  const { colour, letter } = winner ? signOf(winner.algo) : { colour: 'transparent', letter: cell.found ? '–' : '' };
  return (
    <button
      type="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-pressed={looked.value === at}
      title={labelOf(cell)}
      style={{ '--colour': colour, '--lead': `${Math.round(100 * Math.min(1, margin ?? 1))}%` }}
      onClick={() => (looked.value = at)}
    >
      <span class="unseen">{labelOf(cell)}</span>
      <b aria-hidden="true">{letter}</b>
      <small aria-hidden="true">{percentText(margin)}</small>
    </button>
  );
}

function labelOf(cell: ShownCell): string {
  const { x, y, found, entries } = cell;
  const [first, second] = entries;
  const axes = map.value;
  const place = `${axes.x.size} ${x}, ${axes.y.size} ${y}`;
  if (!found) return say({ en: `${place}: open`, zh: `${place}：尚无结果` });
  if (!first) return say({ en: `${place}: nothing can run`, zh: `${place}：都不能运行` });
  const winner = `${first.algo} ${formatDuration(first.ms)}`;
  if (!second) return say({ en: `${place}: ${winner}`, zh: `${place}：${winner}` });
  const next = `${second.algo} ${formatDuration(second.ms)}`;
  return say({ en: `${place}: ${winner}, then ${next}`, zh: `${place}：${winner}，其次 ${next}` });
}

/** Arrow keys go from cell to cell. */
function move(this: HTMLElement, event: KeyboardEvent): void {
  const width = map.value.x.values.length;
  const current = looked.value ?? 0;
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width }[event.key];
  const buttons = this.querySelectorAll<HTMLButtonElement>('td button');
  const next = step === undefined ? undefined : buttons[current + step];
  if (!next || (Math.abs(step!) === 1 && Math.floor(current / width) !== Math.floor((current + step!) / width))) return;
  event.preventDefault();
  looked.value = current + step!;
  next.focus();
}
