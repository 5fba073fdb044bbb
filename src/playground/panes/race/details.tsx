/**
 * @file All that is known of an algorithm: its facts, what its predicted time is the sum of, its other configurations.
 */
import { counted, formatBytes, formatDuration, formatError, formatMs } from '../../../base/format.ts';
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';
import { chosenOf, isChosen, reasonOf, termWords, verdictOf } from '../../../dnn/choice/verdict.ts';
import { seeItHappen } from '../../actions.ts';
import { langOf, language, say } from '../../language.ts';
import { walkOf } from '../../stepping.ts';
import { Said } from '../said.tsx';
import { ForceButton } from './force.tsx';
import type { Lane } from './lanes.ts';
import { arithmeticText } from './words.ts';

interface Props {
  readonly id: string;
  readonly lane: Lane;
  readonly choice: AlgorithmChoice;
}

export function LaneDetails({ id, lane: { candidate, others }, choice }: Props) {
  const { text, detail } = verdictOf(choice, candidate, language.value);
  const reason = rankReason(choice, candidate);
  const walk = walkOf(choice, candidate);
  return (
    <div class="all" id={id}>
      <p>
        <Said text={text} by={candidate.reason} />
        {say({ en: detail === undefined ? '. ' : `: ${detail}. `, zh: detail === undefined ? '。' : `：${detail}。` })}
        {reason}{' '}
        {walk !== undefined && (
          <button type="button" class="link" onClick={() => seeItHappen(walk)}>
            {say({ en: 'See it happen', zh: '看它如何计算' })}
          </button>
        )}
      </p>
      <dl class="stats">
        {factsOf(candidate).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd lang={langOf(value)}>{value}</dd>
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
  if (!isChosen(choice, candidate)) return reasonOf(chosenOf(choice)!, candidate, language.value);
  const rival = choice.candidates.find((c) => c.algo !== candidate.algo && c.terms !== undefined);
  return rival && reasonOf(candidate, rival, language.value);
}

function factsOf({ config, memory, maxError, tolerance, compileMs, ...candidate }: Candidate): [string, string][] {
  return [
    ...(config ? [[say({ en: 'configuration', zh: '配置' }), config] as [string, string]] : []),
    [say({ en: 'workspace', zh: '工作空间' }), formatBytes(memory)],
    [say({ en: 'max error', zh: '最大误差' }), formatError(maxError)],
    [say({ en: 'tolerance', zh: '容差' }), formatError(tolerance)],
    [say({ en: 'arithmetic', zh: '运算' }), arithmeticText({ config, memory, ...candidate })],
    ...(compileMs === undefined
      ? []
      : [[say({ en: 'compiled in', zh: '编译用时' }), formatDuration(compileMs)] as [string, string]]),
  ];
}

/** The model's estimate, term by term, beside what was measured. */
function Estimate({ candidate: { predictedMs = 0, timeMs, terms = [] } }: { candidate: Candidate }) {
  const predicted = `${formatMs(predictedMs)} ms`;
  return (
    <div class="estimate">
      {timeMs === undefined
        ? say({ en: `Predicted ${predicted}.`, zh: `预测 ${predicted}。` })
        : say({
            en: `Predicted ${predicted}, measured ${formatMs(timeMs)} ms.`,
            zh: `预测 ${predicted}，实测 ${formatMs(timeMs)} ms。`,
          })}{' '}
      {say({ en: 'The prediction is the sum of', zh: '预测值是以下各项之和：' })}
      <dl>
        {terms.map(({ name, ms, detail }, i) => (
          <div key={i}>
            <dt>{say(termWords(name))}</dt>
            <dd class="bar-of" aria-hidden="true">
              <i style={{ inlineSize: `${(100 * Math.max(0, ms)) / Math.max(...terms.map((term) => term.ms))}%` }} />
            </dd>
            <dd class="number">{formatMs(ms)} ms</dd>
            <dd lang={langOf(detail)}>{detail}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Others({ others, choice }: { others: readonly Candidate[]; choice: AlgorithmChoice }) {
  return (
    <details class="out">
      <summary>{say({ en: counted(others.length, 'more configuration'), zh: `另外 ${others.length} 种配置` })}</summary>
      <ul>
        {others.map((candidate) => {
          const { candidateId, config, timeMs, predictedMs, memory, maxError } = candidate;
          const { text, detail } = verdictOf(choice, candidate, language.value);
          return (
            <li key={candidateId}>
              <b lang={langOf(config)}>{config || candidate.algo}</b>{' '}
              <span>
                {timeMs !== undefined && `${formatDuration(timeMs)}, `}
                {timeMs === undefined && predictedMs !== undefined && `≈ ${formatDuration(predictedMs)}, `}
                <Said text={text} by={candidate.reason} />
                <small>
                  {[
                    detail,
                    say({ en: `${formatBytes(memory)} of workspace`, zh: `工作空间 ${formatBytes(memory)}` }),
                    maxError !== undefined &&
                      say({ en: `error ${formatError(maxError)}`, zh: `误差 ${formatError(maxError)}` }),
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
