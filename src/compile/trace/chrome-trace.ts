/**
 * @file A profile as trace events, which chrome://tracing and ui.perfetto.dev show: kernels, operations and layers,
 * each on a track; where it is known, what the engine was busy with.
 *
 * The format is the Trace Event Format's: complete events (`ph: 'X'`) with times in microseconds, and metadata that
 * names the tracks.
 */
import type { Phase } from '../../base/phases.ts';
import type { ProfileData, ProfiledEvent } from '../profile-data.ts';
import { layerSpans, operationSpans } from './spans.ts';

interface TraceEvent {
  readonly ph: 'X' | 'M';
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The run that was profiled, on the host's clock, in milliseconds. */
export interface TracedRun {
  readonly phases: readonly Phase[];
  readonly start: number;
  readonly end: number;
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const tracks = { kernel: 1, operation: 2, layer: 3, program: 1, phase: 2 } as const;
const processes = { webgpu: 1, cpu: 2, host: 3 } as const;

export function chromeTrace({ events, device, wallMs }: ProfileData, run?: TracedRun): string {
  const first = events.reduce((earliest, { start }) => Math.min(earliest, start), run?.start ?? Infinity);
  const us = (ms: number): number => Math.round(1e6 * (ms - first)) / 1000;
  const complete = (
    cat: keyof typeof tracks,
    pid: number,
    { name, start, end }: Span,
    args?: TraceEvent['args'],
  ): TraceEvent => ({
    ph: 'X',
    name,
    cat,
    pid,
    tid: tracks[cat],
    ts: us(start),
    dur: Math.max(0, us(end) - us(start)),
    ...(args && { args }),
  });
  const traceEvents = (['webgpu', 'cpu'] as const).flatMap((where): TraceEvent[] => {
    const here = events.filter((event) => event.device === where);
    if (here.length === 0) return [];
    const pid = processes[where];
    return [
      ...names(pid, where === 'cpu' ? 'cpu reference' : (device?.adapter ?? where), ['kernel', 'operation', 'layer']),
      ...here.map((event) => complete('kernel', pid, event, argsOf(event))),
      ...operationSpans(here).map((span) => complete('operation', pid, span)),
      ...layerSpans(here).flatMap((spans) => spans.map((span) => complete('layer', pid, span))),
    ];
  });
  if (run)
    traceEvents.push(
      ...names(processes.host, 'wuDNN', ['program', 'phase']),
      complete('program', processes.host, { name: 'run', ...run }),
      ...run.phases.map((phase) => complete('phase', processes.host, phase)),
    );
  return JSON.stringify({ displayTimeUnit: 'ms', otherData: { ...device, wallMs }, traceEvents });
}

/** Of a process and its tracks. */
function names(pid: number, name: string, of: readonly (keyof typeof tracks)[]): TraceEvent[] {
  const meta = { ph: 'M', pid, ts: 0 } as const;
  return [
    { ...meta, name: 'process_name', tid: 0, args: { name } },
    ...of.map((track): TraceEvent => ({
      ...meta,
      name: 'thread_name',
      tid: tracks[track],
      args: { name: `${track}s` },
    })),
  ];
}

const argsOf = ({ operation, layers, inputShapes, bytes, flops }: ProfiledEvent): TraceEvent['args'] => ({
  operation,
  layer: layers.at(-1)?.name ?? null,
  inputShapes,
  bytes,
  flops,
});
