/**
 * @file The button that has a candidate run in place of what was chosen, and the one that takes that back.
 */
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';
import { isChosen } from '../../../dnn/choice/verdict.ts';
import { canForce, force, isForced, release } from '../../forced.ts';
import { firstView } from '../../first-view.ts';
import { busy } from '../../state.ts';

interface Props {
  readonly candidate: Candidate;
  readonly choice: AlgorithmChoice;
}

/** While the engine is busy it does nothing, but keeps the focus that a disabled button would lose. */
export function ForceButton({ candidate, choice }: Props) {
  const { algo, config } = candidate;
  if (firstView.value) return null;
  const forced = isForced(choice, candidate);
  if (!forced && (isChosen(choice, candidate) || !canForce(candidate))) return null;
  const word = forced ? 'Release' : 'Force';
  return (
    <button
      type="button"
      class="small"
      aria-label={`${word} ${algo}${config && `, ${config},`} for ${choice.layer ?? choice.operation}`}
      aria-disabled={busy.value}
      onClick={() => !busy.value && (forced ? release(choice) : force(choice, candidate))}
    >
      {word}
    </button>
  );
}
