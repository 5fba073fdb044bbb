/**
 * @file The page's start.
 */
import { render } from 'preact';
import './styles/base.css';
import './styles/layout.css';
import './styles/results.css';
import './styles/algorithms.css';
import './styles/dialogs.css';
import './styles/remotes.css';
import './styles/compared.css';
import { startEngine } from './actions.ts';
import { App } from './app.tsx';
import { keepRuns } from './kept-run.ts';
import { askForRemotes } from './remotes.ts';

const page = document.getElementById('page')!;

// A page around this one could lay its own buttons over Run. A server's headers forbid it too, where there are any.
if (top === self) start();
else
  render(
    <p class="notice bad" role="alert">
      wuDNN does not run inside another page.{' '}
      <a href={location.href} target="_blank" rel="noopener">
        Open it by itself.
      </a>
    </p>,
    page,
  );

function start(): void {
  keepRuns();
  render(<App />, page);
  void startEngine();
  void askForRemotes();
}
