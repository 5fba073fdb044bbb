/**
 * @file Programs of the system: where they are, and what they say.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ProgramOutput {
  /** The exit status; `null` when it could not start, was killed or ran out of time. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end without input; never rejects. `seconds` is how long it may take. */
export function capture(program: string, args: readonly string[], seconds = 20): Promise<ProgramOutput> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => resolve({ status: null, stdout, stderr: error.message }));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * Programs of PATH (and of `more` folders, after them) whose file name, less `.exe`, matches, in that order. Several
 * links to one file in one folder count once; in two folders they are two, since a virtual environment's python is a
 * link to the system's.
 */
export function findPrograms(name: RegExp, more: readonly string[] = []): string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...more];
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const file of filesOf(folder)) {
      const path = join(folder, file);
      if (!name.test(file.replace(/\.exe$/i, '')) || !isProgram(path)) continue;
      const identity = `${realpathSync(folder)} ${realpathSync(path)}`;
      if (!found.has(identity)) found.set(identity, path);
    }
  }
  return [...found.values()];
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // PATH often names folders that do not exist
  }
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false; // a link to nowhere
  const stat = statSync(path);
  return stat.isFile() && (process.platform === 'win32' || (stat.mode & 0o111) !== 0);
}
