/**
 * @file How long the kernels of each line of the program took. A kernel of several lines counts for each of them by an
 * equal part, so that the parts sum to the whole.
 */
import type { Inspection } from '../session/protocol.ts';

export interface LineTime {
  readonly line: number;
  readonly ms: number;
  /** Of the time of all kernels. */
  readonly share: number;
}

export function lineTimes({ schedules, profile }: Pick<Inspection, 'schedules' | 'profile'>): LineTime[] {
  const times = new Map<number, number>();
  let whole = 0;
  for (const { start, end, kernel: place } of profile?.events ?? []) {
    whole += end - start;
    const schedule = place && schedules[place.schedule];
    const kernel = schedule?.kernels[place!.kernel];
    if (!schedule || !kernel) continue;
    const nodes = new Set(kernel.nodes);
    const computed = schedule.recorded.filter(({ id, kind }) => kind === 'computed' && nodes.has(id));
    const lines = [...new Set(computed.flatMap((node) => node.lines))];
    for (const line of lines) times.set(line, (times.get(line) ?? 0) + (end - start) / lines.length);
  }
  return [...times]
    .map(([line, ms]) => ({ line, ms, share: whole > 0 ? ms / whole : 0 }))
    .sort((a, b) => a.line - b.line);
}
