/**
 * @file Everywhere that a secret could be left behind, for tests that plant one and look.
 */
import type { Page } from 'puppeteer';

/** All that a page keeps, shows or has asked for, as one text. */
export function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error ?? new Error('no reason given')));
      });
    const records: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name!));
      for (const store of database.objectStoreNames)
        records.push(store, await asked(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      records,
      await caches.keys(),
      document.cookie,
      location.href,
      history.state,
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input')].map(({ value }) => value),
      performance.getEntries().map(({ name }) => name),
    ]);
  });
}

/** Hears what this process prints, and so the bridge in it, until `stop` gives it as one text. */
export function hearLogs(): { stop: () => string } {
  const heard: string[] = [];
  const undo: (() => void)[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const before = console[method];
    console[method] = (...args: unknown[]): void => void heard.push(args.map(String).join(' '));
    undo.push(() => (console[method] = before));
  }
  for (const stream of [process.stdout, process.stderr]) {
    const before = stream.write;
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]): boolean => {
      heard.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return before.call(stream, chunk, ...rest);
    }) as typeof stream.write;
    undo.push(() => (stream.write = before));
  }
  return {
    stop() {
      for (const step of undo) step();
      return heard.join('\n');
    },
  };
}
