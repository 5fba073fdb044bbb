/**
 * @file Wall time around the queue, where a device has no timestamp queries: what work takes beyond an empty
 * submission.
 *
 * An awaited queue answers late. Firefox looks at it every 100 ms or so, and at each submission (wgpu polls its device
 * then), so a queue that answers late is kept awake by empty submissions while it is awaited. What is left of the delay
 * is measured: its middle is subtracted, and its range is the clock's step. Samples begin at random times, so that a
 * queue which answers in steps errs to both sides.
 */

/** What the clock needs of a device. */
export interface AwaitedQueue<Work> {
  /** Submits work, or nothing. */
  submit(work?: Work): void;
  /** Resolves when the device has done what was submitted, and its answer has come. */
  done(): Promise<void>;
  /** Milliseconds. */
  now(): number;
  /** Lets others run; at least for so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/** An answer that takes longer than this comes late. */
const lateMs = 3;
const emptySamples = 8;
/** The range of a few numbers from an interval is shorter than the interval, by this on average. */
const rangeFactor = (emptySamples + 1) / (emptySamples - 1);
/** How often a queue that is kept awake is looked at. */
const lookMs = 0.5;

export class WallClock<Work> {
  /** The smallest difference that it can show, in nanoseconds. */
  quantumNs = 1;
  private readonly queue: AwaitedQueue<Work>;
  private readonly random: () => number;
  private awake = false;
  private emptyMs = 0;
  private spreadMs = 0;

  constructor(queue: AwaitedQueue<Work>, random: () => number = Math.random) {
    this.queue = queue;
    this.random = random;
  }

  /** Measures what an empty submission takes, and how much that varies. */
  async calibrate(): Promise<void> {
    await this.queue.done();
    let first = await this.span();
    if (first > lateMs) {
      this.awake = true;
      first = await this.span();
    }
    this.spreadMs = first;
    const empty: number[] = [];
    for (let i = 0; i < emptySamples; i++) empty.push(await this.span());
    empty.sort((a, b) => a - b);
    this.emptyMs = (empty[emptySamples / 2 - 1] + empty[emptySamples / 2]) / 2;
    this.spreadMs = rangeFactor * (empty[emptySamples - 1] - empty[0]);
    this.quantumNs = Math.max(1, Math.round(1e6 * Math.max(this.spreadMs, this.stepMs())));
  }

  /** Nanoseconds of the work; 0 where it is lost in what an empty submission takes. */
  async time(work: Work): Promise<number> {
    return 1e6 * Math.max(0, (await this.span(work)) - this.emptyMs);
  }

  private async span(work?: Work): Promise<number> {
    await this.answer();
    if (this.spreadMs > 0) await this.queue.pause(this.random() * this.spreadMs);
    const started = this.queue.now();
    this.queue.submit(work);
    await this.answer();
    return this.queue.now() - started;
  }

  private async answer(): Promise<void> {
    if (!this.awake) return this.queue.done();
    let answered = false;
    const end = this.queue.done().then(() => (answered = true));
    while (!answered) {
      await Promise.race([end, this.queue.pause(lookMs)]);
      if (!answered) this.queue.submit();
    }
  }

  /** The smallest step of the host's own clock. */
  private stepMs(): number {
    let smallest = Infinity;
    const started = this.queue.now();
    for (let steps = 0, last = started; steps < 16 && last - started < 20;) {
      const now = this.queue.now();
      if (now === last) continue;
      smallest = Math.min(smallest, now - last);
      last = now;
      steps++;
    }
    return smallest;
  }
}
