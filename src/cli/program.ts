/**
 * @file What the commands that run a program share: its text, a session for it, what it prints, its errors.
 */
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, messageOf } from '../base/errors.ts';
import { describeError } from '../session/program.ts';
import type { ConsoleEntry, Figure, ProgramError, RunResult } from '../session/protocol.ts';
import type { HostOptions } from '../session/session.ts';
import { barOf } from './figures.ts';
import { textStream } from './output.ts';
import { showStatus } from './progress.ts';
import type { OpenSession } from './session.ts';
import { openSession } from './session.ts';

/** A program's text, and a session on an adapter for it. */
export interface OpenProgram extends OpenSession {
  readonly text: string;
}

/** Reads the program and opens the engine; a stray error of the program ends the process with `statusOfFailure`. */
export async function openProgram(file: string, adapter?: string, statusOfFailure = 1): Promise<OpenProgram> {
  const text = await readProgram(file);
  const opened = await openSession(adapter, modulesFor(file));
  endOnStray(file, text, statusOfFailure);
  return { text, ...opened };
}

function readProgram(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => fail(`cannot read ${file}: ${messageOf(error)}`));
}

/** Node's own modules, found from the program's place. */
function modulesFor(file: string): (name: string) => object | undefined {
  const require = createRequire(pathToFileURL(resolve(file)));
  return (name) => (isBuiltin(name) ? (require(name) as object) : undefined);
}

/** A promise of the program's that fails and that nobody awaits ends it with its line, as any other error does. */
function endOnStray(file: string, text: string, status: number): void {
  process.on('unhandledRejection', (reason) => {
    process.stderr.write(formatError(file, text, describeError(reason)));
    process.exit(status);
  });
}

/** Entries as they were printed: those behind one whose tensors are still computed wait for it. */
export function inOrder(print: (entry: ConsoleEntry) => void): (entry: ConsoleEntry) => void {
  const waiting: ConsoleEntry[] = [];
  return (entry) => {
    const at = entry.id === undefined ? -1 : waiting.findIndex(({ id }) => id === entry.id);
    if (at === -1) waiting.push(entry);
    else waiting[at] = entry;
    while (waiting.length > 0 && !waiting[0].open) print(waiting.shift()!);
  };
}

/** Prints what a program prints: on standard output, unless `json` is there. */
export const printerBeside =
  (json: string | undefined) =>
  ({ level, text }: ConsoleEntry): void =>
    void (level === 'error' || level === 'warn' ? process.stderr : textStream(json)).write(`${text}\n`);

/** Runs a program while standard error shows what goes on, beside what it prints; then its error, if it fails. */
export async function runShown(
  { text, session }: OpenProgram,
  file: string,
  print: (entry: ConsoleEntry) => void,
  options?: HostOptions,
  onFigure: (figure: Figure) => void = () => {},
): Promise<RunResult> {
  const status = showStatus();
  let ended = false;
  try {
    const result = await session.run(
      text,
      {
        console: inOrder((entry) => {
          status.end();
          print(entry);
        }),
        figure: (figure) => {
          if (figure.progress && !ended) status.show(barOf(figure.title, figure.progress));
          onFigure(figure);
        },
        progress: (doing) => ended || status.show(doing),
      },
      options,
    );
    status.end();
    if (!result.ok) process.stderr.write(formatError(file, text, result.error));
    return result;
  } finally {
    ended = true;
  }
}

/** The error with its line of the program and a mark under the place. */
function formatError(file: string, text: string, { name, message, line, column }: ProgramError): string {
  const at = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const source = line === undefined ? undefined : text.split('\n')[line - 1];
  const mark = source === undefined ? '' : `  ${source}\n  ${' '.repeat((column ?? 1) - 1)}^\n`;
  return `${at}: ${name}: ${message}\n${mark}`;
}
