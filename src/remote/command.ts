/**
 * @file One command elsewhere, watched: what it says is counted as it comes, and it ends when it says too much, nothing
 * for too long, or when the run is stopped.
 */
import type { CommandOptions, CommandResult } from './shell.ts';
import { cancelled, RemoteError } from './transport.ts';

/** What a command may say whose output is kept: answers of a line or two, a traceback. */
const maxKept = 2 ** 20;
/** What a command may say in all: results of the largest size, and their log. */
const maxSaid = 2 ** 30 + 2 ** 28;
/** How long a command may be silent that neither computes nor waits for anybody. */
const usualIdleMs = 3 * 60_000;

export interface WatchedCommand {
  readonly stdout: (chunk: Uint8Array) => void;
  readonly stderr: (chunk: Uint8Array) => void;
  /** It takes what it is given, so it is not idle. */
  readonly alive: () => void;
  /** It has ended by itself. */
  readonly close: (status: number) => void;
  readonly fail: (error: unknown) => void;
  readonly result: Promise<CommandResult>;
}

/** `kill` ends the command at once, whatever it is doing. */
export function watchCommand(
  { onStdout, onStderr, signal, idleMs = usualIdleMs }: CommandOptions,
  kill: () => void,
): WatchedCommand {
  let resolve!: (result: CommandResult) => void;
  let reject!: (error: Error) => void;
  const result = new Promise<CommandResult>((...ends) => ([resolve, reject] = ends));
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let [keptBytes, said] = [0, 0];
  let done = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const finish = (): boolean => {
    const first = !done;
    done = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    return first;
  };
  const fail = (error: unknown): void => {
    if (!finish()) return;
    reject(error instanceof Error ? error : new Error(String(error)));
    kill();
  };
  const stop = (): void => fail(cancelled());
  const alive = (): void => {
    clearTimeout(timer);
    if (!done)
      timer = setTimeout(
        () =>
          fail(
            new RemoteError('connection lost', `remote: no data for ${idleMs / 1000} s; it may be stuck. Run again`),
          ),
        idleMs,
      );
  };
  const take =
    (name: keyof typeof kept, onChunk?: (chunk: Uint8Array) => void) =>
    (chunk: Uint8Array): void => {
      if (done) return;
      alive();
      said += chunk.length;
      if (said > maxSaid)
        return fail(
          new RemoteError('bad results', `remote: a command printed more than ${maxSaid} bytes without ending`),
        );
      try {
        if (onChunk) return onChunk(chunk);
      } catch (error) {
        return fail(error);
      }
      keptBytes += chunk.length;
      if (keptBytes > maxKept)
        return fail(
          new RemoteError(
            'bad results',
            `remote: a command printed more than ${maxKept} bytes where one line was expected`,
          ),
        );
      kept[name].push(chunk);
    };
  const textOf = (chunks: readonly Uint8Array[]): string => {
    const decoder = new TextDecoder();
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
  };

  alive();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  return {
    stdout: take('stdout', onStdout),
    stderr: take('stderr', onStderr),
    alive,
    close: (status) => void (finish() && resolve({ status, stdout: textOf(kept.stdout), stderr: textOf(kept.stderr) })),
    fail,
    result,
  };
}
