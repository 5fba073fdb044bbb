/**
 * @file The program in the editor: one text an example, each kept as the visitor left it.
 *
 * A program from elsewhere, by a link or with a recorded run, is a guest: listed beside the examples, never stored, so that it
 * takes nothing from what the visitor wrote. It does not run by itself.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Example } from './examples.ts';
import { examples } from './examples.ts';
import { linked, linkError } from './linked.ts';
import { recall, remember } from './storage.ts';

const GUEST = 'guest';

const guest = signal<Example | undefined>(linked.program === undefined ? undefined : { id: GUEST, title: 'The program of the link', text: linked.program });

/** What can be chosen. */
export const listed = computed<readonly Example[]>(() => (guest.value ? [guest.value, ...examples] : examples));

const byId = (id: string | undefined) => listed.value.find((e) => e.id === id) ?? listed.value[0];

if (linked.example !== undefined && !examples.some(({ id }) => id === linked.example)) {
  linkError.value = `link: there is no example '${linked.example}'; there are ${examples.map(({ id }) => id).join(', ')}`;
}

const textOf = (id: string): string => (id === GUEST ? undefined : recall(`program:${id}`)) ?? byId(id).text;

export const example = signal(guest.value ?? byId(linked.example ?? recall('example')));

export const text = signal(textOf(example.value.id));

/** Whether the text is other than the example's own. */
export const edited = computed(() => text.value !== example.value.text);

/** Whether the text is an example's own, which everybody's page has. */
export const isExample = computed(() => !edited.value && example.value.id !== GUEST);

effect(() => {
  if (example.value.id === GUEST) return;
  remember(`program:${example.value.id}`, edited.value ? text.value : undefined);
  // One that a link shows is the visitor's own only when they write in it.
  if (edited.value) remember('example', example.value.id);
});

export function chooseExample(id: string): void {
  const chosen = byId(id);
  if (chosen.id !== GUEST) remember('example', chosen.id);
  // Text and example change together: the effect above must not see the one with the other.
  batch(() => {
    example.value = chosen;
    text.value = textOf(chosen.id);
  });
}

/** Shows a program from elsewhere. */
export function showGuest(title: string, program: string): void {
  batch(() => {
    guest.value = { id: GUEST, title, text: program };
    chooseExample(GUEST);
  });
}

/** Gives the example's own text back. */
export function resetExample(): void {
  text.value = example.value.text;
}
