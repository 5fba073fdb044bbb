/**
 * @file What stands beside the map: the choice of a remote whose cuDNN is asked about the same shapes, and what it says
 * of a cell.
 */
import { useEffect } from 'preact/hooks';
import { formatDuration } from '../../../base/format.ts';
import { settings } from '../../crossovers.ts';
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
          cuDNN beside it{' '}
          <select
            value={shown.value?.key ?? ''}
            onChange={({ currentTarget }) => {
              noMap.value = undefined;
              wanted.value = currentTarget.value;
            }}
          >
            <option value="">nothing</option>
            {offering.value.map(({ key, name, repeatable }) => (
              <option key={key} value={key}>
                {repeatable ? `of ${name}` : name}
              </option>
            ))}
          </select>
        </label>
        {remote && isForward && (
          <button type="button" disabled={busy.value} onClick={() => void ask(remote)}>
            Ask its cuDNN
          </button>
        )}
        {!remote && (
          <button type="button" class="quiet" onClick={() => (choosing.value = true)}>
            Choose a remote…
          </button>
        )}
        <button
          type="button"
          class="quiet"
          title="Run it on any machine with CUDA and PyTorch, and drop its results where remotes are chosen"
          onClick={() => void saveJob()}
        >
          Save the job
        </button>
      </div>
      {shown.value && !isForward && (
        <p class="hint">
          cuDNN is asked about forward convolutions only. Choose forward to see its map beside this one.
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
      {times.length > 0
        ? times.join(', ')
        : cell.found
          ? `nothing could run${cell.why === undefined ? '' : `: ${cell.why}`}`
          : 'it was not asked about this shape'}
      .
    </p>
  );
}
