/**
 * @file In which language the page speaks. A text stands where it is shown, in both languages side by side, and `say`
 * gives the one to show: `say({ en: 'Run', zh: '运行' })`. What is kept for later, such as the line on what is going
 * on, is kept as `Words`, so that it follows when the language is switched. Needs no DOM: `chosen-language.ts` says
 * which language it is.
 */
import { signal } from '@preact/signals';
import type { Both, Language } from '../base/words.ts';
import { inLanguage } from '../base/words.ts';

export const language = signal<Language>('en');

/** What is to be shown: it is asked for when it is drawn, never when a module loads. */
export const say = <T>(words: Both<T>): T => inLanguage(words, language.value);

const han = /\p{Script=Han}/u;

/**
 * The `lang` of a text that comes from below the page: the engine, a program's error, a remote. These speak English,
 * and a screen reader is told so.
 */
export const langOf = (text: string): 'en' | undefined =>
  language.value === 'en' || han.test(text) ? undefined : 'en';
