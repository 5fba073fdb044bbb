/**
 * @file What a schedule computes from steady values alone, such as a model's weights: folded batch norms, transformed
 * filters. It becomes a schedule of its own, which runs when one of those values has changed; its results are kept
 * between.
 */
import type { Binding, Launch, Slot } from '../gpu/kernel.ts';

/** A slot before memory is planned: `index` counts leaves, outputs or kept results, each by itself. */
export interface DraftSlot {
  readonly kind: 'leaf' | 'output' | 'kept' | 'temporary' | 'assertions';
  readonly index: number;
  readonly bytes: number;
  /** What a temporary one holds; workspace unless told. */
  readonly holds?: 'activations' | 'gradients';
}

export interface Draft {
  readonly launches: readonly Launch[];
  readonly slots: readonly DraftSlot[];
}

/**
 * Parts a draft into what runs once and what runs each time, where the values of some leaves stay. The outputs of the
 * first are the kept slots of the second, in their order; `undefined` where nothing can be computed beforehand.
 */
export function partDraft(
  { launches, slots }: Draft,
  isSteady: (leaf: number) => boolean,
): { readonly once: Draft; readonly each: Draft } | undefined {
  if (!slots.some(({ kind, index }) => kind === 'leaf' && isSteady(index))) return undefined;
  const early = steadyLaunches(launches, slots, isSteady);
  if (early.size === 0) return undefined;
  const late = launches.filter((launch) => !early.has(launch));
  const made = new Set([...early].flatMap(writtenBy));
  const kept = [...new Set(late.flatMap(slotsOf))].filter((slot) => made.has(slot));
  const number = new Map(kept.map((slot, i) => [slot, i]));
  const as = (kind: DraftSlot['kind']) => (slot: DraftSlot, at: Slot) =>
    number.has(at) ? { ...slot, kind, index: number.get(at)! } : slot;
  const before = slots.map((slot): DraftSlot => (slot.kind === 'output' ? { ...slot, kind: 'temporary' } : slot));
  return { once: drafted([...early], before.map(as('output'))), each: drafted(late, slots.map(as('kept'))) };
}

/** Launches that read steady leaves and each other's results alone, and write nothing that others write too. */
function steadyLaunches(
  launches: readonly Launch[],
  slots: readonly DraftSlot[],
  isSteady: (leaf: number) => boolean,
): Set<Launch> {
  const steady = new Set(launches);
  for (let before = -1; before !== steady.size;) {
    before = steady.size;
    const unsteady = new Set(launches.filter((launch) => !steady.has(launch)).flatMap(writtenBy));
    const stays = (slot: Slot): boolean => {
      const { kind, index } = slots[slot];
      return kind === 'leaf' ? isSteady(index) : kind === 'temporary' && !unsteady.has(slot);
    };
    for (const launch of steady) if (!slotsOf(launch).every(stays)) steady.delete(launch);
  }
  return steady;
}

/** The launches, on their own slots and outputs alone. */
function drafted(launches: readonly Launch[], slots: readonly DraftSlot[]): Draft {
  const outputs = slots.flatMap(({ kind }, slot) => (kind === 'output' ? [slot] : []));
  const used = [...new Set([...outputs, ...launches.flatMap(slotsOf)])];
  const number = new Map(used.map((slot, i) => [slot, i]));
  const moved = (binding: Binding): Binding =>
    'params' in binding ? binding : { ...binding, slot: number.get(binding.slot)! };
  return {
    launches: launches.map((launch) => ({
      ...launch,
      bindings: launch.bindings.map(moved),
      ...(launch.epilogue && { epilogue: launch.epilogue.map(moved) }),
    })),
    slots: used.map((slot) => slots[slot]),
  };
}

const bound = ({ bindings, epilogue = [] }: Launch) =>
  [...bindings, ...epilogue].flatMap((binding) => ('params' in binding ? [] : [binding]));
const slotsOf = (launch: Launch): Slot[] => bound(launch).map(({ slot }) => slot);
const writtenBy = (launch: Launch): Slot[] =>
  bound(launch).flatMap(({ slot, access }) => (access === 'write' ? [slot] : []));
