/**
 * @file The page: the bar, what is going on, and the bench with editor and panes.
 */
import { useEffect } from 'preact/hooks';
import { run } from './actions.ts';
import { Bench } from './bench/bench.tsx';
import { lecture } from './lecture.ts';
import { Bar, Notices } from './panels/bar.tsx';
import { LinkDialog } from './panels/link-dialog.tsx';
import { PointerRing } from './panels/pointer-ring.tsx';
import { RemotesDialog } from './panels/remotes/dialog.tsx';
import { takeDroppedFiles } from './programs/drop.ts';

export function App() {
  useEffect(() => {
    // In the capture phase, since the editor has a meaning of its own for these keys.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopPropagation();
      void run();
    };
    const ended = new AbortController();
    addEventListener('keydown', onKey, { capture: true, signal: ended.signal });
    takeDroppedFiles(ended.signal);
    return () => ended.abort();
  }, []);

  return (
    <>
      <Bar />
      <main>
        <Notices />
        <Bench />
      </main>
      {lecture.value && <PointerRing />}
      <RemotesDialog />
      <LinkDialog />
    </>
  );
}
