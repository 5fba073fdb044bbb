/**
 * @file Where a script's syntax error is, in a browser: only a script that is loaded from an address has the place in
 * its error event, so it is loaded as a worker. It never runs, since it does not parse.
 */

/** Line and column, from 1; `undefined` where the browser does not tell. */
export function locateSyntaxError(script: string): Promise<{ line: number; column: number } | undefined> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return new Promise<{ line: number; column: number } | undefined>((resolve) => {
    setTimeout(() => resolve(undefined), 2000);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      resolve(event.lineno > 0 ? { line: event.lineno, column: event.colno } : undefined);
    });
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(url);
  });
}
