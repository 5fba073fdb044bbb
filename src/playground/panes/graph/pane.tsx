/**
 * @file The graph of a run: as it was recorded and after each pass, what was fused, what was not and why.
 */
import { counted, formatBytes, formatDuration } from '../../../base/format.ts';
import '../../styles/graph.css';
import { Instruments } from '../instruments.tsx';
import { Canvas } from './canvas.tsx';
import { scheduleMs } from './box-figures.ts';
import { ChangeLegend } from './change-list.tsx';
import { List, Side } from './side.tsx';
import type { Stage } from './stages.ts';
import {
  byLayer,
  chosenStage,
  chooseSchedule,
  compilation,
  drawn,
  figures,
  isLarge,
  leaves,
  mostBoxes,
  schedule,
  stage,
  stageBefore,
  stages,
  views,
  wantsChanges,
  wantsLayers,
} from './state.ts';

export function Pane() {
  return (
    <Instruments
      title="Graph"
      about="The operations of the program as a graph: what it recorded, what torch.compile made of it pass by pass, what each node costs, and why two operations are not one kernel."
    >
      {() => <View />}
    </Instruments>
  );
}

function View() {
  const now = stage.value;
  if (!now) return <p class="empty">The program computed nothing on the device, so there is no graph.</p>;
  const isTooLarge = (drawn.value?.boxes.length ?? 0) > mostBoxes;
  return (
    <div class="graph">
      <div class="controls">
        <Schedules />
        <Stepper now={now} />
        <div class="toggles">
          <Toggle title="Weights and inputs" of={leaves} disabled={byLayer.value} />
          <Toggle title="Views and constants" of={views} disabled={byLayer.value} />
          <label class="toggle">
            <input
              type="checkbox"
              checked={byLayer.value}
              disabled={isLarge.value}
              onChange={({ currentTarget }) => (wantsLayers.value = currentTarget.checked)}
            />
            By layer
          </label>
          {stages.value.length > 1 && <Toggle title="Changes" of={wantsChanges} disabled={!stageBefore.value} />}
        </div>
        <ChangeLegend />
        <p class="told">{sentenceOf(now)}</p>
      </div>
      {now.graph.length === 0 ? (
        <p class="empty">This graph has more nodes than are recorded one by one. The Kernel pane lists its kernels.</p>
      ) : isTooLarge ? (
        <List />
      ) : (
        <Canvas />
      )}
      <Side />
    </div>
  );
}

/** What the stage is, and what the passes saved. */
function sentenceOf({ key, about, costs }: Stage): string {
  const said = key === 'recorded' ? `This is ${about}.` : `After this pass, ${about}.`;
  const first = compilation.value!.passes[0];
  const size = isLarge.value
    ? ' It has too many nodes to draw one by one, so each layer is a box; open those of interest.'
    : '';
  if (stages.value.length === 1) return `${said} No pass changed it: nothing is fused outside torch.compile.${size}`;
  if (!costs) return said + size;
  const [bytes, before] = [costs, first].map(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten);
  const now = `${counted(costs.kernels, 'kernel')}, ${formatBytes(bytes)} moved`;
  if (costs.kernels === first.kernels && bytes === before) return `${said} ${now}.${size}`;
  return `${said} ${now}, instead of ${first.kernels} and ${formatBytes(before)}.${size}`;
}

function Schedules() {
  const all = figures.value;
  if (all.length < 2) return null;
  return (
    <label>
      Graph{' '}
      <select value={schedule.value} onChange={({ currentTarget }) => chooseSchedule(Number(currentTarget.value))}>
        {all.map((kernels, i) => {
          const ms = scheduleMs(kernels);
          return (
            <option key={i} value={i}>
              {i + 1} of {all.length}: {counted(kernels.length, 'kernel')}
              {ms > 0 && `, ${formatDuration(ms)}`}
            </option>
          );
        })}
      </select>
    </label>
  );
}

/** From the recorded graph to the last pass. */
function Stepper({ now }: { now: Stage }) {
  const all = stages.value;
  if (all.length < 2) return null;
  return (
    <div class="stepper" role="group" aria-label="Passes">
      {all.map(({ key, title }) => (
        <button key={key} type="button" aria-pressed={key === now.key} onClick={() => (chosenStage.value = key)}>
          {title}
        </button>
      ))}
    </div>
  );
}

function Toggle({ title, of, disabled }: { title: string; of: typeof leaves; disabled: boolean }) {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={of.value && !disabled}
        disabled={disabled}
        onChange={({ currentTarget }) => (of.value = currentTarget.checked)}
      />
      {title}
    </label>
  );
}
