/**
 * @file The page: head, toolbar, the editor, and beside it what the program did.
 */
import { useEffect } from 'preact/hooks';
import { run } from './actions.ts';
import { Editor } from './editor/editor.tsx';
import { isHidden } from './linked.ts';
import { AlgorithmsPanel } from './panels/algorithms.tsx';
import { ComparisonPanel } from './panels/comparison.tsx';
import { ConsolePanel } from './panels/console.tsx';
import { LinkDialog } from './panels/link-dialog.tsx';
import { Masthead } from './panels/masthead.tsx';
import { OutputPanel } from './panels/output.tsx';
import { RemotesDialog } from './panels/remotes/dialog.tsx';
import { Toolbar } from './panels/toolbar.tsx';
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
      <Masthead />
      <main>
        <Toolbar />
        <div class="workbench">
          <Editor />
          <div class="results">
            {!isHidden('console') && <ConsolePanel />}
            {!isHidden('output') && <OutputPanel />}
            {!isHidden('algorithms') && <AlgorithmsPanel />}
            {!isHidden('comparison') && <ComparisonPanel />}
          </div>
        </div>
      </main>
      <RemotesDialog />
      <LinkDialog />
    </>
  );
}
