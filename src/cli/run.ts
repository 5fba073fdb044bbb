/**
 * @file `run`: a program on the same engine as the page, on an adapter of this machine.
 */
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import { chosenOf } from '../dnn/choice/verdict.ts';
import { describeError } from '../session/program.ts';
import type { ConsoleEntry, EngineInfo, OutputSummary, ProgramError, RunSuccess } from '../session/protocol.ts';
import { textStream, writeJson } from './output.ts';
import { onTerminal, showStatus } from './progress.ts';
import { openSession } from './session.ts';
import { formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- run PROGRAM.ts [--adapter NAME] [--json FILE]

Runs a program, then shows how long it took, which algorithms ran, and a summary of what the program exports. Programs
import { torch, nn, F, optim, dnn, vision } from 'wudnn' and Node's own modules, and may use await at the top level. The exit
status is 1 if the program fails.

  --adapter NAME  run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --json FILE     write shapes, statistics, timings and the tables of algorithms to a file; with - to standard
                  output, and what the program prints goes to standard error
`;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { adapter: { type: 'string' }, json: { type: 'string' } },
  });
  if (positionals.length !== 1) fail(`expected one program, got ${positionals.length}; see --help`);
  const [file] = positionals;
  const text = await readProgram(file);
  const { session, info, close } = await openSession(values.adapter, modulesFor(file));
  endOnStray(file, text);
  try {
    const result = await session.run(text, {
      console: inOrder((entry) => write(entry, values.json)),
      progress: onTerminal(process.stderr) ? () => {} : showStatus().show,
    });
    await writeJson(values.json, 'wudnn-run/1', { program: file, engine: info, ...result });
    if (!result.ok) {
      process.stderr.write(formatError(file, text, result.error));
      return 1;
    }
    for (const output of result.outputs) textStream(values.json).write(`${formatOutput(output)}\n`);
    process.stderr.write(formatAccount(info, result));
    return 0;
  } finally {
    close();
  }
}

/** The text of a program's file. */
export function readProgram(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => fail(`cannot read ${file}: ${messageOf(error)}`));
}

/** Node's own modules, found from the program's place. */
export function modulesFor(file: string): (name: string) => object | undefined {
  const require = createRequire(pathToFileURL(resolve(file)));
  return (name) => (isBuiltin(name) ? (require(name) as object) : undefined);
}

/** A promise of the program's that fails and that nobody awaits ends it with its line, as any other error does. */
export function endOnStray(file: string, text: string, status = 1): void {
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

function write({ level, text }: ConsoleEntry, json: string | undefined): void {
  (level === 'error' || level === 'warn' ? process.stderr : textStream(json)).write(`${text}\n`);
}

/** How long it took and where, and which algorithms ran, a line each. */
function formatAccount({ adapter }: EngineInfo, { wallMs, device, choices }: RunSuccess): string {
  const where =
    device === 'webgpu' && adapter
      ? `${adapter.description}${adapter.software ? ' (software: times say nothing about a GPU)' : ''}`
      : 'the cpu reference';
  const rows = choices.map((choice) => {
    const { layer = '', operation, direction, chosen, chosenConfig, source } = choice;
    const timeMs = chosenOf(choice)?.timeMs;
    return [
      layer,
      `${operation} ${direction}`,
      [chosen, chosenConfig].filter(Boolean).join(', '),
      source,
      timeMs === undefined ? '' : timeMs.toPrecision(3),
    ];
  });
  const table = rows.length > 0 ? formatTable(['layer', 'operation', 'algorithm', 'chosen by', 'ms'], rows) : '';
  return `\n${(wallMs / 1000).toFixed(2)} s on ${where}\n${table}`;
}

function formatOutput({ name, shape, dtype, device, min, max, mean, std, nonFinite, checksum }: OutputSummary): string {
  const of = nonFinite > 0 ? ' of the finite' : '';
  const numbers = Object.entries({ min, max, [`mean${of}`]: mean, [`std${of}`]: std }).map(
    ([key, value]) => `${key} ${value.toPrecision(7)}`,
  );
  return `${name}: ${formatShape(shape)} ${dtype} on ${device}, ${numbers.join(', ')}${nonFinite > 0 ? `, NaN or infinite ${nonFinite}` : ''}, checksum ${checksum}`;
}

/** The error with its line of the program and a mark under the place. */
export function formatError(file: string, text: string, { name, message, line, column }: ProgramError): string {
  const at = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const source = line === undefined ? undefined : text.split('\n')[line - 1];
  const mark = source === undefined ? '' : `  ${source}\n  ${' '.repeat((column ?? 1) - 1)}^\n`;
  return `${at}: ${name}: ${message}\n${mark}`;
}
