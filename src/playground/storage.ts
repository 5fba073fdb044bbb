/**
 * @file What the page remembers: between visits in local storage, and for this tab alone in session storage. Never a
 * token.
 *
 * Storage may be refused (private windows, embedded pages, quota); the page then works and forgets, and who keeps
 * something that the visitor made says so.
 */

const prefix = 'wudnn:';

/** A place of names and texts. */
export interface Store {
  recall(name: string): string | undefined;
  /** Keeps a text; `undefined` removes it. Whether that was done: `false` where the browser refuses. */
  remember(name: string, text: string | undefined): boolean;
  /** The names that begin with `start`. */
  names(start: string): string[];
}

/** For every tab, and the next visit. */
export const visitor: Store = storeIn(() => localStorage);

/** For this tab, over reloads. */
export const tab: Store = storeIn(() => sessionStorage);

/**
 * Calls `listener` with a name that another tab has changed in the visitor's store, and its text; without a name, all
 * may have changed.
 */
export function onChangeElsewhere(listener: (name: string | undefined) => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === null) listener(undefined);
    else if (key.startsWith(prefix)) listener(key.slice(prefix.length));
  });
}

function storeIn(area: () => Storage): Store {
  const attempt = <T>(body: (storage: Storage) => T, refused: T): T => {
    try {
      return body(area());
    } catch {
      return refused;
    }
  };
  return {
    recall: (name) => attempt((storage) => storage.getItem(prefix + name) ?? undefined, undefined),
    remember: (name, text) =>
      attempt((storage) => {
        if (text === undefined) storage.removeItem(prefix + name);
        else storage.setItem(prefix + name, text);
        return true;
      }, false),
    names: (start) =>
      attempt((storage) => {
        const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)!);
        return keys.filter((key) => key.startsWith(prefix + start)).map((key) => key.slice(prefix.length));
      }, []),
  };
}
