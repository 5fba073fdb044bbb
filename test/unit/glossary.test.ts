/**
 * @file Every algorithm that a race may show has an entry in the glossary, in both languages, short enough for a note.
 */
import { expect, test } from 'vitest';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import { algorithms, entryOf, termNames } from '../../src/playground/glossary/glossary.ts';
import { signs } from '../../src/playground/panes/palette.ts';

test('every algorithm of a convolution, and every one that has a colour, is explained', () => {
  const names = [...Object.values(convTable).flatMap((table) => Object.keys(table)), ...Object.keys(signs)];
  expect(names.filter((name) => entryOf(name) === undefined)).toEqual([]);
  expect(Object.keys(algorithms).filter((name) => !names.includes(name))).toEqual([]);
  expect(entryOf("a visitor's own")).toBeUndefined();
  expect(entryOf('constructor')).toBeUndefined();
});

test('the terms are there, and each text is short, in English and in Chinese', () => {
  expect(termNames).toEqual(
    expect.arrayContaining(['workspace', 'epilogue', 'occupancy', 'roofline', 'ulp', 'error', 'tolerance']),
  );
  for (const name of [...termNames, ...Object.keys(algorithms)]) {
    const { title, text } = entryOf(name)!;
    expect(text.en, name).toMatch(/^[A-Z1].{20,260}\.$/);
    expect(text.zh, name).toMatch(/^.{8,120}[。]$/);
    expect(text.zh, name).toMatch(/[\u4e00-\u9fff]{4}/);
    expect(title.en.length, name).toBeLessThan(30);
  }
});
