/**
 * @file A sentence of the page that ends in somebody else's words: the engine gives its reasons in English.
 */
import { langOf } from '../language.ts';

/** `by`: what somebody else said, where the text ends in it. */
export function Said({ text, by }: { text: string; by: string | undefined }) {
  if (by === undefined || !text.endsWith(by)) return <>{text}</>;
  return (
    <>
      {text.slice(0, text.length - by.length)}
      <span lang={langOf(by)}>{by}</span>
    </>
  );
}
