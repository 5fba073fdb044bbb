/**
 * @file What a first visitor sees before pressing Run: a run of the first example that was recorded, labelled as such.
 * It goes with the visitor's own run, and where the program is another.
 */
import { computed, signal } from '@preact/signals';
import { formatDay } from '../base/format.ts';
import type { RecordedRace } from '../session/protocol.ts';
import { unchangedExample } from './programs/program.ts';
import { lastRun } from './state.ts';

const recording = signal<RecordedRace | undefined>(undefined);

/** The recorded run, where it is shown. */
export const firstView = computed(() =>
  lastRun.value === undefined && unchangedExample.value?.text === recording.value?.program
    ? recording.value
    : undefined,
);

/** The choices that race and headline tell of. */
export const shownChoices = computed(() => lastRun.value?.result.choices ?? firstView.value?.choices ?? []);

/** What stands above a recorded run. */
export const firstViewText = computed(() => {
  if (!firstView.value) return undefined;
  const { at, adapter } = firstView.value;
  return `Recorded on ${adapter}, ${formatDay(Date.parse(at))}. Press Run for yours.`;
});

/** Gets the recording, unless there is something better to show already. A page without one opens as ever. */
export async function loadFirstView(): Promise<void> {
  if (lastRun.value || !unchangedExample.value) return;
  try {
    const { recordedRace } = await import('./engine/forms.ts');
    const response = await fetch('first-race.json');
    if (response.ok) recording.value = recordedRace(await response.json(), 'first-race.json');
  } catch {
    recording.value = undefined;
  }
}
