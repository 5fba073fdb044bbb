/**
 * @file What the page remembers between visits: program texts, the example, the theme. Never a token.
 *
 * Storage may be refused (private windows, embedded pages, quota); the page then works and forgets.
 */

const prefix = 'wudnn:';

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text; `undefined` removes it. */
export function remember(name: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, text);
  } catch {
    // Refused: nothing is lost but the memory of it.
  }
}
