/**
 * @file Runs a job on any machine that takes command lines: a folder of its own, two files in, `python job.py`, two
 * files out.
 *
 * The ssh transport and the one of this machine differ only in how a command line gets there.
 */
import { sha256Of } from '../base/checksum.ts';
import type { Job } from './job.ts';
import { jobFiles } from './job.ts';
import { programError } from './python-error.ts';
import { maxReportBytes } from './report.ts';
import type { RemoteResult, RunOptions } from './transport.ts';
import { cancelled, collectFor, LogReader, maxResultBytes, RemoteError, throwIfCancelled } from './transport.ts';

/** A POSIX shell somewhere. */
export interface Shell {
  /** Runs one command line to its end. Rejects only when the connection breaks. */
  run(command: string, options?: CommandOptions): Promise<CommandResult>;
}

export interface CommandOptions {
  readonly stdin?: Uint8Array;
  /** Bytes of `stdin` that are on their way. */
  readonly onSent?: (bytes: number) => void;
  /** Takes the output as it comes; it is then not in the result. */
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  /** Ends the command at once. */
  readonly signal?: AbortSignal;
  /** How long it may neither say nor take anything; three minutes unless given. */
  readonly idleMs?: number;
}

export interface CommandResult {
  /** Exit status; 128 + n for signal n. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a program may compute without a word. */
const silentMs = 30 * 60_000;
/** How long an interrupted program may take to end before it is killed. */
const interruptMs = 10_000;
const commandNotFound = 127;

/** Removes the folders of runs that were killed: older than a day, and their program, where it began, runs no more. */
const sweepSource = `find "\${TMPDIR:-/tmp}" -maxdepth 1 -type d -name 'wudnn-job-*' -user "$(id -un)" -mmin +1440 -exec sh -c 'kill -0 "$(cat "$1/pid" 2>/dev/null || echo none)" 2>/dev/null || rm -rf "$1"' sh {} ';' 2>/dev/null`;
const digestSource =
  'import hashlib,os,sys; p=sys.argv[1]; print(os.path.getsize(p), hashlib.sha256(open(p,"rb").read()).hexdigest())';

/** Runs the job with the given python; the folder is removed at the end, whatever the end was. */
export async function runInFolder(
  shell: Shell,
  python: string,
  job: Job,
  { signal, onProgress = () => {} }: RunOptions,
): Promise<RemoteResult> {
  throwIfCancelled(signal);
  onProgress({ stage: 'starting', text: 'making a folder for the job' });
  const stoppable: Shell = { run: (command, options) => shell.run(command, { ...options, signal }) };
  await requirePython(stoppable, python);
  const folder = (await succeed(stoppable, `${sweepSource}; mktemp -d "\${TMPDIR:-/tmp}/wudnn-job-XXXXXXXX"`)).trim();
  try {
    const files: [string, Uint8Array][] = [
      [jobFiles.program, new TextEncoder().encode(job.program)],
      [jobFiles.tensors, job.tensors],
    ];
    for (const [name, bytes] of files) {
      await upload(stoppable, python, `${folder}/${name}`, bytes, (done) => {
        onProgress({ stage: 'uploading', text: `uploading ${name}`, done, total: bytes.length });
      });
      throwIfCancelled(signal);
    }
    onProgress({ stage: 'running', text: `running ${job.model}` });
    const log = await execute(shell, python, folder, signal, (text) => onProgress({ stage: 'running', text }));
    const report = await download(stoppable, python, `${folder}/${jobFiles.report}`, maxReportBytes);
    const tensors = await download(
      stoppable,
      python,
      `${folder}/${jobFiles.results}`,
      maxResultBytes,
      (done, total) => {
        onProgress({ stage: 'downloading', text: `downloading ${jobFiles.results}`, done, total });
      },
    );
    throwIfCancelled(signal);
    return await collectFor(job, report, tensors, log);
  } finally {
    // The connection is gone; the system empties its temporary folder.
    await shell.run(`rm -rf ${quote(folder)}`).catch(() => {});
  }
}

/** A word that the shell takes as it is. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function requirePython(shell: Shell, python: string): Promise<void> {
  const { status, stderr } = await shell.run(`${quote(python)} -c 'import sys; sys.exit(sys.version_info < (3, 8))'`);
  if (status === commandNotFound)
    throw new RemoteError(
      'no python',
      `remote: ${python} was not found; give the full path of a Python that has PyTorch`,
    );
  if (status !== 0)
    throw new RemoteError('no python', `remote: ${python} does not run, or is older than 3.8`, { detail: stderr });
}

/** Runs the program; resolves to its log. */
async function execute(
  shell: Shell,
  python: string,
  folder: string,
  signal: AbortSignal | undefined,
  onLine: (line: string) => void,
): Promise<string> {
  const log = new LogReader(onLine);
  const decoder = new TextDecoder();
  let stderr = '';
  const given = new AbortController();
  const running = shell.run(`cd ${quote(folder)} && echo $$ > pid && exec ${quote(python)} -u ${jobFiles.program} .`, {
    onStdout: (chunk) => log.add(decoder.decode(chunk, { stream: true })),
    idleMs: silentMs,
    signal: given.signal,
    onStderr: (chunk) => {
      stderr = (stderr + new TextDecoder().decode(chunk)).slice(-20_000);
    },
  });
  const stop = (): void => void interrupt(shell, folder, running).then(() => given.abort());
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const { status } = await running;
    throwIfCancelled(signal);
    if (status !== 0) throw status > 128 ? killed(status - 128, stderr) : programError(status, stderr);
    return log.text;
  } catch (error) {
    throw signal?.aborted ? cancelled() : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Control-C for a program elsewhere; when it does not obey, it is killed, and after that nobody waits for it any
 * longer.
 */
async function interrupt(shell: Shell, folder: string, running: Promise<unknown>): Promise<void> {
  const ended = running.then(
    () => true,
    () => true,
  );
  for (const name of ['INT', 'KILL']) {
    shell.run(`kill -${name} "$(cat ${quote(`${folder}/pid`)})"`, { idleMs: interruptMs }).catch(() => {});
    if (await Promise.race([ended, new Promise<boolean>((resolve) => setTimeout(resolve, interruptMs, false))])) return;
  }
}

function killed(signal: number, stderr: string): RemoteError {
  const why = signal === 9 ? '; out of memory is the usual cause' : '';
  return new RemoteError('kernel died', `remote: python was killed by signal ${signal}${why}`, { detail: stderr });
}

async function upload(
  shell: Shell,
  python: string,
  path: string,
  bytes: Uint8Array,
  onSent: (bytes: number) => void,
): Promise<void> {
  const { status, stderr } = await shell.run(`cat > ${quote(path)}`, { stdin: bytes, onSent });
  if (status !== 0) throw new RemoteError('python exception', `remote: ${path} could not be written: ${stderr.trim()}`);
  await verify(await digest(shell, python, path), path, bytes);
}

async function download(
  shell: Shell,
  python: string,
  path: string,
  limit: number,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Uint8Array> {
  const found = await digest(shell, python, path);
  if (found.size > limit)
    throw new RemoteError('bad results', `remote: ${path} has ${found.size} bytes; the limit is ${limit}`);
  const bytes = new Uint8Array(found.size);
  let at = 0;
  await shell.run(`cat ${quote(path)}`, {
    onStdout: (chunk) => {
      bytes.set(chunk.subarray(0, bytes.length - at), at);
      at = Math.min(bytes.length, at + chunk.length);
      onProgress(at, bytes.length);
    },
  });
  await verify(found, path, bytes);
  return bytes;
}

interface Digest {
  readonly size: number;
  readonly sha256: string;
}

async function digest(shell: Shell, python: string, path: string): Promise<Digest> {
  const { status, stdout, stderr } = await shell.run(`${quote(python)} -c ${quote(digestSource)} ${quote(path)}`);
  const [, size, sha256] = /^(\d+) ([0-9a-f]{64})\s*$/.exec(stdout) ?? [];
  if (status !== 0 || sha256 === undefined)
    throw new RemoteError('bad results', `remote: the program wrote no ${path.replace(/.*\//, '')}`, {
      detail: stderr,
    });
  return { size: Number(size), sha256 };
}

async function verify({ size, sha256 }: Digest, path: string, bytes: Uint8Array): Promise<void> {
  if (size !== bytes.length || sha256 !== (await sha256Of(bytes))) {
    throw new RemoteError('connection lost', `remote: ${path.replace(/.*\//, '')} was corrupted on the way; run again`);
  }
}

async function succeed(shell: Shell, command: string): Promise<string> {
  const { status, stdout, stderr } = await shell.run(command);
  if (status !== 0)
    throw new RemoteError(
      'python exception',
      `remote: '${command}' ended with status ${status}: ${stderr.trim().slice(0, 500)}`,
    );
  return stdout;
}
