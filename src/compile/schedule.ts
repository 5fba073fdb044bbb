/**
 * @file A schedule: the launches of a part of the graph, on numbered slots, with a memory plan.
 *
 * A slot is a leaf (a value that is already there), an output (a value that was asked for) or temporary. Temporaries
 * whose lifetimes do not meet share memory, so what nobody keeps costs nothing after its last reader. A schedule knows
 * shapes but no values: the next step of a training loop finds it in the cache and plans nothing anew.
 */
import type { Launch, Purpose, Slot } from '../gpu/kernel.ts';
import { sizeClass } from '../gpu/pool.ts';
import type { LaunchAssertion } from './assertions.ts';
import type { Draft, DraftSlot } from './preparation.ts';
import { partDraft } from './preparation.ts';
import { withPurpose } from './purposes.ts';

export type SlotPlan =
  | { readonly kind: 'leaf'; readonly leaf: number }
  | { readonly kind: 'output'; readonly output: number; readonly bytes: number }
  | { readonly kind: 'kept'; readonly kept: number }
  | { readonly kind: 'temporary'; readonly memory: number; readonly bytes: number; readonly holds?: DraftSlot['holds'] }
  | { readonly kind: 'assertions' };

export interface Schedule {
  readonly launches: readonly Launch[];
  readonly slots: readonly SlotPlan[];
  /** Sizes in bytes of the pieces of memory that temporaries share. */
  readonly memory: readonly number[];
  /** What its launches may find wrong, each by its number. */
  readonly assertions: readonly LaunchAssertion[];
  /** Computes what the launches find in kept slots, its outputs, from leaves whose values stay. */
  readonly preparation?: Schedule;
  /** Where memory was short: how cheap values came to be computed again. */
  readonly thrift?: Thrift;
}

export interface Thrift {
  /** Bytes that there was room for. */
  readonly room: number;
  /** What the pass that computes values again was told to make of it: what only a plan shows takes room too. */
  readonly goal: number;
  /** Bytes of all pieces of memory without it. */
  readonly before: number;
}

/** Bytes that the pieces of memory take together. */
export const intermediateBytes = ({ memory }: Pick<Schedule, 'memory'>): number =>
  memory.reduce((sum, bytes) => sum + sizeClass(bytes), 0);

/** Collects launches and slots; `finish` plans the memory. */
export class ScheduleBuilder {
  readonly launches: Launch[] = [];
  readonly slots: DraftSlot[] = [];
  private readonly assertions: LaunchAssertion[] = [];
  private readonly numbers = new Map<string, number>();
  private assertionSlot: Slot | undefined;
  private outputs = 0;

  leaf(index: number): Slot {
    return this.slots.push({ kind: 'leaf', index, bytes: 0 }) - 1;
  }

  output(bytes: number, holds?: DraftSlot['holds']): Slot {
    return this.slots.push({ kind: 'output', index: this.outputs++, bytes, holds }) - 1;
  }

  /** What no node's value lies in is workspace. */
  temporary(bytes: number, holds?: DraftSlot['holds']): Slot {
    return this.slots.push({ kind: 'temporary', index: -1, bytes, holds }) - 1;
  }

  /** The slot in which launches tell that assertions fail, and the number by which they name this one. */
  assertion(assertion: LaunchAssertion): { readonly slot: Slot; readonly number: number } {
    this.assertionSlot ??= this.slots.push({ kind: 'assertions', index: -1, bytes: 0 }) - 1;
    const key = `${assertion.node} ${assertion.message}`;
    const number = this.numbers.get(key) ?? this.assertions.push(assertion) - 1;
    this.numbers.set(key, number);
    return { slot: this.assertionSlot, number };
  }

  emit(...launches: readonly Launch[]): void {
    this.launches.push(...launches);
  }

  /** Says for what the launches are that `emits` emits. */
  emitFor(purpose: Purpose, emits: () => void): void {
    const first = this.launches.length;
    emits();
    this.launches.push(...withPurpose(this.launches.splice(first), purpose));
  }

  /** What the leaves alone that `isSteady` names decide is prepared once. */
  finish(isSteady: (leaf: number) => boolean): Schedule {
    const parts = partDraft(this, isSteady);
    const { assertions } = this;
    if (!parts) return { ...planned(this), assertions };
    return { ...planned(parts.each), assertions, preparation: { ...planned(parts.once), assertions: [] } };
  }
}

function planned({ launches, slots }: Draft): Pick<Schedule, 'launches' | 'slots' | 'memory'> {
  const { memory, place } = planMemory(
    launches,
    slots.map((s) => (s.kind === 'temporary' ? s.bytes : undefined)),
  );
  return {
    launches,
    slots: slots.map(({ kind, index, bytes, holds }, i): SlotPlan => {
      if (kind === 'leaf') return { kind, leaf: index };
      if (kind === 'assertions') return { kind };
      if (kind === 'kept') return { kind, kept: index };
      return kind === 'output' ? { kind, output: index, bytes } : { kind, memory: place[i], bytes, holds };
    }),
    memory,
  };
}

/**
 * Gives each temporary a piece of memory from its first to its last launch: the smallest free piece that holds it, else
 * a new one. `bytes[slot]` is `undefined` for slots that are not temporary.
 */
function planMemory(
  launches: readonly Launch[],
  bytes: readonly (number | undefined)[],
): { memory: number[]; place: number[] } {
  const first = new Map<Slot, number>();
  const last = new Map<Slot, number>();
  launches.forEach((launch, at) => {
    for (const binding of [...launch.bindings, ...(launch.epilogue ?? [])]) {
      if ('params' in binding || bytes[binding.slot] === undefined) continue;
      if (!first.has(binding.slot)) first.set(binding.slot, at);
      last.set(binding.slot, at);
    }
  });
  const memory: number[] = [];
  /** What each piece holds at most: the pool gives it its size class, up to the adapter's limit. */
  const room: number[] = [];
  const place = new Array<number>(bytes.length).fill(-1);
  let free: number[] = [];
  const births = byLaunch(first);
  const deaths = byLaunch(last);
  for (let at = 0; at < launches.length; at++) {
    for (const slot of births.get(at) ?? []) {
      const need = sizeClass(bytes[slot]!);
      const [best] = free.filter((m) => room[m] >= need && room[m] <= 2 * need).toSorted((a, b) => room[a] - room[b]);
      place[slot] = best ?? room.push(need) - 1;
      memory[place[slot]] = Math.max(memory[place[slot]] ?? 0, bytes[slot]!);
      free = free.filter((m) => m !== place[slot]);
    }
    for (const slot of deaths.get(at) ?? []) free.push(place[slot]);
  }
  return { memory, place };
}

function byLaunch(launchOf: ReadonlyMap<Slot, number>): Map<number, Slot[]> {
  const groups = new Map<number, Slot[]>();
  for (const [slot, at] of launchOf) {
    const group = groups.get(at);
    if (group) group.push(slot);
    else groups.set(at, [slot]);
  }
  return groups;
}
