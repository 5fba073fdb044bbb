/**
 * @file The crossover map: two sizes of a convolution vary, each cell shows who wins and by how much, and a press on
 * one shows its race.
 */
import '../../styles/map.css';
import { useEffect } from 'preact/hooks';
import { counted } from '../../../base/format.ts';
import type { Direction } from '../../../dnn/choice/records.ts';
import { csvOf, svgOf } from '../../../crossover/figures.ts';
import type { AxisName, CrossoverMap } from '../../../crossover/map.ts';
import { axisNames, sizeNames } from '../../../crossover/map.ts';
import type { CellRequest } from '../../../session/protocol.ts';
import { beside } from '../../map-beside.ts';
import {
  axisTitles,
  cells,
  change,
  draw,
  drawing,
  dtypes,
  filled,
  looked,
  map,
  offered,
  pause,
  settings,
  trouble,
} from '../../crossovers.ts';
import { directionWords } from '../../directions.ts';
import { langOf, say } from '../../language.ts';
import { saveFile } from '../../save.ts';
import { busy, engineInfo } from '../../state.ts';
import { Card } from '../race/card.tsx';
import { Beside, BesideFacts } from './beside.tsx';
import { Maps } from './cells.tsx';
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
    <section class="panel map" aria-label={say({ en: 'Map', zh: '分界图' })}>
      <h2 class="unseen">{say({ en: 'Map', zh: '分界图' })}</h2>
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
          <Beside />
          <Maps />
          <Looked />
        </>
      )}
    </section>
  );
}

const whyNone = (): string =>
  engineInfo.value
    ? say({
        en: 'A map needs a GPU: the cpu reference has one algorithm for each operation, and nothing to choose.',
        zh: '分界图需要 GPU：CPU 参考实现中每个运算只有一种算法，无从选择。',
      })
    : say({ en: 'The map appears when the engine has started.', zh: '引擎启动后即显示分界图。' });

function Choices() {
  const { x, y, base, direction, dtype } = settings.value;
  return (
    <div class="choices">
      <AxisMenu label={say({ en: 'Across', zh: '横轴' })} value={x} onChange={(size) => change({ x: size })} />
      <AxisMenu label={say({ en: 'Down', zh: '纵轴' })} value={y} onChange={(size) => change({ y: size })} />
      <label>
        {say({ en: 'Direction', zh: '方向' })}{' '}
        <select
          value={direction}
          onChange={({ currentTarget }) => change({ direction: currentTarget.value as Direction })}
        >
          {(['forward', 'backward data', 'backward filter'] as const).map((each) => (
            <option key={each} value={each}>
              {say(directionWords[each])}
            </option>
          ))}
        </select>
      </label>
      {x !== 'DTYPE' && y !== 'DTYPE' && (
        <label>
          {say({ en: 'Numbers', zh: '数值类型' })}{' '}
          <select
            value={dtype}
            onChange={({ currentTarget }) => change({ dtype: currentTarget.value as CellRequest['dtype'] })}
          >
            <option>float32</option>
            <option disabled={!dtypes.value.includes('float16')}>float16</option>
          </select>
        </label>
      )}
      {sizeNames
        .filter((size) => size !== x && size !== y)
        .map((size) => (
          <label key={size} class="setting">
            <span>{say(axisTitles[size])}</span>
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

interface AxisMenuProps {
  readonly label: string;
  readonly value: AxisName;
  readonly onChange: (size: AxisName) => void;
}

function AxisMenu({ label, value, onChange }: AxisMenuProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as AxisName)}>
        {axisNames.map((size) => (
          <option key={size} value={size}>
            {say(axisTitles[size])}
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
      <span class="sources" role="group" aria-label={say({ en: 'Times', zh: '耗时' })}>
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
            {each === 'predicted' ? say({ en: 'By the model', zh: '按模型' }) : say({ en: 'Measured', zh: '实测' })}
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
          {drawing.value
            ? say({ en: 'Pause', zh: '暂停' })
            : say({ en: `Measure ${counted(open, 'cell')}`, zh: `实测 ${open} 格` })}
        </button>
      )}
      <span class="count" role="status">
        {drawing.value && busy.value ? say({ en: 'Waits for the run. ', zh: '等待当前运行。' }) : ''}
        {open > 0 &&
          say({ en: `${filled.value} of ${cells.value.length} cells`, zh: `${filled.value}/${cells.value.length} 格` })}
      </span>
      <button type="button" class="quiet" disabled={filled.value === 0} onClick={() => save('csv')}>
        {say({ en: 'Save CSV', zh: '保存 CSV' })}
      </button>
      <button type="button" class="quiet" disabled={filled.value === 0} onClick={() => save('svg')}>
        {say({ en: 'Save SVG', zh: '保存 SVG' })}
      </button>
    </div>
  );
}

function save(kind: 'csv' | 'svg'): void {
  const maps: [CrossoverMap, ...CrossoverMap[]] = [map.value, ...(beside.value ? [beside.value] : [])];
  const text = kind === 'csv' ? csvOf(...maps) : svgOf(...maps);
  saveFile(
    `map_${settings.value.x}_${settings.value.y}.${kind}`,
    new TextEncoder().encode(text),
    kind === 'csv' ? 'text/csv' : 'image/svg+xml',
  );
}

/** The race of the cell that was pressed, and what cuDNN says of it. */
function Looked() {
  const at = looked.value;
  const cell = at === undefined ? undefined : cells.value[at];
  if (!cell) return <p class="hint">{say({ en: 'Press a cell to see its race.', zh: '点击一格，查看它的竞速。' })}</p>;
  return (
    <>
      {beside.value && <BesideFacts beside={beside.value} cell={beside.value.cells[at!]} />}
      {!cell.found ? (
        <p class="hint">{say({ en: 'This cell is still open.', zh: '此格尚无结果。' })}</p>
      ) : 'why' in cell.found ? (
        <p class="notice" lang={langOf(cell.found.why)}>
          {cell.found.why}
        </p>
      ) : (
        <div class="race">
          <Card choice={cell.found.race} id="map-race" lookOnly />
        </div>
      )}
    </>
  );
}
