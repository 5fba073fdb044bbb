/**
 * @file When the GPU worked, as the host sees it, where a device has no timestamp queries: each kernel is a submission
 * of its own, and the queue says when it is done. The queue answers late and for several at once; the time of those
 * that end together is shared evenly.
 */
import type { Span } from './pass-times.ts';

interface Submission {
  readonly at: number;
  readonly done: Promise<number>;
}

export class QueueTimes {
  private readonly submissions: Submission[] = [];
  private readonly done: () => Promise<unknown>;
  private readonly now: () => number;

  /** `done` resolves when the device has done what was submitted; `now` is in milliseconds. */
  constructor(done: () => Promise<unknown>, now: () => number = () => performance.now()) {
    this.done = done;
    this.now = now;
  }

  /** To be called after each submission. */
  submitted(): void {
    const done = this.done().then(this.now);
    done.catch(() => {}); // whoever asks for the times is told
    this.submissions.push({ at: this.now(), done });
  }

  /** Every submission, in order, once all are done. */
  async end(): Promise<Span[]> {
    const ends = await Promise.all(this.submissions.map(({ done }) => done));
    return spansOf(
      this.submissions.map(({ at }) => at),
      ends,
    );
  }
}

/** Work begins when it is submitted or when the work before it ends, whichever is later. */
function spansOf(submitted: readonly number[], ends: readonly number[]): Span[] {
  const spans: Span[] = [];
  let free = -Infinity;
  for (let i = 0; i < ends.length;) {
    const end = Math.max(free, ends[i]);
    let next = i + 1;
    while (next < ends.length && ends[next] <= end) next++;
    const start = Math.min(end, Math.max(free, submitted[i]));
    const share = (end - start) / (next - i);
    for (let k = i; k < next; k++) spans.push({ start: start + (k - i) * share, end: start + (k - i + 1) * share });
    free = end;
    i = next;
  }
  return spans;
}
