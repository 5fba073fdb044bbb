/**
 * @file The machine's Python with PyTorch, for tests that ask the real thing.
 */
import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { findPythons } from '../../src/machine/pythons.ts';

let found: Promise<string | undefined> | undefined;

/**
 * The Python that WUDNN_PYTHON names, as in every test, or the first that imports torch; sought once, since each import
 * takes seconds.
 */
function pythonWithTorch(): Promise<string | undefined> {
  found ??= Promise.resolve(process.env['WUDNN_PYTHON'] ?? findPythons().then(([python]) => python?.path));
  return found;
}

/** Runs a program with `input` on its standard input, in the repository's root, and resolves to what it wrote. */
export async function runPython(code: string, input: string | Uint8Array = ''): Promise<Buffer> {
  const python = await pythonWithTorch();
  if (!python)
    throw new Error("runPython: no python imports torch; let the test ask for it by describeWith(['python'], …)");
  const child = spawn(python, ['-c', code]);
  child.stdin.on('error', () => {}); // a program may end without reading; its status tells
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [status, output, complaint] = await Promise.all([ended, buffer(child.stdout), text(child.stderr)]);
  if (status !== 0) throw new Error(`runPython: ${python} ended with status ${status}: ${complaint}`);
  return output;
}
