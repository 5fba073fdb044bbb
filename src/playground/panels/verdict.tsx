/**
 * @file A verdict on a tensor: a mark and a word.
 */
import type { ComparedTensor } from '../../worker/protocol.ts';

type Word = ComparedTensor['verdict'];

const marks: Record<Word, string> = { equal: '=', 'within tolerance': '✓', differs: '✗' };

export function Verdict({ verdict }: { verdict: Word }) {
  return <span class={verdict === 'differs' ? 'verdict bad' : 'verdict good'}><span aria-hidden="true">{marks[verdict]} </span>{verdict}</span>;
}
