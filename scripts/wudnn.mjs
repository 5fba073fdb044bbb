/**
 * @file Starts the command line, `npm run -s wudnn -- COMMAND`: where it was called, and without the warnings that
 * Dawn's C++ writes to standard error whenever it looks at a software adapter.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireNode, requirePackages } from './packages.mjs';

const cwd = process.env.INIT_CWD ?? process.cwd();
requireNode();
requirePackages();

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...process.argv.slice(2)], {
  cwd,
  stdio: ['inherit', 'inherit', 'pipe'],
  env: { ...process.env, WUDNN_TERMINAL: process.stderr.isTTY ? '1' : '0' },
});

const warning = /^Warning: max\w+ artificially reduced from .*\n/gm;
const beginning = 'Warning: max';
let rest = '';
child.stderr.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).replace(warning, '');
  const last = lines.slice(lines.lastIndexOf('\n') + 1);
  // The start of a line waits for its end only where it may become such a warning, so a question without an end is
  // shown at once.
  const waits = last !== '' && (beginning.startsWith(last) || last.startsWith(beginning));
  rest = waits ? last : '';
  process.stderr.write(waits ? lines.slice(0, -last.length) : lines);
});
child.stderr.on('end', () => process.stderr.write(rest));
process.stderr.on('error', () => {});

// Control-C reaches both; the command decides what it ends.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGQUIT']))
  process.on(signal, () => void child.kill(signal));
child.on('close', (status, signal) => {
  if (signal === null) return void (process.exitCode = status ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
