/**
 * @file The menu of panes: which are open, and the way back to the usual bench.
 */
import { closePane, isStandard, offered, openPanes, restoreStandard, showPane } from '../bench/arrangement.ts';
import { room } from '../bench/width.ts';
import { panes } from '../panes/index.ts';
import { Dropdown } from './dropdown.tsx';

export function PanesMenu() {
  return (
    <Dropdown class="menu panes" badge="button" title="Panes">
      <div class="items">
        {offered.map((pane) => (
          <label key={pane} class="choice-item">
            <input
              type="checkbox"
              checked={openPanes.value.includes(pane)}
              onChange={({ currentTarget }) => (currentTarget.checked ? showPane(pane) : closePane(pane))}
            />
            <span>
              {panes[pane].title}
              <small>{panes[pane].about}</small>
            </span>
          </label>
        ))}
        <button type="button" class="item" disabled={isStandard.value} onClick={restoreStandard}>
          Restore the usual layout
        </button>
        {room.value === 'wide' && (
          <p class="hint">
            Drag a tab to dock it elsewhere. By keys: <kbd>Alt</kbd> <kbd>Shift</kbd> and an arrow on its tab;{' '}
            <kbd>Delete</kbd> closes it.
          </p>
        )}
      </div>
    </Dropdown>
  );
}
