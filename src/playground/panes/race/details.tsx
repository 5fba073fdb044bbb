/**
 * @file All that is known of an algorithm: its facts, what its predicted time is the sum of, its other configurations.
 */
import { formatBytes, formatDuration, formatError, formatMs } from '../../../base/format.ts';
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';
import { chosenOf, isChosen, reasonOf, verdictOf } from '../../../dnn/choice/verdict.ts';
import { seeItHappen } from '../../actions.ts';
import { walkOf } from '../../stepping.ts';
import { ForceButton } from './force.tsx';
import type { Lane } from './lanes.ts';
import { arithmeticText } from './words.ts';

interface Props {
  readonly id: string;
  readonly lane: Lane;
  readonly choice: AlgorithmChoice;
}

export function LaneDetails({ id, lane: { candidate, others }, choice }: Props) {
  const { text, detail } = verdictOf(choice, candidate);
  const reason = rankReason(choice, candidate);
  const walk = walkOf(choice, candidate);
  return (
    <div class="all" id={id}>
      <p>
        {text}
        {detail !== undefined && `: ${detail}`}. {reason}{' '}
        {walk !== undefined && (
          <button type="button" class="link" onClick={() => seeItHappen(walk)}>
            See it happen
          </button>
        )}
      </p>
      <dl class="stats">
        {factsOf(candidate).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {candidate.terms && <Estimate candidate={candidate} />}
      {others.length > 0 && <Others others={others} choice={choice} />}
    </div>
  );
}

/** Why it is where it is, by the model: the winner beside its closest rival, another beside the winner. */
function rankReason(choice: AlgorithmChoice, candidate: Candidate): string | undefined {
  if (!isChosen(choice, candidate)) return reasonOf(chosenOf(choice)!, candidate);
  const rival = choice.candidates.find((c) => c.algo !== candidate.algo && c.terms !== undefined);
  return rival && reasonOf(candidate, rival);
}

function factsOf({ config, memory, maxError, tolerance, compileMs, ...candidate }: Candidate): [string, string][] {
  return [
    ...(config ? [['configuration', config] as [string, string]] : []),
    ['workspace', formatBytes(memory)],
    ['max error', formatError(maxError)],
    ['tolerance', formatError(tolerance)],
    ['arithmetic', arithmeticText({ config, memory, ...candidate })],
    ...(compileMs === undefined ? [] : [['compiled in', formatDuration(compileMs)] as [string, string]]),
  ];
}

/** The model's estimate, term by term, beside what was measured. */
function Estimate({ candidate: { predictedMs = 0, timeMs, terms = [] } }: { candidate: Candidate }) {
  return (
    <div class="estimate">
      Predicted {formatMs(predictedMs)} ms{timeMs !== undefined && `, measured ${formatMs(timeMs)} ms`}. The prediction
      is the sum of
      <dl>
        {terms.map(({ name, ms, detail }, i) => (
          <div key={i}>
            <dt>{name}</dt>
            <dd class="bar-of" aria-hidden="true">
              <i style={{ inlineSize: `${(100 * Math.max(0, ms)) / Math.max(...terms.map((term) => term.ms))}%` }} />
            </dd>
            <dd class="number">{formatMs(ms)} ms</dd>
            <dd>{detail}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Others({ others, choice }: { others: readonly Candidate[]; choice: AlgorithmChoice }) {
  return (
    <details class="out">
      <summary>
        {others.length} more {others.length === 1 ? 'configuration' : 'configurations'}
      </summary>
      <ul>
        {others.map((candidate) => {
          const { candidateId, config, timeMs, predictedMs, memory, maxError } = candidate;
          const { text, detail } = verdictOf(choice, candidate);
          return (
            <li key={candidateId}>
              <b>{config || candidate.algo}</b>{' '}
              <span>
                {[
                  ...(timeMs === undefined ? [] : [formatDuration(timeMs)]),
                  ...(timeMs === undefined && predictedMs !== undefined ? [`≈ ${formatDuration(predictedMs)}`] : []),
                  text,
                ].join(', ')}
                <small>
                  {[
                    detail,
                    `${formatBytes(memory)} of workspace`,
                    maxError !== undefined && `error ${formatError(maxError)}`,
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
