/**
 * @file The inside of the last run, for the instruments: its graphs, kernels and times. Noting it makes a run slower,
 * so it is noted while an instrument is in sight, or when the visitor asks for it.
 */
import { computed, signal } from '@preact/signals';
import type { Inspection } from '../session/protocol.ts';
import { panesInSight } from './bench/arrangement.ts';
import type { Pane } from './panes/pane.ts';
import { panes } from './panes/index.ts';

export interface Inspected extends Inspection {
  /** The visitor's run itself, or one that repeated it in order to look inside. */
  readonly from: 'run' | 'second run';
}

/** Of the last run; absent where that was not inspected. Only `actions.ts` writes it. */
export const inspection = signal<Inspected | undefined>(undefined);

/** Why the last run that was to be inspected could not be. */
export const inspectionError = signal<string | undefined>(undefined);

/** Whether runs are made with instruments. */
export const inspecting = computed(() =>
  panesInSight.value.some((slot) => slot !== 'editor' && (panes[slot] as Pane).instrument === true),
);
