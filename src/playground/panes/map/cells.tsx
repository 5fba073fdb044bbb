/**
 * @file The map's cells: the winner by colour and letter, its lead over the second by the depth of the colour.
 */
import { useEffect, useRef } from 'preact/hooks';
import { formatDuration } from '../../../base/format.ts';
import { legendOf, marginOf, percentText, rowsOf, winnerOf } from '../../../crossover/map.ts';
import type { MapCell } from '../../crossovers.ts';
import { cells, looked, map, settings } from '../../crossovers.ts';
import { signOf } from '../palette.ts';

export function Cells() {
  const { x, y } = map.value;
  const grid = useRef<HTMLTableElement>(null);
  const width = x.values.length;
  const current = looked.value ?? 0;
  useEffect(() => grid.current!.addEventListener('keydown', move), []);
  return (
    <>
      <div class="scroller" role="group" tabIndex={0} aria-label="Crossover map, scrolls sideways">
        <table class={`cells ${settings.value.source}`} aria-label="Crossover map" ref={grid}>
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
            {rowsOf(map.value).map((row, j) => (
              <tr key={y.values[j]}>
                <th scope="row">{y.values[j]}</th>
                {row.map((_, i) => (
                  <td key={x.values[i]}>
                    <CellButton
                      cell={cells.value[j * width + i]}
                      at={j * width + i}
                      isCurrent={j * width + i === current}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul class="winners" aria-label="Winners">
        {legendOf(cells.value).map(({ algo, count }) => (
          <li key={algo} style={{ '--colour': signOf(algo).colour }}>
            <b class="sign" aria-hidden="true">
              {signOf(algo).letter}
            </b>
            {algo}, {count} of {cells.value.length}
          </li>
        ))}
        <li>the number: how much slower the second is</li>
      </ul>
    </>
  );
}

function CellButton({ cell, at, isCurrent }: { cell: MapCell; at: number; isCurrent: boolean }) {
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

function labelOf({ x, y, found, entries: [first, second] }: MapCell): string {
  const axes = map.value;
  const place = `${axes.x.size} ${x}, ${axes.y.size} ${y}`;
  if (!found) return `${place}: open`;
  if (!first) return `${place}: nothing can run`;
  return `${place}: ${first.algo} ${formatDuration(first.ms)}${second ? `, then ${second.algo} ${formatDuration(second.ms)}` : ''}`;
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
