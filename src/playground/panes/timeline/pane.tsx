/**
 * @file Where the time of a run went: planning, choosing, compiling, kernels, reading back, on one axis.
 */
import { useComputed, useSignal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { chromeTrace } from '../../../compile/trace/chrome-trace.ts';
import type { Inspected } from '../../inspection.ts';
import { langOf, say } from '../../language.ts';
import { plainName, saveFile } from '../../save.ts';
import type { RemoteTraces } from '../../remote-traces.ts';
import { remoteTraces } from '../../remote-traces.ts';
import { comparison, lastSuccess } from '../../state.ts';
import { Instruments } from '../instruments.tsx';
import { clockText, factsOf, kernelSpan, summaryOf } from './facts.ts';
import type { Looking } from './keys.ts';
import { closer } from './keys.ts';
import { Picture } from './picture.tsx';
import type { Item } from './rows.ts';
import { laneText, remoteRows } from './remote.ts';
import { hull, timelineOf } from './rows.ts';
import { fit, zoom } from './view.ts';

export function Pane() {
  return (
    <Instruments
      title={say({ en: 'Timeline', zh: '时间线' })}
      about={say({
        en: 'A run on one time axis: what the engine was busy with, then each module, operation and kernel, with its time, bytes and rates.',
        zh: '一次运行的时间轴：引擎在忙什么，以及每个模块、运算和内核的耗时、字节数和速率。',
      })}
    >
      {(inspected) => (
        <Timeline
          key={[inspected.start, inspected.end, ...(comparison.value?.sides ?? []).map(({ at }) => at)].join(' ')}
          of={inspected}
          remotes={remoteTraces.value}
        />
      )}
    </Instruments>
  );
}

const noTraces: RemoteTraces['traces'] = [];

function Timeline({ of: inspected, remotes }: { of: Inspected; remotes: RemoteTraces | undefined }) {
  const traces = remotes?.traces ?? noTraces;
  const timeline = useMemo(
    () =>
      timelineOf(
        inspected,
        traces.flatMap((trace) => remoteRows(trace, inspected)),
      ),
    [inspected, traces],
  );
  const looking = useSignal<Looking>({ view: timeline, place: { row: 0, index: 0 } });
  /** What the pointer is on, else what the keys are on. */
  const shown = useSignal<readonly Item[]>([]);
  const facts = useComputed(() => (shown.value.length > 0 ? factsOf(shown.value, inspected) : undefined));
  const help = useId();
  const kernels = kernelSpan(inspected);
  const there = timeline.rows.filter(({ kind }) => kind === 'remote').flatMap(({ items }) => items);
  const look = (view: Looking['view']): void => void (looking.value = { ...looking.value, view });
  const by = (factor: number): void => {
    const { view } = looking.value;
    look(zoom(view, factor, (view.start + view.end) / 2, timeline));
  };
  const clock = clockText(inspected);
  return (
    <>
      <p class="summary">{summaryOf(inspected)}</p>
      <div class="timeline-bar">
        <button type="button" class="quiet" onClick={() => look(timeline)}>
          {say({ en: 'Whole run', zh: '整个运行' })}
        </button>
        {kernels && (
          <button type="button" class="quiet" onClick={() => look(fit(kernels, timeline))}>
            {say({ en: 'Kernels', zh: '内核' })}
          </button>
        )}
        {there.length > 0 && (
          <button type="button" class="quiet" onClick={() => look(fit(hull(there), timeline))}>
            {traces.length > 1 ? say({ en: 'Remotes', zh: '远端' }) : say({ en: 'Remote', zh: '远端' })}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={say({ en: 'Zoom out', zh: '缩小' })}
          onClick={() => by(1 / closer)}
        >
          −
        </button>
        <button type="button" class="quiet" aria-label={say({ en: 'Zoom in', zh: '放大' })} onClick={() => by(closer)}>
          +
        </button>
        {inspected.profile && (
          <button type="button" class="quiet save" onClick={() => save(inspected)}>
            {say({ en: 'Save for Perfetto', zh: '保存为 Perfetto 文件' })}
          </button>
        )}
      </div>
      <Picture timeline={timeline} looking={looking} shown={shown} help={help} />
      <div class="timeline-facts" aria-live="polite">
        {facts.value ? (
          <>
            <p class="name">
              <strong>{facts.value.title}</strong>{' '}
              {facts.value.about !== undefined && <span class="for">{facts.value.about}</span>}
            </p>
            <dl>
              {facts.value.facts.map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </>
        ) : (
          <p class="hint">
            {say({
              en: 'Point at a bar, or move to it by keys, to see its figures.',
              zh: '指向某一条，或用键盘移到它，即可查看数据。',
            })}
          </p>
        )}
      </div>
      {clock !== undefined && <p class="about">{clock}</p>}
      <Remotes of={remotes} inspected={inspected} />
      <details class="how">
        <summary>{say({ en: 'Wheel, pointer and keys', zh: '滚轮、指针与键盘' })}</summary>
        <p id={help}>
          {say({
            en: (
              <>
                The wheel comes closer or goes farther, dragging moves, a double click opens one bar. By keys:{' '}
                <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> go from bar to bar, with <kbd>Shift</kbd> they move;{' '}
                <kbd>+</kbd> and <kbd>−</kbd> come closer or go farther, <kbd>F</kbd> opens one bar, <kbd>0</kbd> shows
                the whole run, <kbd>Enter</kbd> selects.
              </>
            ),
            zh: (
              <>
                滚轮缩放，拖动平移，双击展开一条。键盘：<kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>{' '}
                逐条移动，按住 <kbd>Shift</kbd> 则平移；<kbd>+</kbd> 和 <kbd>−</kbd> 缩放，<kbd>F</kbd> 展开一条，
                <kbd>0</kbd> 显示整个运行，<kbd>Enter</kbd> 选中。
              </>
            ),
          })}
        </p>
      </details>
    </>
  );
}

/** What the lanes of the remotes are, and why others have none. */
function Remotes({ of, inspected }: { of: RemoteTraces | undefined; inspected: Inspected }) {
  if (!of)
    return (
      <p class="about">
        {say({
          en: 'Compare with a remote that has a CUDA GPU, and its kernels stand here under yours.',
          zh: '与带 CUDA GPU 的远端对比之后，它的内核会显示在你的内核下方。',
        })}
      </p>
    );
  return (
    <div class="timeline-remotes" role="group" aria-label={say({ en: 'Remotes', zh: '远端' })}>
      {of.traces.map((trace) => (
        <p key={trace.remote} class="about">
          {laneText(trace, inspected)}
        </p>
      ))}
      {of.untraced.map(({ remote, reason }) => (
        <p key={remote} class="about">
          {say({ en: `${remote} has no lane:`, zh: `${remote} 没有泳道：` })}{' '}
          <span lang={langOf(reason)}>{reason}</span>
        </p>
      ))}
    </div>
  );
}

/** As a file for ui.perfetto.dev. */
function save(inspected: Inspected): void {
  const text = chromeTrace(inspected.profile!, inspected);
  const name = plainName(lastSuccess.value?.model ?? 'run');
  saveFile(`wudnn-${name}-trace.json`, new TextEncoder().encode(text), 'application/json');
}
