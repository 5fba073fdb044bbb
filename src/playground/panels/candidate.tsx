/**
 * @file A candidate in the table of algorithms, and below it, when it is asked for, what its predicted time is made of.
 */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { formatBytes, formatDuration, formatError, formatMs, formatPercent, formatRough } from '../../base/format.ts';
import type { AlgorithmChoice, Candidate, MathType } from '../../dnn/choice/records.ts';
import { isChosen, isPredicted, isUnsteady, spreadText, verdictOf } from '../../dnn/choice/verdict.ts';
import { canForce, force, isForced, release } from '../forced.ts';
import { busy } from '../state.ts';

const arithmetic: Record<MathType, string> = { FMA: 'float32', HALF: 'float16 storage', HALF_ARITHMETIC: 'float16' };

interface Props {
  readonly candidate: Candidate;
  readonly choice: AlgorithmChoice;
  /** What is shown as its time, in milliseconds. */
  readonly time: number | undefined;
  /** The length of the time's bar, of 1. */
  readonly share: number;
}

export function CandidateRow({ candidate, choice, time, share }: Props) {
  const { algo, config, spread, samples, memory, maxError, mathType, determinism, spreads, status, terms } = candidate;
  const unfolded = useSignal(false);
  const estimate = useId();
  const chosen = isChosen(choice, candidate);
  const { text, detail, open } = verdictOf(choice, candidate);
  return (
    <>
      <tr class={chosen ? (open ? 'chosen open' : 'chosen') : status === 'success' ? '' : 'out'}>
        <th scope="row">
          {terms ? (
            <button
              type="button"
              class="reveal"
              aria-expanded={unfolded.value}
              aria-controls={estimate}
              onClick={() => (unfolded.value = !unfolded.value)}
            >
              {algo}
            </button>
          ) : (
            algo
          )}
          {config && <small>{config}</small>}
        </th>
        <td class="number time">
          {time === undefined
            ? '–'
            : isPredicted(candidate)
              ? `≈ ${formatMs(time)}`
              : isUnsteady(candidate)
                ? formatRough(time)
                : formatMs(time)}
          {share > 0 && <span class="bar" aria-hidden="true" style={{ inlineSize: `${share * 100}%` }} />}
          {samples !== undefined && (
            <small>{samples === 1 ? '1 sample' : `±${formatPercent((spread ?? 0) / 2)} of ${samples} samples`}</small>
          )}
        </td>
        <td class="wordy result">
          <div>
            <span>
              {text}
              {detail !== undefined && <small>{detail}</small>}
            </span>
            <ForceButton candidate={candidate} choice={choice} />
          </div>
        </td>
        <td class="number" data-label="Workspace">
          {status === 'not supported' ? '–' : formatBytes(memory)}
        </td>
        <td class="number" data-label="Max error">
          {formatError(maxError)}
        </td>
        <td>
          {arithmetic[mathType]}
          <small>{determinism}</small>
          {spreads && <small title={spreadText(spreads)}>spreads NaN, ∞</small>}
        </td>
      </tr>
      {terms && unfolded.value && <Estimate id={estimate} candidate={candidate} />}
    </>
  );
}

/** While the engine is busy it does nothing, but keeps the focus that a disabled button would lose. */
function ForceButton({ candidate, choice }: Pick<Props, 'candidate' | 'choice'>) {
  const { algo, config } = candidate;
  const what = `${algo}${config && `, ${config},`} for ${choice.layer ?? choice.operation}`;
  if (isForced(choice, candidate))
    return (
      <button
        type="button"
        class="small"
        aria-label={`Release ${what}`}
        aria-disabled={busy.value}
        onClick={() => !busy.value && release(choice)}
      >
        Release
      </button>
    );
  if (isChosen(choice, candidate) || !canForce(candidate)) return null;
  return (
    <button
      type="button"
      class="small"
      aria-label={`Force ${what}`}
      aria-disabled={busy.value}
      onClick={() => !busy.value && force(choice, candidate)}
    >
      Force
    </button>
  );
}

/** The model's estimate, term by term, beside what was measured. */
function Estimate({
  id,
  candidate: { predictedMs = 0, timeMs, terms = [], compileMs },
}: {
  id: string;
  candidate: Candidate;
}) {
  const beside = [
    ...(timeMs === undefined ? [] : [`measured ${formatMs(timeMs)} ms`]),
    ...(compileMs === undefined ? [] : [`compiled in ${formatDuration(compileMs)}`]),
  ];
  return (
    <tr class="estimate" id={id}>
      <td colSpan={6}>
        Predicted {formatMs(predictedMs)} ms{beside.length > 0 && `, ${beside.join(', ')}`}. The prediction is the sum
        of
        <dl>
          {terms.map(({ name, ms, detail }, i) => (
            <div key={i}>
              <dt>{name}</dt>
              <dd class="number">{formatMs(ms)} ms</dd>
              <dd>{detail}</dd>
            </div>
          ))}
        </dl>
      </td>
    </tr>
  );
}
