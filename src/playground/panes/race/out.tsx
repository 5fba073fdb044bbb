/**
 * @file Candidates that did not race: one line with their number, which opens to each one's reason.
 */
import { formatBytes } from '../../../base/format.ts';
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { verdictOf } from '../../../dnn/choice/verdict.ts';
import { language, say } from '../../language.ts';
import { Said } from '../said.tsx';
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
                <Said text={verdictOf(choice, candidate, language.value).text} by={candidate.reason} />
                <small>
                  {[
                    config,
                    ...(status === 'not supported'
                      ? []
                      : [say({ en: `${formatBytes(memory)} of workspace`, zh: `工作空间 ${formatBytes(memory)}` })]),
                  ]
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
