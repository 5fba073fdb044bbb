/**
 * @file The page's start.
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
import './styles/timeline.css';
import './styles/roofline.css';
import './styles/dialogs.css';
import './styles/remotes.css';
import './styles/compared.css';
import { startEngine } from './actions.ts';
import { App } from './app.tsx';
import { keepLayout } from './bench/arrangement.ts';
import { loadFirstView } from './first-view.ts';
import { say } from './language.ts';
import { openFirstLesson } from './lessons/lesson.ts';
import { keepRuns } from './run-storage.ts';
import { keepPage } from './offline/keep.ts';
import { linked } from './opening-link.ts';
import { askForRemotes } from './remotes.ts';
import { selection } from './selection.ts';
import { offerTour } from './tour/first-visit.ts';

const page = document.getElementById('page')!;

// A page around this one could lay its own buttons over Run. A server's headers forbid it too, where there are any.
if (top === self) start();
else render(<Framed />, page);

function Framed() {
  return (
    <p class="notice bad" role="alert">
      {say({ en: 'wuDNN does not run inside another page.', zh: 'wuDNN 不能在其他网页中运行。' })}{' '}
      <a href={location.href} target="_blank" rel="noopener">
        {say({ en: 'Open it by itself.', zh: '单独打开' })}
      </a>
    </p>
  );
}

function start(): void {
  keepRuns(linked, location.hash);
  keepLayout();
  selection.value = linked.select;
  render(<App />, page);
  void startEngine();
  void openFirstLesson();
  void loadFirstView();
  void askForRemotes();
  offerTour();
  keepPage();
}
