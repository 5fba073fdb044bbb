/**
 * @file A shell that a command of this machine opens, and the transport to a python of this machine: no server, no
 * kernel, a process of its own. Node only.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { watchCommand } from './command.ts';
import type { Shell } from './shell.ts';
import { runInFolder } from './shell.ts';
import type { Transport } from './transport.ts';

/** Runs jobs with the python at a path, or of a name on PATH. */
export function localTransport(python: string): Transport {
  return { name: 'this machine', run: (job, options = {}) => runInFolder(localShell, python, job, options) };
}

/** The shell of a program that takes a command line as its last argument: `docker exec -i NAME /bin/sh -c`. */
export const commandShell = (program: string, args: readonly string[]): Shell => ({
  run: (command, options = {}) => {
    const { stdin, onSent } = options;
    const child = spawn(program, [...args, command], { stdio: 'pipe' });
    const watched = watchCommand(options, () => {
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    });
    child.stdout.on('data', watched.stdout);
    child.stderr.on('data', watched.stderr);
    child.stdin.on('error', () => {}); // the command ended without reading it all; its status tells
    child.stdin.end(stdin ?? '', () => onSent?.(stdin?.length ?? 0));
    child.on('error', watched.fail);
    child.on('close', (code, signal) => watched.close(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    return watched.result;
  },
});

export const localShell: Shell = commandShell('/bin/sh', ['-c']);
