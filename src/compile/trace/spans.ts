/**
 * @file What kernels add up to: the calls of operations and modules for which they ran, as spans of time.
 */
import type { ProfiledEvent } from '../profile-data.ts';

export interface TracedSpan {
  readonly name: string;
  /** Equal for what one call did. */
  readonly call: string;
  readonly start: number;
  readonly end: number;
  /** What ran in it, in order. */
  readonly events: readonly ProfiledEvent[];
}

type Named = Pick<TracedSpan, 'name' | 'call'>;

/** Each call of an operation. */
export const operationSpans = (events: readonly ProfiledEvent[]): TracedSpan[] =>
  joined(events, ({ operation, call }) => ({ name: operation, call }));

/** Each call of a module, gradient, or named range: a list for every depth, the outermost first. */
export function layerSpans(events: readonly ProfiledEvent[]): TracedSpan[][] {
  const depths = events.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  return Array.from({ length: depths }, (_, depth) => joined(events, ({ layers }) => layers[depth]));
}

/** Neighbours of one call, as one span. */
function joined(events: readonly ProfiledEvent[], of: (event: ProfiledEvent) => Named | undefined): TracedSpan[] {
  const groups: (Named & { readonly events: ProfiledEvent[] })[] = [];
  let open: (typeof groups)[number] | undefined;
  for (const event of events) {
    const here = of(event);
    if (here && open?.call === here.call) open.events.push(event);
    else if (here) groups.push((open = { name: here.name, call: here.call, events: [event] }));
    else open = undefined;
  }
  return groups.map((group) => ({ ...group, start: group.events[0].start, end: endOf(group.events) }));
}

const endOf = (events: readonly ProfiledEvent[]): number =>
  events.reduce((latest, { end }) => Math.max(latest, end), -Infinity);
