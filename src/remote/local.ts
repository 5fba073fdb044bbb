/**
 * @file The transport to a python of this machine: no server, no kernel, a process of its own. Node only.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Shell } from './shell.ts';
import { runInFolder } from './shell.ts';
import type { Transport } from './transport.ts';

/** Runs jobs with the python at a path, or of a name on PATH. */
export function localTransport(python: string): Transport {
  return { name: 'this machine', run: (job, options = {}) => runInFolder(localShell, python, job, options) };
}

export const localShell: Shell = {
  run: (command, { stdin, onSent, onStdout, onStderr } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
      const [out, err] = [[] as Uint8Array[], [] as Uint8Array[]];
      child.stdout.on('data', onStdout ?? ((chunk: Uint8Array) => out.push(chunk)));
      child.stderr.on('data', onStderr ?? ((chunk: Uint8Array) => err.push(chunk)));
      child.stdin.on('error', () => {}); // the command ended without reading it all; its status tells
      child.stdin.end(stdin ?? '', () => onSent?.(stdin?.length ?? 0));
      child.on('error', reject);
      child.on('close', (code, signal) => {
        const status = code ?? 128 + (signal ? constants.signals[signal] : 0);
        resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
      });
    }),
};
