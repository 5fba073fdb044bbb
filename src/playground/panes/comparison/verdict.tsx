/**
 * @file A verdict on a tensor: a mark and a word, and what it does not show.
 */
import type { Words } from '../../../base/words.ts';
import type { ComparedTensor } from '../../../session/protocol.ts';
import { langOf, say } from '../../language.ts';

type Word = ComparedTensor['verdict'];

const marks: Record<Word, string> = { equal: '=', 'within tolerance': '✓', differs: '✗' };

const names: Record<Word, Words> = {
  equal: { en: 'equal', zh: '相等' },
  'within tolerance': { en: 'within tolerance', zh: '在容差内' },
  differs: { en: 'differs', zh: '有差异' },
};

export function Verdict({ tensor: { verdict, caveat } }: { tensor: ComparedTensor }) {
  return (
    <>
      <span class={verdict === 'differs' ? 'verdict bad' : 'verdict good'}>
        <span aria-hidden="true">{marks[verdict]} </span>
        {say(names[verdict])}
      </span>
      {caveat !== undefined && <small lang={langOf(caveat)}>{caveat}</small>}
    </>
  );
}
