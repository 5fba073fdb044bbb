/**
 * @file An algorithm step by step, on a convolution so small that every number is seen: what each step reads and
 * writes, and what it costs.
 */
import type { Words } from '../../../base/words.ts';
import '../../styles/step.css';
import { useEffect, useId, useRef } from 'preact/hooks';
import { formatBytes } from '../../../base/format.ts';
import type { Sizes } from '../../../steps/convolution.ts';
import { choices, wGrid, xGrid } from '../../../steps/convolution.ts';
import { titleOf, walkthroughs } from '../../../steps/index.ts';
import type { Costs, Grid } from '../../../steps/walkthrough.ts';
import { directionWords } from '../../directions.ts';
import { langOf, say } from '../../language.ts';
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

/** A walk's title, with its direction in words. */
function labelOf(title: string): string {
  const direction = (['backward data', 'backward filter'] as const).find((each) => title.startsWith(each));
  if (!direction) return title;
  const name = title.slice(direction.length + 1);
  return say({ en: `${direction} ${name}`, zh: `${directionWords[direction].zh} ${name}` });
}

export function Pane() {
  const { grids } = scene.value;
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current!.addEventListener('keydown', keys), []);
  const rows = [...new Set(grids.map(({ row }) => row))].toSorted((a, b) => a - b);
  return (
    <section class="panel step" aria-label={say({ en: 'Step', zh: '单步' })} ref={section}>
      <h2 class="unseen">{say({ en: 'Step', zh: '单步' })}</h2>
      <div class="algorithms" role="group" aria-label={say({ en: 'Algorithm', zh: '算法' })}>
        {walkthroughs.map(titleOf).map((title) => (
          <button type="button" key={title} aria-pressed={title === walk.value} onClick={() => (walk.value = title)}>
            {labelOf(title)}
          </button>
        ))}
      </div>
      <p class="summary" lang={langOf(walkthrough.value.about)}>
        {walkthrough.value.about}
      </p>
      <SizeChoices />
      {refusal.value === undefined ? (
        <>
          <Transport />
          <div class="words" aria-live="polite">
            <p>
              {current.value?.text ??
                say({
                  en: 'Press Play, or go step by step. The arrow keys work too.',
                  zh: '点击“播放”，或逐步前进；也可用方向键。',
                })}
            </p>
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
        <p class="notice" lang={langOf(refusal.value)}>
          {refusal.value}
        </p>
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
      <button
        type="button"
        aria-label={say({ en: 'To the start', zh: '回到开头' })}
        onClick={move(0)}
        disabled={done.value === 0}
      >
        |◀
      </button>
      <button
        type="button"
        aria-label={say({ en: 'Step back', zh: '后退一步' })}
        onClick={move(done.value - 1)}
        disabled={done.value === 0}
      >
        ◀
      </button>
      <button type="button" class="primary" onClick={play}>
        {playing.value ? say({ en: 'Pause', zh: '暂停' }) : say({ en: 'Play', zh: '播放' })}
      </button>
      <button
        type="button"
        aria-label={say({ en: 'Step forward', zh: '前进一步' })}
        onClick={move(done.value + 1)}
        disabled={done.value === count}
      >
        ▶
      </button>
      <button
        type="button"
        aria-label={say({ en: 'To the end', zh: '到末尾' })}
        onClick={move(count)}
        disabled={done.value === count}
      >
        ▶|
      </button>
      <input
        type="range"
        aria-label={say({ en: 'Step', zh: '步' })}
        aria-valuetext={say({ en: `step ${done.value} of ${count}`, zh: `第 ${done.value} 步，共 ${count} 步` })}
        min={0}
        max={count}
        value={done.value}
        onInput={({ currentTarget }) => move(currentTarget.valueAsNumber)()}
      />
      <span class="count">{say({ en: `${done.value} of ${count}`, zh: `${done.value}/${count}` })}</span>
      <label>
        {say({ en: 'Speed', zh: '速度' })}{' '}
        <select value={speed.value} onChange={({ currentTarget }) => (speed.value = Number(currentTarget.value))}>
          {speeds.map((each) => (
            <option key={each} value={each}>
              {say({ en: `${each} a second`, zh: `每秒 ${each} 步` })}
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
      <Choice
        label={say({ en: 'Image', zh: '图像' })}
        of="H"
        value={H}
        text={(size) => `${size}×${size}`}
        onChoose={square('H', 'W')}
      />
      <Choice label={say({ en: 'Channels', zh: '通道' })} of="C" value={C} onChoose={(size) => resize({ C: size })} />
      <Choice
        label={say({ en: 'Filters', zh: '卷积核数' })}
        of="K"
        value={K}
        onChoose={(size) => resize({ K: size })}
      />
      <Choice
        label={say({ en: 'Filter size', zh: '卷积核大小' })}
        of="R"
        value={R}
        text={(size) => `${size}×${size}`}
        onChoose={square('R', 'S')}
      />
      <Choice
        label={say({ en: 'Padding', zh: '填充' })}
        of="padding"
        value={padding}
        onChoose={(size) => resize({ padding: size })}
      />
      <Choice
        label={say({ en: 'Stride', zh: '步幅' })}
        of="stride"
        value={stride}
        onChoose={(size) => resize({ stride: size })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={editing.value}
          onChange={({ currentTarget }) => (editing.value = currentTarget.checked)}
        />{' '}
        {say({ en: 'Edit the numbers', zh: '编辑数字' })}
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

const rowsOfCosts: readonly (readonly [name: Words, of: (costs: Costs) => string])[] = [
  [{ en: 'multiplications', zh: '乘法' }, ({ multiplications }) => multiplications.toLocaleString('en')],
  [{ en: 'additions', zh: '加法' }, ({ additions }) => additions.toLocaleString('en')],
  [{ en: 'read from and written to memory', zh: '读写内存' }, ({ bytes }) => formatBytes(bytes)],
];

function CostTable() {
  const heading = useId();
  const direct = directCosts.value;
  return (
    <table class="costs" aria-labelledby={heading}>
      <caption id={heading}>{say({ en: 'Counted, as the steps are drawn', zh: '按所画步骤计数' })}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{say({ en: 'so far', zh: '到目前为止' })}</th>
          <th scope="col">{say({ en: 'all steps', zh: '全部步骤' })}</th>
          {direct && <th scope="col">DIRECT</th>}
        </tr>
      </thead>
      <tbody>
        {rowsOfCosts.map(([name, of]) => (
          <tr key={name.en}>
            <th scope="row">{say(name)}</th>
            <td>{of(costs.value)}</td>
            <td>{of(allCosts.value)}</td>
            {direct && <td>{of(direct)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
