/**
 * @file What the timeline says in words and numbers.
 */
import { counted, formatBytes, formatDuration, formatPercent } from '../../../base/format.ts';
import type { ProfiledEvent } from '../../../compile/profile-data.ts';
import type { Inspection } from '../../../session/protocol.ts';
import { formatRate, ratesOf } from '../rates.ts';
import type { Item, Kind, Span } from './rows.ts';
import { remoteFacts } from './remote.ts';
import { hull, phaseTimes } from './rows.ts';

export interface Facts {
  readonly title: string;
  /** What it is for. */
  readonly about?: string;
  readonly facts: readonly (readonly [term: string, value: string])[];
}

const nouns = {
  program: 'run',
  engine: 'phase',
  module: 'module',
  operation: 'operation',
  kernel: 'kernel',
  remote: 'kernel',
} as const satisfies Record<Kind, string>;

/** Of what is drawn as one: an item, or several that are too narrow to be told apart. */
export function factsOf(items: readonly Item[], { start, end, profile }: Inspection): Facts {
  const [item] = items;
  if (item.remote) return remoteFacts(items, item.remote);
  const { start: from, end: to } = hull(items);
  const times: Facts['facts'] = [
    ['starts at', formatDuration(from - start)],
    ['takes', formatDuration(to - from)],
    ['of the run', formatPercent((to - from) / (end - start))],
  ];
  const events = items.flatMap((one) => one.events);
  if (items.length > 1) {
    const longest = items.reduce((best, one) => (one.end - one.start > best.end - best.start ? one : best));
    const title = `${counted(items.length, nouns[item.kind])}; zoom in to tell them apart`;
    return {
      title,
      facts: [...times, ['the longest', `${longest.name}, ${formatDuration(longest.end - longest.start)}`]],
    };
  }
  const about = item.kind === 'kernel' ? forWhat(item.events[0]) : undefined;
  return { title: item.name, about, facts: [...times, ...workOf(item, events, profile?.device?.quantumNs ?? 0)] };
}

function workOf({ kind, start, end }: Item, events: readonly ProfiledEvent[], quantumNs: number): Facts['facts'] {
  if (events.length === 0) return [];
  const { ms, bytes, flops, gbs, gflops } = ratesOf(events);
  const [first] = events;
  const kernels: Facts['facts'] =
    kind === 'kernel'
      ? []
      : [
          [first.device === 'cpu' ? 'operations' : 'kernels', events.length.toLocaleString('en')],
          ...(ms < (end - start) * 0.995 ? [['busy for', formatDuration(ms)] as const] : []),
        ];
  return [
    ...kernels,
    ['moves', formatBytes(bytes)],
    ...(flops > 0 ? [['computes', `${formatCount(flops)} operations`] as const] : []),
    ...(ms * 1e6 < quantumNs || ms === 0
      ? [['rate', 'shorter than a step of the clock'] as const]
      : [['GB/s', formatRate(gbs)] as const, ...(flops > 0 ? [['GFLOP/s', formatRate(gflops)] as const] : [])]),
  ];
}

const forWhat = ({ operation, layers }: ProfiledEvent): string =>
  layers.length > 0 ? `${operation} in ${layers.at(-1)!.name}` : operation;

const scales = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** `'3.54 M'`. */
function formatCount(n: number): string {
  const scale = scales.find(([size]) => n >= size);
  return scale ? `${Number((n / scale[0]).toPrecision(3))}${scale[1]}` : String(n);
}

/** Where the time of the run went, in a sentence. */
export function summaryOf(inspection: Inspection): string {
  const { start, end, profile } = inspection;
  const parts = phaseTimes(inspection).map(([name, ms]) => `${formatDuration(ms)} ${name}`);
  const run = `The run took ${formatDuration(end - start)}${parts.length > 0 ? `: ${listed(parts)}` : ''}.`;
  const events = profile?.events ?? [];
  if (events.length === 0) return run;
  const what = events[0].device === 'cpu' ? 'operation' : 'kernel';
  const rest = profile!.leftOut > 0 ? ` ${counted(profile!.leftOut, 'further one')} did not fit.` : '';
  return `${run} ${counted(events.length, what)} took ${formatDuration(ratesOf(events).ms)}.${rest}`;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** What the clock cannot tell. */
export function clockText({ profile }: Inspection): string | undefined {
  const device = profile?.device;
  if (!device) return undefined;
  const name = device.clock === 'timestamp-query' ? 'Timestamps step' : 'The clock steps';
  return `${name} by ${formatDuration(device.quantumNs / 1e6)}: what is shorter cannot be told.`;
}

/** From the first kernel to the last. */
export function kernelSpan({ profile }: Inspection): Span | undefined {
  const events = profile?.events ?? [];
  return events.length > 0 ? hull(events) : undefined;
}
