/**
 * @file The program in the editor: one text an example, each kept as the visitor left it.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import { examples } from './examples.ts';
import { recall, remember } from './storage.ts';

const byId = (id: string | undefined) => examples.find((e) => e.id === id) ?? examples[0];

const textOf = (id: string): string => recall(`program:${id}`) ?? byId(id).text;

export const example = signal(byId(recall('example')));

export const text = signal(textOf(example.value.id));

/** Whether the text is other than the example's own. */
export const edited = computed(() => text.value !== example.value.text);

effect(() => {
  remember('example', example.value.id);
  remember(`program:${example.value.id}`, edited.value ? text.value : undefined);
});

export function chooseExample(id: string): void {
  const chosen = byId(id);
  // Text and example change together: the effect above must not see the one with the other.
  batch(() => {
    example.value = chosen;
    text.value = textOf(chosen.id);
  });
}

/** Gives the example's own text back. */
export function resetExample(): void {
  text.value = example.value.text;
}
