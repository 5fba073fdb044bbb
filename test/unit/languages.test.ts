/**
 * Intent: whatever the page says, it says in English and in Chinese, with the same things put into both texts. What is
 * the same in both languages is a name, and is listed here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Both, Side } from '../support/texts.ts';
import { textsIn } from '../support/texts.ts';

const folder = 'src/playground';
const han = /\p{Script=Han}/u;

/**
 * Whose texts are no words of the page: programs, the engine's side, the service worker, what the API says of itself,
 * keywords of WGSL.
 */
const others =
  /^(examples|engine|offline)\/|^editor\/documentation\.ts$|^class\/program\.ts$|^panes\/kernel\/wgsl\.ts$|\.d\.ts$/;

/** Names of products, documents, keys, algorithms and types, what a program is written in, and CSS. */
const names = [
  'wuDNN',
  'WebGPU',
  '⌘ Enter',
  'Ctrl Enter',
  'http://localhost:8888',
  'torch.backends.cudnn.benchmarkBudgetMs',
  '↑ GFLOP/s',
  'ms',
  'ms:',
  'float32',
  'float16',
  'DIRECT',
  /^backward (data|filter) ALGO_\d$/,
  /^NVIDIA .* (datasheet, .*|whitepaper|brief)$/,
  'cpu',
  'English',
  /^npm run /,
  /^(linear-gradient|calc|translate|scale|\(prefers-)/,
  /^<iframe /,
  /customConvolution|workgroups: \(p\)|import \{ dnn \}/,
];

const isName = (text: string): boolean =>
  names.some((name) => (typeof name === 'string' ? name === text : name.test(text)));

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !others.test(file))
  .toSorted();

const read = (file: string) => textsIn(file, readFileSync(`${folder}/${file}`, 'utf8'));

describe('the finder', () => {
  const single = (source: string): readonly string[] => textsIn('a.tsx', source).single.map(({ text }) => text);

  test('finds a text between tags, in what is read aloud, in branches, and as a sentence in code', () => {
    expect(single('<p title="One">Two</p>')).toEqual(['One', 'Two']);
    expect(single('<p class="quiet" aria-label={on ? "One" : `Two ${n}`} />')).toEqual(['One', 'Two …']);
    expect(single('<p>{on ? "One" : off && "Two"}</p>')).toEqual(['One', 'Two']);
    expect(single('fail(`file: ${name} is too large`)')).toEqual(['file: … is too large']);
  });

  test('passes what is said in both languages, values and types', () => {
    expect(single('<p>{say({ en: "One", zh: "一" })}</p>')).toEqual([]);
    expect(single('const a: "one of two words" = status === "that was not tried" ? "not tried" : b')).toEqual([]);
  });

  test('finds a text that is asked for before there is a language', () => {
    expect(textsIn('a.ts', 'const a = say({ en: "One", zh: "一" });').early).toEqual([1]);
    expect(textsIn('a.ts', 'const a = () => say({ en: "One", zh: "一" });').early).toEqual([]);
  });
});

test('no text of the page stands in one language', () => {
  const found = files.flatMap((file) =>
    read(file).single.flatMap(({ line, text }) => (isName(text) ? [] : `${file}:${line} ${text}`)),
  );
  expect(found).toEqual([]);
});

test('no text is asked for as a module loads', () => {
  expect(files.flatMap((file) => read(file).early.map((line) => `${file}:${line}`))).toEqual([]);
});

describe('a text in both languages', () => {
  const all = [
    ...files.map((file) => [`${folder}/${file}`, read(file).both] as const),
    ...['src/dnn/choice/verdict.ts', 'src/compare/words.ts', 'src/base/format.ts'].map(
      (file) => [file, textsIn(file, readFileSync(file, 'utf8')).both] as const,
    ),
  ].flatMap(([file, both]) => both.map((one) => [file, one] as const));
  const where = (wrong: (one: Both) => boolean): string[] =>
    all.flatMap(([file, one]) => (wrong(one) ? `${file}:${one.line} ${one.en.text} | ${one.zh.text}` : []));

  test('has the same things put into both', () => {
    expect(all.length).toBeGreaterThan(600);
    // A text of one side alone stands in a pair itself, or in a table of words.
    const put = ({ names: all }: Side): string => all.filter((name) => !/^(en|zh)$|words$/i.test(name)).join();
    const isWhole = ({ text }: Side): boolean => text.trim() === '';
    expect(where(({ en, zh }) => !(isWhole(en) && isWhole(zh)) && put(en) !== put(zh))).toEqual([]);
  });

  test('is written in the language that it is of', () => {
    expect(where(({ en }) => han.test(en.text.replace('中文', '')))).toEqual([]);
    const isWorded = (text: string): boolean => /[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(text);
    expect(where(({ en, zh }) => isWorded(en.text) && en.text !== zh.text && !han.test(zh.text))).toEqual([]);
  });
});
