/**
 * @file A verdict on a tensor: a mark and a word, and what it does not show.
 */
import type { ComparedTensor } from '../../../session/protocol.ts';

type Word = ComparedTensor['verdict'];

const marks: Record<Word, string> = { equal: '=', 'within tolerance': '✓', differs: '✗' };

export function Verdict({ tensor: { verdict, caveat } }: { tensor: ComparedTensor }) {
  return (
    <>
      <span class={verdict === 'differs' ? 'verdict bad' : 'verdict good'}>
        <span aria-hidden="true">{marks[verdict]} </span>
        {verdict}
      </span>
      {caveat !== undefined && <small>{caveat}</small>}
    </>
  );
}
