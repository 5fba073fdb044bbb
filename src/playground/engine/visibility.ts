/**
 * @file Whether the page has been hidden. Browsers slow a hidden page's work down, so times taken meanwhile mean
 * nothing. A worker cannot see for itself; the page tells it.
 */

export class Visibility {
  private hidden = false;
  /** When the page was last seen hidden, by this worker's `performance.now()`. */
  private lastHiddenMs = -Infinity;

  set(hidden: boolean): void {
    if (this.hidden || hidden) this.lastHiddenMs = performance.now();
    this.hidden = hidden;
  }

  /** Why what was measured since `sinceMs` means nothing, or `undefined`. */
  readonly interruption = (sinceMs: number): string | undefined =>
    this.hidden || this.lastHiddenMs >= sinceMs ? 'the tab was hidden, and browsers slow hidden tabs down' : undefined;
}
