/**
 * @file Panes as tabs of one place. Arrows choose a tab, Delete closes it, Alt and Shift with an arrow move it to a
 * side; a pointer drags it.
 */
import type { TargetedKeyboardEvent } from 'preact';
import { say } from '../language.ts';
import type { PaneId } from '../panes/index.ts';
import { panes } from '../panes/index.ts';
import { closePane, movePane, showPane } from './arrangement.ts';
import { startDrag } from './drag.ts';
import { Mount } from './hosts.tsx';
import type { Side } from './layout.ts';

interface Props {
  readonly slots: readonly PaneId[];
  readonly shown: PaneId;
  /** Whether tabs can be moved. */
  readonly docked: boolean;
}

const sides: Record<string, Exclude<Side, 'among'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'above',
  ArrowDown: 'below',
};

export function TabGroup({ slots, shown, docked }: Props) {
  const focus = (pane: PaneId): void => {
    showPane(pane);
    // The tab may have moved to a group that is drawn anew.
    requestAnimationFrame(() => document.getElementById(`tab-${pane}`)?.focus());
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const at = slots.indexOf(shown);
    const { key } = event;
    const side = sides[key];
    if (docked && side && event.altKey && event.shiftKey) {
      movePane(shown, side);
      focus(shown);
    } else if (key === 'Delete') {
      closePane(shown);
      const next = slots[at + 1] ?? slots[at - 1];
      if (next) focus(next);
    } else if (key === 'ArrowRight' || key === 'ArrowLeft')
      focus(slots[(at + (key === 'ArrowRight' ? 1 : slots.length - 1)) % slots.length]);
    else if (key === 'Home' || key === 'End') focus(slots.at(key === 'Home' ? 0 : -1)!);
    else return;
    event.preventDefault();
  };
  return (
    <div class="group" data-group={shown}>
      <div class="tabs" role="tablist" aria-label={say({ en: 'Panes', zh: '面板' })}>
        {slots.map((pane) => (
          <div class={pane === shown ? 'tab shown' : 'tab'} key={pane} data-tab={pane} role="presentation">
            <button
              type="button"
              role="tab"
              id={`tab-${pane}`}
              aria-selected={pane === shown}
              aria-controls={`pane-${pane}`}
              tabIndex={pane === shown ? 0 : -1}
              title={say(panes[pane].about)}
              onKeyDown={onKeyDown}
              onClick={() => showPane(pane)}
              onPointerDown={(event) => docked && startDrag(pane, event)}
            >
              {say(panes[pane].title)}
            </button>
            {pane === shown && (
              <button
                type="button"
                class="close"
                tabIndex={-1}
                aria-hidden="true"
                title={say({
                  en: `Close ${panes[pane].title.en} (Delete); the Panes menu opens it again`,
                  zh: `关闭“${panes[pane].title.zh}”（Delete 键）；可从“面板”菜单重新打开`,
                })}
                onClick={() => closePane(pane)}
              >
                ×
              </button>
            )}
          </div>
        ))}
      </div>
      {slots.map((pane) => (
        <div
          key={pane}
          class="body"
          role="tabpanel"
          id={`pane-${pane}`}
          aria-labelledby={`tab-${pane}`}
          hidden={pane !== shown}
        >
          {(pane === shown || wasShown.has(pane)) && <Mount slot={noted(pane)} />}
        </div>
      ))}
    </div>
  );
}

/** A pane is loaded when it is first in front, and stays as it is behind others. */
const wasShown = new Set<PaneId>();

function noted(pane: PaneId): PaneId {
  wasShown.add(pane);
  return pane;
}
