/**
 * @file The page within another one: what a program's run came to, and a button to run it. Its document (embed.html)
 * may be framed, and reaches its own host alone: it compares with nothing, and loads nothing for a program.
 */
import { render } from 'preact';
import './styles/base.css';
import './styles/layout.css';
import './styles/bar.css';
import './styles/bench.css';
import './styles/results.css';
import './styles/output.css';
import './styles/race.css';
import './styles/lanes.css';
import './styles/instruments.css';
import './styles/embed.css';
import { run, startEngine, stop } from './actions.ts';
import { loadFirstView } from './first-view.ts';
import { say } from './language.ts';
import { linked, linkError } from './opening-link.ts';
import { Headline } from './panels/headline.tsx';
import { Pane as Output } from './panes/output/pane.tsx';
import { Pane as Race } from './panes/race/pane.tsx';
import { open, text } from './programs/program.ts';
import { keepRuns } from './run-storage.ts';
import { pageAddress } from './share.ts';
import { busy, engineInfo, failure, lastSuccess, status } from './state.ts';
import './theme.ts';

function Embedded() {
  const wrong = linkError.value ?? failure.value?.message ?? engineInfo.value?.reason;
  return (
    <main class="embedded">
      <header>
        <h1>{open.value.title}</h1>
        {busy.value ? (
          <button type="button" onClick={() => void stop()}>
            {say({ en: 'Stop', zh: '停止' })}
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => void run()}>
            {say({ en: 'Run', zh: '运行' })}
          </button>
        )}
        <a href={pageAddress(location.hash)} target="_blank" rel="noopener">
          {say({ en: 'Open in wuDNN ↗', zh: '在 wuDNN 中打开 ↗' })}
        </a>
      </header>
      <p class="status" role="status" data-busy={busy.value}>
        {say(status.value)}
      </p>
      <Headline />
      {wrong !== undefined && (
        <p class="notice bad" role="alert">
          {wrong}
        </p>
      )}
      <details class="how">
        <summary>{say({ en: 'The program', zh: '程序' })}</summary>
        <pre tabIndex={0}>{text.value}</pre>
      </details>
      <Race />
      {lastSuccess.value && <Output />}
    </main>
  );
}

keepRuns(linked, location.hash);
render(<Embedded />, document.getElementById('page')!);
void startEngine();
void loadFirstView();
