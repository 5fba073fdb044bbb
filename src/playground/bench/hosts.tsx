/**
 * @file The element that a pane lives in: one for as long as the pane is open, wherever the visitor moves it, so that
 * it keeps what it shows. The editor has one too.
 */
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Editor } from '../editor/editor.tsx';
import { say } from '../language.ts';
import type { PaneId } from '../panes/index.ts';
import { panes } from '../panes/index.ts';
import type { Slot } from './layout.ts';

const hosts = new Map<Slot, HTMLElement>();

/** Holds the host of a slot. */
export function Mount({ slot }: { slot: Slot }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current!.replaceChildren(hostOf(slot)), [slot]);
  return <div class="mount" ref={place} />;
}

/** Ends a pane that was closed. */
export function dropHost(slot: Slot): void {
  const host = hosts.get(slot);
  if (!host) return;
  render(null, host);
  host.remove();
  hosts.delete(slot);
}

/** The slots that have a host. */
export const hosted = (): Slot[] => [...hosts.keys()];

function hostOf(slot: Slot): HTMLElement {
  const known = hosts.get(slot);
  if (known) return known;
  const host = document.createElement('div');
  host.className = 'host';
  hosts.set(slot, host);
  render(slot === 'editor' ? <Editor /> : <Loaded pane={slot} />, host);
  return host;
}

type Loading = FunctionComponent | 'loading' | 'failed';

/** A component by itself would be called as the update of a state; in an object it is a value. */
const loaded = new Map<PaneId, { readonly value: Loading }>();
const loads = signal(0);

function Loaded({ pane }: { pane: PaneId }) {
  void loads.value;
  const state = loaded.get(pane)?.value ?? startLoading(pane);
  if (state === 'loading') return <p class="empty loading">{say({ en: 'Loading…', zh: '正在加载…' })}</p>;
  if (state === 'failed')
    return (
      <p class="notice bad" role="alert">
        {say({
          en: `“${panes[pane].title.en}” could not be loaded. Is the page's server still there?`,
          zh: `无法加载“${panes[pane].title.zh}”。本页的服务器还在运行吗？`,
        })}{' '}
        <button type="button" onClick={() => (loaded.delete(pane), loads.value++)}>
          {say({ en: 'Try again', zh: '重试' })}
        </button>
      </p>
    );
  const Component = state;
  return <Component />;
}

function startLoading(pane: PaneId): 'loading' {
  const put = (value: Loading): void => {
    loaded.set(pane, { value });
    loads.value++;
  };
  loaded.set(pane, { value: 'loading' });
  panes[pane].load().then(
    ({ Pane }) => put(Pane),
    () => put('failed'),
  );
  return 'loading';
}
