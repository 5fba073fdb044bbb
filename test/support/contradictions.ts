/**
 * @file Reads a choice as a doubting visitor does: the figures that are shown beside the words that are shown.
 */
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { isChosen, sourceText, verdictOf } from '../../src/dnn/choice/verdict.ts';

/** What is shown of a measured choice that does not fit together. */
export function contradictions(choice: AlgorithmChoice): string[] {
  const chosen = choice.candidates.find((c) => isChosen(choice, c))!;
  const open = verdictOf(choice, chosen).open === true;
  const found: string[] = [];
  const alone = chosen.timeMs !== undefined && !choice.candidates.some(({ behind }) => behind);
  const heading = sourceText(choice);
  if (choice.source !== 'heuristic' && open !== heading.includes('not decided'))
    found.push(`the chosen one and the heading disagree on whether it was decided: ${heading}`);
  if (alone && !open && choice.candidates.some(({ status }) => status === 'not tried'))
    found.push('the chosen one was timed against none, and is said to be decided');
  for (const candidate of choice.candidates) {
    const { text, detail = '' } = verdictOf(choice, candidate);
    const complain = (what: string): void =>
      void found.push(
        `${candidate.algo} ${candidate.config}: ${what}: "${text}", "${detail}", ${candidate.timeMs} ms, the chosen ${chosen.timeMs} ms`,
      );
    if (/×( as long)|-\d|NaN|undefined/.test(`${text} ${detail}`)) complain('a ratio or a number that is none');
    if (candidate === chosen || candidate.status !== 'success' || candidate.timeMs === undefined) continue;
    if (text === 'not decided' && !open) complain('not decided, but the chosen one is');
    if (candidate.timeMs < chosen.timeMs! && text !== 'not decided')
      complain('faster than the chosen one, and not said to be undecided');
    const percent = /^([\d.,]+)% slower/.exec(text);
    if (!percent) continue;
    const told = Number(percent[1].replaceAll(',', '')) / 100;
    // From a thousand percent on there are two digits.
    const step = told < 9.995 ? 0.0051 : 0.051 * told;
    if (Math.abs(told - (candidate.timeMs / chosen.timeMs! - 1)) > step)
      complain('the percent are not those of the times');
  }
  return found;
}
