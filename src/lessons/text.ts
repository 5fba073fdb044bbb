/**
 * @file A lesson's text: Markdown in six parts, told apart by their headings. Its title and introduction; under the
 * headings of the second level a prediction (a question and a list of choices), the reveal, a question, its answer.
 */
import type { Token, Tokens } from 'marked';
import { Lexer } from 'marked';
import { fail } from '../base/errors.ts';

export interface LessonText {
  readonly title: string;
  readonly introduction: readonly Token[];
  readonly prediction: { readonly question: readonly Token[]; readonly choices: readonly (readonly Token[])[] };
  readonly reveal: readonly Token[];
  readonly question: readonly Token[];
  readonly answer: readonly Token[];
}

/** Throws with the reason where a text has not these parts. */
export function parseText(markdown: string): LessonText {
  const tokens: Token[] = new Lexer({ gfm: true }).lex(markdown).filter(({ type }) => type !== 'space');
  const [title, ...rest] = tokens;
  if (!isHeading(title, 1)) fail('lesson: the text begins without a title; write # and the title in its first line');
  const parts: Token[][] = [[]];
  for (const token of rest) {
    if (isHeading(token, 2)) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  if (parts.length !== 5 || parts.some((part) => part.length === 0))
    fail(
      `lesson: the text has ${parts.length - 1} parts with a heading; it needs a prediction, a reveal, a question and an answer`,
    );
  const [introduction, prediction, reveal, question, answer] = parts;
  const list = prediction.at(-1);
  if (list?.type !== 'list') fail('lesson: the prediction does not end in a list of choices');
  const choices = (list as Tokens.List).items.map(({ tokens: of }) => of);
  return {
    title: (title as Tokens.Heading).text,
    introduction,
    prediction: { question: prediction.slice(0, -1), choices },
    reveal,
    question,
    answer,
  };
}

const isHeading = (token: Token | undefined, depth: number): boolean =>
  token?.type === 'heading' && (token as Tokens.Heading).depth === depth;
