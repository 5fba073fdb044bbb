/**
 * @file Texts in the languages of the page: each is written in all of them side by side, so that the compiler names the
 * one that is missing.
 */

/** As HTML and links name them. */
export const languages = ['en', 'zh-Hans'] as const;

export type Language = (typeof languages)[number];

/** One thing in every language: a text, or what a page draws. */
export interface Both<T> {
  readonly en: T;
  readonly zh: T;
}

/** One text in every language. */
export type Words = Both<string>;

/** A text that is the same in every language: a name, or what somebody else said. */
export const alike = (text: string): Words => ({ en: text, zh: text });

export const isLanguage = (name: string): name is Language => languages.some((language) => language === name);

/** Where a table has the texts of a language. */
export const columnOf = (language: Language): keyof Words => (language === 'zh-Hans' ? 'zh' : 'en');

export const inLanguage = <T>(words: Both<T>, language: Language): T => words[columnOf(language)];

/** The language of the page that comes nearest to what a browser asks for, by its own order of preference. */
export function preferredLanguage(asked: readonly string[]): Language {
  for (const tag of asked) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
