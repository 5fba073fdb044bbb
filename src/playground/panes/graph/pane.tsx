/**
 * @file The graph of a run: as it was recorded and after each pass, what was fused, what was not and why.
 */
import { counted, formatBytes, formatDuration } from '../../../base/format.ts';
import { say } from '../../language.ts';
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
      title={say({ en: 'Graph', zh: '计算图' })}
      about={say({
        en: 'The operations of the program as a graph: what it recorded, what torch.compile made of it pass by pass, what each node costs, and why two operations are not one kernel.',
        zh: '以图的形式展示程序的运算：记录了什么，torch.compile 逐步把它变成什么，每个节点代价多少，以及为什么两个运算没有合成一个内核。',
      })}
    >
      {() => <View />}
    </Instruments>
  );
}

function View() {
  const now = stage.value;
  if (!now)
    return (
      <p class="empty">
        {say({
          en: 'The program computed nothing on the device, so there is no graph.',
          zh: '程序没有在设备上计算任何东西，因此没有图。',
        })}
      </p>
    );
  const isTooLarge = (drawn.value?.boxes.length ?? 0) > mostBoxes;
  return (
    <div class="graph">
      <div class="controls">
        <Schedules />
        <Stepper now={now} />
        <div class="toggles">
          <Toggle title={say({ en: 'Weights and inputs', zh: '权重和输入' })} of={leaves} disabled={byLayer.value} />
          <Toggle title={say({ en: 'Views and constants', zh: '视图和常量' })} of={views} disabled={byLayer.value} />
          <label class="toggle">
            <input
              type="checkbox"
              checked={byLayer.value}
              disabled={isLarge.value}
              onChange={({ currentTarget }) => (wantsLayers.value = currentTarget.checked)}
            />
            {say({ en: 'By layer', zh: '按层' })}
          </label>
          {stages.value.length > 1 && (
            <Toggle title={say({ en: 'Changes', zh: '变化' })} of={wantsChanges} disabled={!stageBefore.value} />
          )}
        </div>
        <ChangeLegend />
        <p class="told">{sentenceOf(now)}</p>
      </div>
      {now.graph.length === 0 ? (
        <p class="empty">
          {say({
            en: 'This graph has more nodes than are recorded one by one. The Kernel pane lists its kernels.',
            zh: '此图的节点太多，没有逐个记录。内核面板列出了它的内核。',
          })}
        </p>
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
  const stageText =
    key === 'recorded'
      ? { en: `This is ${about}.`, zh: `这是${about}。` }
      : { en: `After this pass, ${about}.`, zh: `这一步之后，${about}。` };
  const said = say(stageText);
  const first = compilation.value!.passes[0];
  const size = isLarge.value
    ? say({
        en: ' It has too many nodes to draw one by one, so each layer is a box; open those of interest.',
        zh: '节点太多，无法逐个绘制，因此每层画成一个框；可打开要看的框。',
      })
    : '';
  if (stages.value.length === 1)
    return say({
      en: `${said} No pass changed it: nothing is fused outside torch.compile.${size}`,
      zh: `${said}没有任何一步改变它：在 torch.compile 之外不做融合。${size}`,
    });
  if (!costs) return said + size;
  const [bytes, before] = [costs, first].map(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten);
  const now = {
    en: `${counted(costs.kernels, 'kernel')}, ${formatBytes(bytes)} moved`,
    zh: `${costs.kernels} 个内核，搬运 ${formatBytes(bytes)}`,
  };
  if (costs.kernels === first.kernels && bytes === before)
    return say({ en: `${said} ${now.en}.${size}`, zh: `${said}${now.zh}。${size}` });
  return say({
    en: `${said} ${now.en}, instead of ${first.kernels} and ${formatBytes(before)}.${size}`,
    zh: `${said}${now.zh}，原先为 ${first.kernels} 个和 ${formatBytes(before)}。${size}`,
  });
}

function Schedules() {
  const all = figures.value;
  if (all.length < 2) return null;
  return (
    <label>
      {say({ en: 'Graph', zh: '图' })}{' '}
      <select value={schedule.value} onChange={({ currentTarget }) => chooseSchedule(Number(currentTarget.value))}>
        {all.map((kernels, i) => {
          const ms = scheduleMs(kernels);
          return (
            <option key={i} value={i}>
              {say({
                en: `${i + 1} of ${all.length}: ${counted(kernels.length, 'kernel')}`,
                zh: `${i + 1}/${all.length}：${kernels.length} 个内核`,
              })}
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
    <div class="stepper" role="group" aria-label={say({ en: 'Passes', zh: '各步变换' })}>
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
