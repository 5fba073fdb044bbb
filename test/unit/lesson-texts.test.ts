/**
 * Intent: every lesson has its files; its two languages say the same things in the same order, and what the page says
 * around them has both.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Token } from 'marked';
import { describe, expect, test } from 'vitest';
import type { Words } from '../../src/base/words.ts';
import { columnOf, inLanguage, preferredLanguage } from '../../src/base/words.ts';
import { lessons, threadAddress } from '../../src/lessons/index.ts';
import type { LessonText } from '../../src/lessons/text.ts';
import { parseText } from '../../src/lessons/text.ts';
import { readProgress } from '../../src/playground/lessons/progress.ts';
import * as tables from '../../src/playground/lessons/words.ts';
import { isPane } from '../../src/playground/panes/index.ts';
import { drawn } from '../../src/playground/panes/lesson/markdown.tsx';
import { walks } from '../../src/playground/stepping.ts';

const folder = 'src/lessons';
const read = (lesson: string, name: string): string => readFileSync(`${folder}/${lesson}/${name}`, 'utf8');
const han = /\p{Script=Han}/u;

const parts = ({ introduction, prediction, reveal, question, answer }: LessonText): (readonly Token[])[] => [
  introduction,
  prediction.question,
  ...prediction.choices,
  reveal,
  question,
  answer,
];

/** The kinds of what stands in a text, down to links and code. */
function kindsIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    const items = token.type === 'list' ? (token as { items: { tokens: Token[] }[] }).items : [];
    return [
      token.type,
      ...kindsIn('tokens' in token ? (token.tokens ?? []) : []),
      ...items.flatMap((i) => kindsIn(i.tokens)),
    ];
  });
}

const codeIn = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token) => [
    ...(token.type === 'codespan' ? [String((token as { text: string }).text)] : []),
    ...codeIn('tokens' in token ? (token.tokens ?? []) : []),
    ...(token.type === 'list' ? codeIn((token as { items: Token[] }).items) : []),
  ]);

test('each folder is a row of the table, and each row has its folder', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(lessons.map((lesson) => lesson.folder)).toEqual(folders.map(({ name }) => name).toSorted());
  expect(lessons.length).toBeGreaterThanOrEqual(15);
  expect(new Set(lessons.map(({ id }) => id)).size).toBe(lessons.length);
});

describe.each(lessons.map((row) => [row.id, row] as const))('%s', (_id, { folder, title, threads, load }) => {
  const [en, zh] = [parseText(read(folder, 'en.md')), parseText(read(folder, 'zh.md'))];

  test('has the parts, and the title of the table', () => {
    expect({ en: en.title, zh: zh.title }).toEqual(title);
    expect(zh.prediction.choices.length).toBe(en.prediction.choices.length);
    expect(en.prediction.choices.length).toBeGreaterThan(1);
  });

  test('is the same in both languages: paragraphs of each part, and code', () => {
    const [inEnglish, inChinese] = [parts(en), parts(zh)];
    for (const [i, part] of inEnglish.entries()) {
      expect(inChinese[i].map(({ type }) => type)).toEqual(part.map(({ type }) => type));
      expect(new Set(codeIn(inChinese[i]))).toEqual(new Set(codeIn(part)));
    }
    for (const part of inChinese.filter((_, i) => !inEnglish[i].every(({ raw }) => /^[\dA-Z`×\s]+$/.test(raw))))
      expect(part.map(({ raw }) => raw).join('')).toMatch(han);
  });

  test('is made of what the page draws', () => {
    for (const part of [...parts(en), ...parts(zh)])
      expect(kindsIn(part).filter((kind) => !drawn.includes(kind))).toEqual([]);
  });

  test('opens panes that there are, and names where people asked', async () => {
    const { lesson } = await load();
    expect(lesson.panes.filter((pane) => !isPane(pane))).toEqual([]);
    if (lesson.walk !== undefined) expect(Object.values(walks.forward)).toContain(lesson.walk);
    for (const thread of threads)
      expect(threadAddress(thread)).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/issues\/\d+$/);
  });

  test('its program says in its first line whose it is', () => {
    expect(read(folder, 'program.ts')).toMatch(/^\/\/ Lesson: /);
  });
});

test('a text without its parts is refused with the reason', () => {
  expect(() => parseText('no title')).toThrow(/without a title/);
  expect(() => parseText('# A\n\ntext\n\n## B\n\ntext')).toThrow(/has 1 parts with a heading/);
  const four = '## B\n\ntext\n\n'.repeat(4);
  expect(() => parseText(`# A\n\ntext\n\n${four}`)).toThrow(/list of choices/);
});

test('no text around the lessons lacks a language', () => {
  const all = [
    ...Object.values(tables.words),
    ...Object.values(tables.verdictWords),
    ...Object.values(tables.basisWords),
    tables.placeOf(1, 2),
    ...[undefined, true, false].map((software) =>
      tables.machineWords(software === undefined ? undefined : { description: 'Some GPU', software }),
    ),
  ] as Words[];
  for (const { en, zh } of all) {
    expect(en).toMatch(/^[\p{Script=Latin}\d\s.,:;'’…-]+$/u);
    expect(zh).toMatch(/\p{Script=Han}|^Some GPU$/u);
  }
});

test('a browser gets the language that it asks for first, of those that there are', () => {
  expect([['fr', 'zh-TW', 'en'], ['en-GB', 'zh'], ['de'], [], ['zh']].map(preferredLanguage)).toEqual([
    'zh-Hans',
    'en',
    'en',
    'en',
    'zh-Hans',
  ]);
  expect(inLanguage({ en: 'a', zh: '甲' }, 'zh-Hans')).toBe('甲');
  expect(columnOf('en')).toBe('en');
});

test('progress is read as it was kept, and nothing else', () => {
  expect(readProgress('{"which":{"predicted":1,"verdict":"holds"}}')).toEqual({
    which: { predicted: 1, verdict: 'holds' },
  });
  expect(readProgress('{"which":{"predicted":"1","verdict":"maybe"},"x":null}')).toEqual({ which: {}, x: {} });
  for (const broken of [undefined, '', '[', 'null', '7']) expect(readProgress(broken)).toEqual({});
});
