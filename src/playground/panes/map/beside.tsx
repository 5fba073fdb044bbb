/**
 * @file What stands beside the map: the choice of a remote whose cuDNN is asked about the same shapes, and what it says
 * of a cell.
 */
import { useEffect } from 'preact/hooks';
import { formatDuration } from '../../../base/format.ts';
import { settings } from '../../crossovers.ts';
import { langOf, say } from '../../language.ts';
import type { Beside as BesideMap, BesideCell } from '../../map-beside.ts';
import { ask, askable, noMap, offering, saveJob, shown, wanted } from '../../map-beside.ts';
import { isHidden } from '../../opening-link.ts';
import { loadRecorded } from '../../remote-kinds/recordings.ts';
import { choosing } from '../../remotes.ts';
import { busy } from '../../state.ts';

export function Beside() {
  useEffect(() => void loadRecorded(), []);
  if (isHidden('compare')) return null;
  const isForward = settings.value.direction === 'forward';
  const remote = askable.value;
  return (
    <>
      <div class="row-of-buttons beside">
        <label>
          {say({ en: 'cuDNN beside it', zh: '旁边的 cuDNN' })}{' '}
          <select
            value={shown.value?.key ?? ''}
            onChange={({ currentTarget }) => {
              noMap.value = undefined;
              wanted.value = currentTarget.value;
            }}
          >
            <option value="">{say({ en: 'nothing', zh: '无' })}</option>
            {offering.value.map(({ key, name, repeatable }) => (
              <option key={key} value={key}>
                {repeatable ? say({ en: `of ${name}`, zh: `${name} 的` }) : name}
              </option>
            ))}
          </select>
        </label>
        {remote && isForward && (
          <button type="button" disabled={busy.value} onClick={() => void ask(remote)}>
            {say({ en: 'Ask its cuDNN', zh: '询问它的 cuDNN' })}
          </button>
        )}
        {!remote && (
          <button type="button" class="quiet" onClick={() => (choosing.value = true)}>
            {say({ en: 'Choose a remote…', zh: '选择远端…' })}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          title={say({
            en: 'Run it on any machine with CUDA and PyTorch, and drop its results where remotes are chosen',
            zh: '可在任何装有 CUDA 和 PyTorch 的机器上运行，再把结果拖到选择远端的对话框里',
          })}
          onClick={() => void saveJob()}
        >
          {say({ en: 'Save the job', zh: '保存任务' })}
        </button>
      </div>
      {shown.value && !isForward && (
        <p class="hint">
          {say({
            en: 'cuDNN is asked about forward convolutions only. Choose forward to see its map beside this one.',
            zh: '只向 cuDNN 询问前向卷积。选择前向，即可在此图旁边看到它的图。',
          })}
        </p>
      )}
      {noMap.value && (
        <p class="notice bad" role="alert">
          {noMap.value}
        </p>
      )}
    </>
  );
}

/** cuDNN's times of a cell in a line. */
export function BesideFacts({ beside, cell }: { beside: BesideMap; cell: BesideCell }) {
  const times = cell.entries.map(({ algo, config, ms }) => `${algo} ${formatDuration(ms)} (${config})`);
  return (
    <p class="beside-facts">
      <strong>{beside.title}:</strong>{' '}
      {times.length > 0 ? (
        times.join(', ')
      ) : cell.found ? (
        <>
          {say({ en: 'nothing could run', zh: '都不能运行' })}
          {cell.why !== undefined && <span lang={langOf(cell.why)}>: {cell.why}</span>}
        </>
      ) : (
        say({ en: 'it was not asked about this shape', zh: '没有问过这个形状' })
      )}
      {say({ en: '.', zh: '。' })}
    </p>
  );
}
