/**
 * @file Both sides on one time axis, as Chrome's Trace Event JSON: opens in Perfetto and in chrome://tracing.
 * Format: "Trace Event Format", complete events (`ph: "X"`), microseconds, one process a side.
 */

export interface TraceSide {
  /** `'local: Apple M2'`. */
  readonly name: string;
  readonly tracks: readonly TraceTrack[];
}

export interface TraceTrack {
  /** `'kernels'`, `'layers'`. */
  readonly name: string;
  readonly spans: readonly TraceSpan[];
}

export interface TraceSpan {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly args?: Readonly<Record<string, string | number>>;
}

export function toTrace(sides: readonly TraceSide[]): string {
  const traceEvents = sides.flatMap((side, i) => {
    const pid = i + 1;
    return [
      { ph: 'M', name: 'process_name', pid, args: { name: side.name } },
      ...side.tracks.flatMap((track, j) => trackEvents(track, pid, j + 1)),
    ];
  });
  return JSON.stringify({ traceEvents, displayTimeUnit: 'ms' });
}

/** Spans one after the other, for durations whose starts are not known. */
export function inSequence(durations: readonly Omit<TraceSpan, 'startMs'>[]): TraceSpan[] {
  let startMs = 0;
  return durations.map((duration) => {
    const span = { ...duration, startMs };
    startMs += duration.durationMs;
    return span;
  });
}

function trackEvents({ name, spans }: TraceTrack, pid: number, tid: number): object[] {
  return [
    { ph: 'M', name: 'thread_name', pid, tid, args: { name } },
    ...spans.map((span) => ({
      ph: 'X',
      name: span.name,
      pid,
      tid,
      ts: span.startMs * 1000,
      dur: span.durationMs * 1000,
      ...(span.args && { args: span.args }),
    })),
  ];
}
