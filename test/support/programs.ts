/**
 * @file Programs as a visitor writes them, run without a page: what they export, and what they print.
 */
import { runProgram } from '../../src/session/program.ts';
import * as wudnn from '../../src/session/wudnn.ts';

/** Runs a program's text; its exports, and the lines that it printed. Throws what it throws, with the line. */
export async function run(text: string): Promise<{ exports: Readonly<Record<string, any>>; printed: string[] }> {
  const printed: string[] = [];
  const result = await runProgram(text, { modules: { wudnn }, console: (entry) => printed.push(entry.text) });
  if (!result.ok) throw new Error(`line ${result.error.line}: ${result.error.message}`);
  return { exports: result.exports, printed };
}
