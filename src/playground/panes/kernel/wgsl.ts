/**
 * @file WGSL in colours: comments, attributes, keywords, types, numbers. Enough to read by; the compiler judges.
 */
export type TokenKind = 'comment' | 'attribute' | 'keyword' | 'type' | 'number' | 'call' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const keywords =
  'alias break case const const_assert continue continuing default diagnostic discard else enable fn for if let loop override requires return struct switch var while true false';
const types =
  'array atomic bool f16 f32 i32 u32 mat[234]x[234][fh]? vec[234][fhiu]? ptr sampler texture_\\w+ function private workgroup uniform storage read_write read write';

const patterns: readonly (readonly [TokenKind, string])[] = [
  ['comment', String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`],
  ['attribute', String.raw`@\w+`],
  ['number', String.raw`\b0[xX][\da-fA-F]+[iu]?\b|(?:\b\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fhiu]?\b`],
  ['keyword', `\\b(?:${keywords.replaceAll(' ', '|')})\\b`],
  ['type', `\\b(?:${types.replaceAll(' ', '|')})\\b`],
  ['call', String.raw`\b[A-Za-z_]\w*(?=\()`],
];

const anyToken = new RegExp(patterns.map(([, pattern]) => `(${pattern})`).join('|'), 'g');

/** The tokens of each line; together they are the text. */
export function tokenLines(text: string): readonly (readonly Token[])[] {
  const lines: Token[][] = [[]];
  const add = (kind: TokenKind, of: string): void => {
    for (const [i, part] of of.split('\n').entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push({ kind, text: part });
    }
  };
  let at = 0;
  for (const match of text.matchAll(anyToken)) {
    add('plain', text.slice(at, match.index));
    add(patterns[match.slice(1).findIndex((group) => group !== undefined)][0], match[0]);
    at = match.index + match[0].length;
  }
  add('plain', text.slice(at));
  return lines;
}
