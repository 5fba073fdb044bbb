/**
 * @file The crossover map: two sizes of a convolution vary, each cell shows who wins and by how much, and a press on
 * one shows its race.
 */
import '../../styles/map.css';
import { useEffect } from 'preact/hooks';
import { counted } from '../../../base/format.ts';
import type { Direction } from '../../../dnn/choice/records.ts';
import { csvOf, svgOf } from '../../../crossover/figures.ts';
import type { SizeName } from '../../../crossover/map.ts';
import { sizeNames } from '../../../crossover/map.ts';
import type { CellRequest } from '../../../session/protocol.ts';
import {
  cells,
  change,
  draw,
  drawing,
  filled,
  looked,
  map,
  offered,
  pause,
  settings,
  sizeTitles,
  trouble,
} from '../../crossovers.ts';
import { saveFile } from '../../save.ts';
import { busy, engineInfo } from '../../state.ts';
import { Card } from '../race/card.tsx';
import { Cells } from './cells.tsx';
import { sentenceOf } from './words.ts';

export function Pane() {
  const { source } = settings.value;
  const ready = engineInfo.value?.device === 'webgpu';
  const asked = settings.value;
  useEffect(() => {
    if (ready && source === 'predicted') void draw(); // the model answers at once
  }, [ready, asked]);
  useEffect(() => pause, []);
  return (
    <section class="panel map" aria-label="Map">
      <h2 class="unseen">Map</h2>
      {ready ? <p class="summary">{sentenceOf(map.value, filled.value)}</p> : <p class="empty">{whyNone()}</p>}
      <Choices />
      {ready && (
        <>
          <Actions />
          {trouble.value && (
            <p class="notice bad" role="alert">
              {trouble.value}
            </p>
          )}
          <Cells />
          <Looked />
        </>
      )}
    </section>
  );
}

const whyNone = (): string =>
  engineInfo.value
    ? 'A map needs a GPU: the cpu reference has one algorithm for each operation, and nothing to choose.'
    : 'The map appears when the engine has started.';

function Choices() {
  const { x, y, base, direction, dtype } = settings.value;
  const hasHalf = engineInfo.value?.adapter?.features.includes('shader-f16') ?? false;
  return (
    <div class="choices">
      <SizeMenu label="Across" value={x} onChange={(size) => change({ x: size })} />
      <SizeMenu label="Down" value={y} onChange={(size) => change({ y: size })} />
      <label>
        Direction{' '}
        <select
          value={direction}
          onChange={({ currentTarget }) => change({ direction: currentTarget.value as Direction })}
        >
          {(['forward', 'backward data', 'backward filter'] as const).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label>
        Numbers{' '}
        <select
          value={dtype}
          onChange={({ currentTarget }) => change({ dtype: currentTarget.value as CellRequest['dtype'] })}
        >
          <option>float32</option>
          <option disabled={!hasHalf}>float16</option>
        </select>
      </label>
      {sizeNames
        .filter((size) => size !== x && size !== y)
        .map((size) => (
          <label key={size} class="setting">
            <span>{sizeTitles[size]}</span>
            <input
              type="range"
              min={0}
              max={offered[size].length - 1}
              value={offered[size].indexOf(base[size])}
              aria-valuetext={String(base[size])}
              onInput={({ currentTarget }) =>
                change({ base: { ...base, [size]: offered[size][currentTarget.valueAsNumber] } })
              }
            />
            <output>{base[size]}</output>
          </label>
        ))}
    </div>
  );
}

interface SizeMenuProps {
  readonly label: string;
  readonly value: SizeName;
  readonly onChange: (size: SizeName) => void;
}

function SizeMenu({ label, value, onChange }: SizeMenuProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as SizeName)}>
        {sizeNames.map((size) => (
          <option key={size} value={size}>
            {sizeTitles[size]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Actions() {
  const { source } = settings.value;
  const open = cells.value.length - filled.value;
  return (
    <div class="row-of-buttons">
      <span class="sources" role="group" aria-label="Times">
        {(['predicted', 'measured'] as const).map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={source === each}
            onClick={() => {
              pause();
              change({ source: each });
            }}
          >
            {each === 'predicted' ? 'By the model' : 'Measured'}
          </button>
        ))}
      </span>
      {source === 'measured' && (
        <button
          type="button"
          class="primary"
          disabled={open === 0}
          onClick={() => (drawing.value ? pause() : void draw())}
        >
          {drawing.value ? 'Pause' : `Measure ${counted(open, 'cell')}`}
        </button>
      )}
      <span class="count" role="status">
        {drawing.value && busy.value ? 'Waits for the run. ' : ''}
        {open > 0 && `${filled.value} of ${cells.value.length} cells`}
      </span>
      <button type="button" class="quiet" disabled={filled.value === 0} onClick={() => save('csv')}>
        Save CSV
      </button>
      <button type="button" class="quiet" disabled={filled.value === 0} onClick={() => save('svg')}>
        Save SVG
      </button>
    </div>
  );
}

function save(kind: 'csv' | 'svg'): void {
  const text = kind === 'csv' ? csvOf(map.value) : svgOf(map.value);
  saveFile(
    `map_${settings.value.x}_${settings.value.y}.${kind}`,
    new TextEncoder().encode(text),
    kind === 'csv' ? 'text/csv' : 'image/svg+xml',
  );
}

/** The race of the cell that was pressed. */
function Looked() {
  const cell = looked.value === undefined ? undefined : cells.value[looked.value];
  if (!cell) return <p class="hint">Press a cell to see its race.</p>;
  if (!cell.found) return <p class="hint">This cell is still open.</p>;
  if ('why' in cell.found) return <p class="notice">{cell.found.why}</p>;
  return (
    <div class="race">
      <Card choice={cell.found.race} id="map-race" lookOnly />
    </div>
  );
}
