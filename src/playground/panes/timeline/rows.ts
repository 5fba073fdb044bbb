/**
 * @file A run as rows of spans on one time axis: the program, what the engine was busy with, modules, operations,
 * kernels, and below them those of remotes.
 */
import type { PhaseName } from '../../../base/phases.ts';
import type { ProfiledEvent } from '../../../compile/profile-data.ts';
import type { TracedSpan } from '../../../compile/trace/spans.ts';
import { layerSpans, operationSpans } from '../../../compile/trace/spans.ts';
import type { Inspection } from '../../../session/protocol.ts';
import type { RemoteKernel, RemoteTrace } from '../../remote-traces.ts';

export type Kind = 'program' | 'engine' | 'module' | 'operation' | 'kernel' | 'remote';

/** Something that took its time, in milliseconds on the host's clock. */
export interface Item {
  readonly kind: Kind;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The engine was busy with it. */
  readonly phase?: PhaseName;
  /** What was timed in it: kernels, or operations of the cpu reference. */
  readonly events: readonly ProfiledEvent[];
  /** Of a remote's kernel. */
  readonly remote?: { readonly kernel: RemoteKernel; readonly trace: RemoteTrace };
}

/** Items side by side, in the order of time; they do not lie within each other. */
export interface Row {
  readonly kind: Kind;
  readonly items: readonly Item[];
  /** Of a remote's row. */
  readonly trace?: RemoteTrace;
}

export interface Timeline extends Span {
  readonly rows: readonly Row[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Modules deeper than this are in the trace alone. */
const deepest = 6;

/** `remotes`: rows of remotes, on this side's clock. */
export function timelineOf({ start, end, phases, profile }: Inspection, remotes: readonly Row[] = []): Timeline {
  const events = profile?.events ?? [];
  const spans = (kind: Kind, of: readonly TracedSpan[]): Row => ({
    kind,
    items: of.map((span) => ({ ...span, kind })),
  });
  const kernels = events.filter(({ device }) => device === 'webgpu');
  const rows: Row[] = [
    { kind: 'program', items: [{ kind: 'program', name: 'run', start, end, events }] },
    ...nested(phases.map((phase): Item => ({ ...phase, kind: 'engine', phase: phase.name, events: [] }))).map(
      (items): Row => ({ kind: 'engine', items }),
    ),
    ...layerSpans(events)
      .slice(0, deepest)
      .map((layers) => spans('module', layers)),
    spans('operation', operationSpans(events)),
    { kind: 'kernel', items: kernels.map((event) => ({ ...spanOf(event), kind: 'kernel', events: [event] })) },
    ...remotes,
  ];
  const there = remotes.flatMap(({ items }) => items);
  return { rows: rows.filter(({ items }) => items.length > 0), ...hull([{ start, end }, ...events, ...there]) };
}

const spanOf = ({ name, start, end }: ProfiledEvent): Pick<Item, 'name' | 'start' | 'end'> => ({ name, start, end });

/** The time from the first to the last. */
export const hull = (spans: readonly Span[]): Span => ({
  start: spans.reduce((first, { start }) => Math.min(first, start), Infinity),
  end: spans.reduce((last, { end }) => Math.max(last, end), -Infinity),
});

/** Rows in which nothing covers another: what lies within an item stands below it; beyond the most rows, nowhere. */
export function nested(items: readonly Item[], most = Infinity): Item[][] {
  const rows: Item[][] = [];
  for (const item of items.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const free = rows.find((row) => row.at(-1)!.end <= item.start);
    if (free) free.push(item);
    else if (rows.length < most) rows.push([item]);
  }
  return rows;
}

/** How long the engine was busy with each, without what lies within it; the longest first. */
export function phaseTimes({ phases }: Pick<Inspection, 'phases'>): [PhaseName, number][] {
  const times = new Map<PhaseName, number>();
  const add = (name: PhaseName, ms: number): void => void times.set(name, (times.get(name) ?? 0) + ms);
  const open: { readonly name: PhaseName; readonly end: number }[] = [];
  for (const { name, start, end } of phases.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length > 0 && open.at(-1)!.end <= start) open.pop();
    const around = open.at(-1);
    if (around) add(around.name, -(Math.min(end, around.end) - start));
    add(name, end - start);
    open.push({ name, end });
  }
  return [...times].toSorted(([, a], [, b]) => b - a);
}
