/**
 * @file In which language the page speaks: the link's, the visitor's choice, or what the browser asks for. Texts are
 * `Words` in tables beside what shows them; `say` gives the one to show.
 */
import { signal } from '@preact/signals';
import type { Language, Words } from '../base/words.ts';
import { inLanguage, isLanguage, preferredLanguage } from '../base/words.ts';
import { linked } from './opening-link.ts';
import { visitor } from './storage.ts';

export const language = signal<Language>(linked.lang ?? recalled() ?? preferredLanguage(navigator.languages));

/** The visitor's choice, for later visits too. */
export function speak(to: Language): void {
  language.value = to;
  visitor.remember('language', to);
}

export const say = (words: Words): string => inLanguage(words, language.value);

function recalled(): Language | undefined {
  const name = visitor.recall('language');
  return name !== undefined && isLanguage(name) ? name : undefined;
}
