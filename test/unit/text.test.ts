/**
 * Intent: what a remote or a file says is shown as the characters that it is, and neither terminal nor page obeys it.
 */
import { expect, test } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import { plainText } from '../../src/base/text.ts';
import { LogReader, RemoteError } from '../../src/remote/transport.ts';

const bidi = [
  '\u061c',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
];

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a cursor that goes back', 'safe\u001b[2K\u001b[1Gevil', 'safeevil'],
  ['a title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a sequence in one character', '\u009b31mred', 'red'],
  ['an unfinished one', 'a\u001b', 'a'],
  ['control characters', 'a\u0000b\u0008c\u007fd\u0085e', 'abcde'],
  ['a carriage return that overwrites', 'good\rbad', 'good\nbad'],
  ['bidirectional marks', `a${bidi.join('')}b`, 'ab'],
  ['invisible characters', 'a\u200bb\ufeffc\u{e0041}d', 'abcd'],
  ['separators of lines', 'a\u2028b\u2029c', 'abc'],
])('%s are taken out', (_, text, plain) => expect(plainText(text)).toBe(plain));

test('letters of every language, signs, tabs and lines stay', () => {
  const text = 'α\tß\n漢字 עברית العربية 😀 é ×';
  expect(plainText(text)).toBe(text);
});

test('a text of any characters becomes plain, and stays so', () => {
  let seed = 1;
  const next = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % n;
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: next(40) }, () =>
      String.fromCodePoint([next(0x100), next(0x2100), 0x1b, 0x5b, 0x202e][next(5)]),
    ).join('');
    const plain = plainText(text);
    // oxlint-disable-next-line no-control-regex
    expect(plain).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(plainText(plain)).toBe(plain);
  }
});

test('errors, their details and logs are plain, however the log is cut on the way', () => {
  const error = new RemoteError('python exception', 'a\u202eb', { detail: 'c\u001b[31md' });
  expect([error.message, error.detail, messageOf(new Error('e\u001b]0;t\u0007f'))]).toEqual(['ab', 'cd', 'ef']);
  const lines: string[] = [];
  const log = new LogReader((line) => lines.push(line));
  for (const chunk of ['one\u001b[3', '1m two\u202e\n', 'three\u0007\n']) log.add(chunk);
  expect(lines).toEqual(['one two', 'three']);
  expect(log.text).toBe('one two\nthree\n');
});
