/**
 * @file Where a script's syntax error is, in a browser: only a script that is loaded from an address has the place in
 * its error event, so it is loaded as a worker. It never runs, since it does not parse; and were it one that does, its
 * first statement ends it.
 *
 * This is the only use of workers here. A program gets no way to one of its own: the constructor goes before any
 * program runs.
 */

const NativeWorker = Worker;
delete (globalThis as { Worker?: unknown }).Worker;
delete (NativeWorker.prototype as { constructor?: unknown }).constructor;

/** Line and column, from 1; `undefined` where the browser does not tell. */
export function locateSyntaxError(script: string): Promise<{ line: number; column: number } | undefined> {
  const worker = new NativeWorker(`data:text/javascript,${encodeURIComponent(`throw 0; ${script}`)}`);
  return new Promise<{ line: number; column: number } | undefined>((resolve) => {
    setTimeout(() => resolve(undefined), 2000);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const { lineno: line, colno: column, message } = event;
      resolve(message.includes('SyntaxError') && line > 0 ? { line, column } : undefined);
    });
  }).finally(() => worker.terminate());
}
