/**
 * @file Tells the end of a kernel from the loss of its server.
 *
 * The kernel's own messages say that it ended. Once the connection is dropped there are none: the library then asks
 * over HTTP, and calls the kernel dead whatever the answer means and whoever gives it. So a dropped connection is
 * judged here alone, by what answers at the server's address, and it does not matter which of the two asks first.
 */
import type { Kernel } from '@jupyterlab/services';
import { messageOf } from '../../base/errors.ts';
import { RemoteError } from '../transport.ts';
import { request } from './server.ts';

/** How long a server may be away before it counts as gone, and how often it is looked for. */
const awayMs = 30_000;
const awayStepMs = 1000;

export interface Watcher {
  /** Whether the session is being closed: nothing is told then. */
  readonly closing: () => boolean;
  /** The dropped connection is open again. */
  readonly onReturn: () => void;
  /** The kernel ended, or the connection is gone for good. */
  readonly onLost: (error: RemoteError) => void;
}

interface Connection {
  dropped: boolean;
  /** The library tries no more to open it. */
  givenUp: boolean;
}

export function watch(kernel: Kernel.IKernelConnection, watcher: Watcher): void {
  const connection: Connection = { dropped: false, givenUp: false };
  kernel.statusChanged.connect((_, status) => {
    if (watcher.closing()) return;
    if (status === 'dead' && connection.dropped) connection.givenUp = true;
    else if (status === 'autorestarting' || status === 'restarting' || status === 'dead' || status === 'terminating')
      watcher.onLost(kernelDied());
  });
  kernel.connectionStatusChanged.connect((_, status) => {
    if (watcher.closing()) return;
    if (status === 'disconnected') connection.givenUp = true;
    if (status !== 'connected' && !connection.dropped) {
      connection.dropped = true;
      void awaitReturn(kernel, connection, watcher);
    }
    if (status === 'connected' && connection.dropped) {
      connection.dropped = false;
      watcher.onReturn();
    }
  });
}

/** Looks for the server while the connection is dropped: the library itself would try again for ever. */
async function awaitReturn(
  { id, serverSettings }: Kernel.IKernelConnection,
  connection: Connection,
  { closing, onLost }: Watcher,
): Promise<void> {
  const away = (): boolean => connection.dropped && !closing();
  let seen = performance.now();
  while (away()) {
    await new Promise((resolve) => setTimeout(resolve, awayStepMs));
    const answer = await request(serverSettings, `api/kernels/${encodeURIComponent(id)}`).catch((error: unknown) =>
      messageOf(error),
    );
    if (!away()) return;
    const end = typeof answer === 'string' ? undefined : await endBy(answer, connection, serverSettings.baseUrl);
    if (end) return onLost(end);
    if (typeof answer === 'object' && answer.ok) seen = performance.now();
    else if (performance.now() - seen > awayMs) {
      const why = typeof answer === 'string' ? answer : `jupyter: the server answers ${answer.status}`;
      return onLost(lost(`${why}. It was there when the run began, and did not come back within ${awayMs / 1000} s`));
    }
  }
}

/** Why an answer about the kernel ends the wait, if it does. */
async function endBy(answer: Response, { givenUp }: Connection, baseUrl: string): Promise<RemoteError | undefined> {
  const { status } = answer;
  if (status === 404)
    return new RemoteError(
      'kernel died',
      'jupyter: the server no longer has the kernel; it may have restarted. Run again',
    );
  if (status === 401 || status === 403)
    return lost(
      `jupyter: the connection to ${new URL(baseUrl).host} was lost, and what answers there now does not accept the token (status ${status}); the server may have restarted with another one`,
    );
  if (!answer.ok) return undefined;
  const model = (await answer.json().catch(() => null)) as { execution_state?: unknown } | null;
  if (model?.execution_state === 'dead') return kernelDied();
  return givenUp ? lost('jupyter: the connection to the kernel was lost and could not be opened again') : undefined;
}

const lost = (message: string): RemoteError => new RemoteError('connection lost', message);

const kernelDied = (): RemoteError =>
  new RemoteError(
    'kernel died',
    "jupyter: the kernel died during the run; out of memory is the usual cause, see the server's log",
  );
