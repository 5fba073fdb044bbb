/**
 * @file The printed program as lines of words: as much of Python's lexical grammar as `program.ts` writes, and nothing
 * else.
 *
 * No comment, no continued line, no prefixed or triple-quoted text, no character beyond printable ASCII is among it.
 */
import { fail } from '../../base/errors.ts';

export interface Token {
  readonly is: 'name' | 'number' | 'text' | 'sign';
  readonly text: string;
}

/** What Python calls a logical line: it goes on while a bracket is open. */
export interface Line {
  /** Of its first line in the file, from 1. */
  readonly number: number;
  readonly indent: number;
  readonly tokens: readonly Token[];
}

const namePattern = /[A-Za-z_][A-Za-z0-9_]*/;
const numberPattern = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/;
const textPattern = /"(?:[^"\\]|\\(?:["\\]|u[0-9a-f]{4}|U000[0-9a-f]{5}))*"|'[A-Za-z0-9_ ]*'/;
const signPattern = /\.\.\.|\*\*|\/\/|==|!=|<=|>=|<<|>>|[-+*/%@~&|^<>=.,:()[\]{}]/;
const tokenPattern = new RegExp(
  `(?<name>${namePattern.source})|(?<number>${numberPattern.source})|(?<text>${textPattern.source})|(?<sign>${signPattern.source})`,
  'y',
);

/** The logical line that begins at a line of the file, and the number of the line after it. */
export function readLine(lines: readonly string[], first: number): { line: Line; next: number } {
  const indent = /^ */.exec(lines[first])![0].length;
  const tokens: Token[] = [];
  let [next, open] = [first, 0];
  do {
    const text = lines[next] ?? fail('a bracket is open at the end');
    for (const token of tokensOf(text)) {
      tokens.push(token);
      if (token.is === 'sign' && '([{'.includes(token.text)) open += 1;
      if (token.is === 'sign' && ')]}'.includes(token.text)) open -= 1;
    }
    next += 1;
  } while (open > 0);
  return { line: { number: first + 1, indent, tokens }, next };
}

/** What a text between quotes says. */
export function textOf(token: Token): string {
  if (token.text.startsWith("'")) return token.text.slice(1, -1);
  return token.text
    .slice(1, -1)
    .replace(
      /\\(?:u(....)|U(.{8})|(.))/g,
      (_, short?: string, long?: string, plain?: string) =>
        plain ?? String.fromCodePoint(parseInt((short ?? long)!, 16)),
    );
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = /^ */.exec(text)![0].length;
  while (at < text.length) {
    tokenPattern.lastIndex = at;
    const groups =
      tokenPattern.exec(text)?.groups ?? fail(`${JSON.stringify(text.slice(at, at + 20))} is nothing that is printed`);
    const [is, found] = Object.entries(groups).find((entry): entry is [Token['is'], string] => entry[1] !== undefined)!;
    tokens.push({ is, text: found });
    at += found.length;
    while (text[at] === ' ') at += 1;
  }
  return tokens;
}
