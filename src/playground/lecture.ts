/**
 * @file Lecture mode, for a room that reads along: larger type, the lines of the program that matter, and a ring around
 * the pointer. The link's choice holds until the visitor makes another.
 */
import { computed, effect, signal } from '@preact/signals';
import { linked } from './opening-link.ts';
import { visitor } from './storage.ts';

/** How much larger type is. */
const larger = 1.4;

const recalled = visitor.recall('lecture');
const chosen = signal<boolean | undefined>(recalled === 'on' || recalled === 'off' ? recalled === 'on' : undefined);

/** What holds where the visitor has chosen nothing. */
const standard = linked.lecture ?? false;

export const lecture = computed(() => chosen.value ?? standard);

/** What type is multiplied by, and with it every length of the styles: they are built in rem (`scripts/rem.ts`). */
export const typeScale = computed(() => (lecture.value ? larger : 1));

effect(() => {
  const root = document.documentElement;
  root.style.fontSize = lecture.value ? `${100 * larger}%` : '';
  root.toggleAttribute('data-lecture', lecture.value);
});

/** Choosing what holds anyway means following that again. */
export function toggleLecture(): void {
  const next = !lecture.value;
  chosen.value = next === standard ? undefined : next;
  visitor.remember('lecture', chosen.value === undefined ? undefined : next ? 'on' : 'off');
}
