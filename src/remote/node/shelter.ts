/**
 * @file The last resort for errors that a remote causes outside of any promise, in an event of a library: they fail the
 * runs under way, and not the process.
 */
import { messageOf } from '../../base/errors.ts';
import type { Transport } from '../transport.ts';
import { RemoteError } from '../transport.ts';

/** What rejects each run under way. */
const running = new Set<(error: Error) => void>();
/** Sockets outlive their run by a little. */
const aftermathMs = 30_000;
let calmAt = 0;
let listens = false;

/** Does the work; what is thrown meanwhile and nobody catches rejects it. */
export function sheltered<T>(work: () => Promise<T>): Promise<T> {
  if (!listens) process.on('uncaughtException', failRuns);
  listens = true;
  return new Promise<T>((resolve, reject) => {
    running.add(reject);
    work()
      .then(resolve, reject)
      .finally(() => {
        running.delete(reject);
        calmAt = performance.now() + aftermathMs;
      });
  });
}

/** The transport with each of its runs sheltered. */
export function shelteredTransport({ name, run }: Transport): Transport {
  return { name, run: (job, options) => sheltered(() => run(job, options)) };
}

function failRuns(error: unknown): void {
  if (running.size === 0 && performance.now() > calmAt) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
  const failure = new RemoteError('connection lost', `remote: invalid data broke the connection: ${messageOf(error)}`, {
    cause: error,
  });
  for (const reject of running) reject(failure);
}
