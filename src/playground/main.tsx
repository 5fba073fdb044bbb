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

keepRuns();
render(<App />, document.getElementById('page')!);
void startEngine();
void askForRemotes();
