/**
 * @file The bench: editor and panes, side by side where there is room; else the panes are one row of tabs.
 */
import { useEffect } from 'preact/hooks';
import { front, layout, openPanes } from './arrangement.ts';
import { Divider } from './divider.tsx';
import { dragged, target } from './drag.ts';
import { TabGroup } from './group.tsx';
import { dropHost, hosted, Mount } from './hosts.tsx';
import type { Layout } from './layout.ts';
import { isSplit, slotsIn } from './layout.ts';
import type { PaneId } from '../panes/index.ts';
import { room } from './width.ts';

export function Bench() {
  useEffect(() => {
    const open = slotsIn(layout.value);
    for (const slot of hosted()) if (!open.includes(slot)) dropHost(slot);
  }, [layout.value]);
  if (room.value === 'wide')
    return (
      <div class="bench wide">
        <Part of={layout.value} path={[]} />
        {dragged.value && <DropArea />}
      </div>
    );
  const editor = <EditorPart key="editor" />;
  const tabs = front.value && <TabGroup key="tabs" slots={openPanes.value} shown={front.value} docked={false} />;
  return <div class={`bench ${room.value}`}>{room.value === 'narrow' ? [tabs, editor] : [editor, tabs]}</div>;
}

function Part({ of, path }: { of: Layout; path: readonly number[] }) {
  if (!isSplit(of)) {
    const { slots, shown } = of;
    return shown === 'editor' ? <EditorPart /> : <TabGroup slots={slots as readonly PaneId[]} shown={shown} docked />;
  }
  return (
    <div class={`split-${of.direction}`}>
      {of.parts.map((part, i) => (
        <>
          {i > 0 && <Divider key={`line ${i}`} of={of} path={path} after={i - 1} />}
          <div class="part" key={slotsIn(part)[0]} style={{ flexGrow: of.shares[i] }}>
            <Part of={part} path={[...path, i]} />
          </div>
        </>
      ))}
    </div>
  );
}

const EditorPart = () => (
  <div class="group" data-group="editor">
    <Mount slot="editor" />
  </div>
);

/** Where the dragged tab would go. */
function DropArea() {
  if (!target.value) return null;
  const { left, top, width, height } = target.value.area;
  return (
    <div
      class="drop"
      style={{ left: `${left}px`, top: `${top}px`, inlineSize: `${width}px`, blockSize: `${height}px` }}
    />
  );
}
