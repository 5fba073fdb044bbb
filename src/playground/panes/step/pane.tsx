/**
 * @file An algorithm step by step, on a convolution so small that every number is seen: what each step reads and
 * writes, and what it costs.
 */
import '../../styles/step.css';
import { useEffect, useId, useRef } from 'preact/hooks';
import { formatBytes } from '../../../base/format.ts';
import type { Sizes } from '../../../steps/convolution.ts';
import { choices, wGrid, xGrid } from '../../../steps/convolution.ts';
import { titleOf, walkthroughs } from '../../../steps/index.ts';
import type { Costs, Grid } from '../../../steps/walkthrough.ts';
import { Numbers } from './numbers.tsx';
import { walk } from '../../stepping.ts';
import {
  allCosts,
  convolution,
  costs,
  current,
  directCosts,
  done,
  editing,
  goTo,
  play,
  playing,
  refusal,
  resize,
  scene,
  speed,
  speeds,
  values,
  walkthrough,
} from './state.ts';

export function Pane() {
  const { grids } = scene.value;
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current!.addEventListener('keydown', keys), []);
  const rows = [...new Set(grids.map(({ row }) => row))].toSorted((a, b) => a - b);
  return (
    <section class="panel step" aria-label="Step" ref={section}>
      <h2 class="unseen">Step</h2>
      <div class="algorithms" role="group" aria-label="Algorithm">
        {walkthroughs.map(titleOf).map((title) => (
          <button type="button" key={title} aria-pressed={title === walk.value} onClick={() => (walk.value = title)}>
            {title}
          </button>
        ))}
      </div>
      <p class="summary">{walkthrough.value.about}</p>
      <SizeChoices />
      {refusal.value === undefined ? (
        <>
          <Transport />
          <div class="words" aria-live="polite">
            <p>{current.value?.text ?? 'Press Play, or go step by step. The arrow keys work too.'}</p>
            <p class="formula">{current.value?.formula ?? ' '}</p>
          </div>
          <div class="grids">
            {rows.map((row) => (
              <div class="row" key={row}>
                {grids
                  .filter((grid) => grid.row === row)
                  .map((grid) => (
                    <Numbers
                      key={grid.id}
                      grid={grid}
                      values={values.value.get(grid.id)!}
                      step={current.value}
                      operand={editing.value ? operandOf(grid) : undefined}
                    />
                  ))}
              </div>
            ))}
          </div>
          <CostTable />
        </>
      ) : (
        <p class="notice">{refusal.value}</p>
      )}
    </section>
  );
}

/** Arrow keys step, unless they are needed where the focus is. */
function keys(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
    return;
  event.preventDefault();
  playing.value = false;
  goTo(done.value + step);
}

/** Where the numbers of a plane of x, or of a filter, lie in their operand. */
function operandOf({ id }: Grid): { name: 'x' | 'w'; from: number } | undefined {
  const { C, H, W, K, R, S } = convolution.value;
  for (let c = 0; c < C; c++) {
    if (id === xGrid(c)) return { name: 'x', from: c * H * W };
    for (let k = 0; k < K; k++) if (id === wGrid(k, c)) return { name: 'w', from: (k * C + c) * R * S };
  }
  return id === 'filters' ? { name: 'w', from: 0 } : undefined;
}

function Transport() {
  const count = scene.value.steps.length;
  const move = (step: number) => () => {
    playing.value = false;
    goTo(step);
  };
  return (
    <div class="transport">
      <button type="button" aria-label="To the start" onClick={move(0)} disabled={done.value === 0}>
        |◀
      </button>
      <button type="button" aria-label="Step back" onClick={move(done.value - 1)} disabled={done.value === 0}>
        ◀
      </button>
      <button type="button" class="primary" onClick={play}>
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <button type="button" aria-label="Step forward" onClick={move(done.value + 1)} disabled={done.value === count}>
        ▶
      </button>
      <button type="button" aria-label="To the end" onClick={move(count)} disabled={done.value === count}>
        ▶|
      </button>
      <input
        type="range"
        aria-label="Step"
        aria-valuetext={`step ${done.value} of ${count}`}
        min={0}
        max={count}
        value={done.value}
        onInput={({ currentTarget }) => move(currentTarget.valueAsNumber)()}
      />
      <span class="count">
        {done.value} of {count}
      </span>
      <label>
        Speed{' '}
        <select value={speed.value} onChange={({ currentTarget }) => (speed.value = Number(currentTarget.value))}>
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each} a second
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function SizeChoices() {
  const { C, H, K, R, padding, stride } = convolution.value;
  const square = (a: keyof Sizes, b: keyof Sizes) => (size: number) => resize({ [a]: size, [b]: size });
  return (
    <div class="sizes">
      <Choice label="Image" of="H" value={H} text={(size) => `${size}×${size}`} onChoose={square('H', 'W')} />
      <Choice label="Channels" of="C" value={C} onChoose={(size) => resize({ C: size })} />
      <Choice label="Filters" of="K" value={K} onChoose={(size) => resize({ K: size })} />
      <Choice label="Filter size" of="R" value={R} text={(size) => `${size}×${size}`} onChoose={square('R', 'S')} />
      <Choice label="Padding" of="padding" value={padding} onChoose={(size) => resize({ padding: size })} />
      <Choice label="Stride" of="stride" value={stride} onChoose={(size) => resize({ stride: size })} />
      <label class="check">
        <input
          type="checkbox"
          checked={editing.value}
          onChange={({ currentTarget }) => (editing.value = currentTarget.checked)}
        />{' '}
        Edit the numbers
      </label>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly of: keyof Sizes;
  readonly value: number;
  readonly text?: (size: number) => string;
  readonly onChoose: (size: number) => void;
}

function Choice({ label, of, value, text = String, onChoose }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChoose(Number(currentTarget.value))}>
        {choices[of].map((size) => (
          <option key={size} value={size}>
            {text(size)}
          </option>
        ))}
      </select>
    </label>
  );
}

const rowsOfCosts: readonly (readonly [name: string, of: (costs: Costs) => string])[] = [
  ['multiplications', ({ multiplications }) => multiplications.toLocaleString('en')],
  ['additions', ({ additions }) => additions.toLocaleString('en')],
  ['read from and written to memory', ({ bytes }) => formatBytes(bytes)],
];

function CostTable() {
  const heading = useId();
  const direct = directCosts.value;
  return (
    <table class="costs" aria-labelledby={heading}>
      <caption id={heading}>Counted, as the steps are drawn</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">so far</th>
          <th scope="col">all steps</th>
          {direct && <th scope="col">DIRECT</th>}
        </tr>
      </thead>
      <tbody>
        {rowsOfCosts.map(([name, of]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{of(costs.value)}</td>
            <td>{of(allCosts.value)}</td>
            {direct && <td>{of(direct)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
