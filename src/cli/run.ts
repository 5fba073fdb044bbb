/**
 * @file `run`: a program on the same engine as the page, on an adapter of this machine.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import type { ConsoleEntry, EngineInfo, OutputSummary, ProgramError, RunResult } from '../worker/protocol.ts';
import { openSession } from './session.ts';

export const usage = `npm run -s wudnn -- run PROGRAM.ts [--adapter NAME] [--json FILE]

Runs a program. It says: import { torch, nn, F, optim, dnn } from 'wudnn', may await at top level, and may import Node's
own modules. What it exports is summarised when it has ended. The exit status is 1 when it fails.

  --adapter NAME  run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --json FILE     write shapes, statistics, timings and the tables of algorithms to a file
`;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { adapter: { type: 'string' }, json: { type: 'string' } } });
  if (positionals.length !== 1) fail(`expected one program, got ${positionals.length}; see --help`);
  const [file] = positionals;
  const text = await readProgram(file);
  const { session, info, close } = await openSession(values.adapter, modulesFor(file));
  try {
    const result = await session.run(text, { console: write, progress: () => {} });
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(record(file, info, result), null, 2)}\n`);
    if (!result.ok) {
      process.stderr.write(formatError(file, text, result.error));
      return 1;
    }
    for (const output of result.outputs) process.stdout.write(`${formatOutput(output)}\n`);
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

function write({ level, text }: ConsoleEntry): void {
  (level === 'error' || level === 'warn' ? process.stderr : process.stdout).write(`${text}\n`);
}

/** What `--json` writes. */
function record(program: string, info: EngineInfo, result: RunResult): object {
  return { program, engine: info, ...result };
}

function formatOutput({ name, shape, dtype, device, min, max, mean, std, checksum }: OutputSummary): string {
  const numbers = Object.entries({ min, max, mean, std }).map(([key, value]) => `${key} ${value.toPrecision(7)}`);
  return `${name}: ${formatShape(shape)} ${dtype} on ${device}, ${numbers.join(', ')}, checksum ${checksum}`;
}

/** The error with its line of the program and a mark under the place. */
export function formatError(file: string, text: string, { name, message, line, column }: ProgramError): string {
  const at = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const source = line === undefined ? undefined : text.split('\n')[line - 1];
  const mark = source === undefined ? '' : `  ${source}\n  ${' '.repeat((column ?? 1) - 1)}^\n`;
  return `${at}: ${name}: ${message}\n${mark}`;
}
