/**
 * @file Which language it is: the visitor's choice, or what the browser asks for. A link's language comes before both,
 * for as long as its page is open.
 */
import { computed, effect } from '@preact/signals';
import type { Language, Words } from '../base/words.ts';
import { isLanguage, languages, preferredLanguage } from '../base/words.ts';
import { language } from './language.ts';
import { visitor } from './storage.ts';

language.value = recalled() ?? preferredLanguage(navigator.languages);

effect(() => {
  document.documentElement.lang = language.value;
});

/** The language to switch to. */
export const otherLanguage = computed<Language>(() => languages.find((name) => name !== language.value)!);

/** What it is called, in its own words. */
export const otherName: Words = { en: '中文', zh: 'English' };

/** The visitor's choice, for later visits too. */
export function speak(to: Language): void {
  language.value = to;
  visitor.remember('language', to);
}

function recalled(): Language | undefined {
  const name = visitor.recall('language');
  return name !== undefined && isLanguage(name) ? name : undefined;
}
