/**
 * @file Candidates that did not race: one line with their number, which opens to each one's reason.
 */
import { formatBytes } from '../../../base/format.ts';
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { verdictOf } from '../../../dnn/choice/verdict.ts';
import { ForceButton } from './force.tsx';
import type { Out } from './lanes.ts';

export function OutLine({ out, choice }: { out: Out; choice: AlgorithmChoice }) {
  return (
    <details class="out">
      <summary>
        {out.title}: {out.candidates.map(({ algo }) => algo).join(', ')}
      </summary>
      <ul>
        {out.candidates.map((candidate) => {
          const { algo, config, status, memory } = candidate;
          return (
            <li key={candidate.candidateId}>
              <b>{algo}</b>{' '}
              <span>
                {verdictOf(choice, candidate).text}
                <small>
                  {[config, ...(status === 'not supported' ? [] : [`${formatBytes(memory)} of workspace`])]
                    .filter(Boolean)
                    .join(', ')}
                </small>
              </span>
              <ForceButton candidate={candidate} choice={choice} />
            </li>
          );
        })}
      </ul>
    </details>
  );
}
