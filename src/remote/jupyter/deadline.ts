/**
 * @file A deadline that can be put off.
 */

/** Calls when so much time has passed since it was last restarted. */
export class Deadline {
  private readonly ms: number;
  private readonly late: () => void;
  private timer: ReturnType<typeof setTimeout>;

  constructor(ms: number, late: () => void) {
    this.ms = ms;
    this.late = late;
    this.timer = setTimeout(late, ms);
  }

  restart(): void {
    this.end();
    this.timer = setTimeout(this.late, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
