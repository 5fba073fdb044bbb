/**
 * @file How much the engine may tell the page: many messages at once, since a program may print a lot, but not for
 * ever, since each costs the page time that its visitor waits for.
 */

const burst = 20_000;
const perSecond = 1000;

export class Flood {
  private left = burst;
  private since = performance.now();

  /** Counts a message; whether it is one too many. */
  exceeds(): boolean {
    const now = performance.now();
    this.left = Math.min(burst, this.left + ((now - this.since) / 1000) * perSecond) - 1;
    this.since = now;
    return this.left < 0;
  }
}
