/**
 * @file The menu of panes: which are open, and the way back to the usual bench.
 */
import { closePane, isStandard, offered, openPanes, restoreStandard, showPane } from '../bench/arrangement.ts';
import { room } from '../bench/width.ts';
import { say } from '../language.ts';
import { panes } from '../panes/index.ts';
import { Dropdown } from './dropdown.tsx';

export function PanesMenu() {
  return (
    <Dropdown class="menu panes" badge="button" title={say({ en: 'Panes', zh: '面板' })}>
      <div class="items">
        {offered.map((pane) => (
          <label key={pane} class="choice-item">
            <input
              type="checkbox"
              checked={openPanes.value.includes(pane)}
              onChange={({ currentTarget }) => (currentTarget.checked ? showPane(pane) : closePane(pane))}
            />
            <span>
              {say(panes[pane].title)}
              <small>{say(panes[pane].about)}</small>
            </span>
          </label>
        ))}
        <button type="button" class="item" disabled={isStandard.value} onClick={restoreStandard}>
          {say({ en: 'Restore the usual layout', zh: '恢复默认布局' })}
        </button>
        {room.value === 'wide' && (
          <p class="hint">
            {say({
              en: (
                <>
                  Drag a tab to dock it elsewhere. By keys: <kbd>Alt</kbd> <kbd>Shift</kbd> and an arrow on its tab;{' '}
                  <kbd>Delete</kbd> closes it.
                </>
              ),
              zh: (
                <>
                  拖动标签可将面板停靠到别处。键盘：在标签上按 <kbd>Alt</kbd> <kbd>Shift</kbd> 加方向键；按{' '}
                  <kbd>Delete</kbd> 关闭。
                </>
              ),
            })}
          </p>
        )}
      </div>
    </Dropdown>
  );
}
