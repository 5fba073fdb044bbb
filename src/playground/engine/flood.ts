/**
 * @file How much the engine may tell the page: many messages at once, since a program may print a lot, but not for ever, since each
 * costs the page time that its visitor waits for.
 */

const BURST = 20_000;
const PER_SECOND = 1000;

export class Flood {
  private left = BURST;
  private since = performance.now();

  /** Counts a message; whether it is one too many. */
  exceeds(): boolean {
    const now = performance.now();
    this.left = Math.min(BURST, this.left + ((now - this.since) / 1000) * PER_SECOND) - 1;
    this.since = now;
    return this.left < 0;
  }
}
