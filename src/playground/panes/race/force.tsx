/**
 * @file The button that has a candidate run in place of what was chosen, and the one that takes that back.
 */
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';
import { isChosen } from '../../../dnn/choice/verdict.ts';
import { canForce, force, isForced, release } from '../../forced.ts';
import { firstView } from '../../first-view.ts';
import { say } from '../../language.ts';
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
  const word = forced ? { en: 'Release', zh: '取消' } : { en: 'Force', zh: '强制使用' };
  const name = `${algo}${config && `, ${config},`}`;
  const where = choice.layer ?? choice.operation;
  return (
    <button
      type="button"
      class="small"
      aria-label={say({ en: `${word.en} ${name} for ${where}`, zh: `${where}：${word.zh} ${name}` })}
      aria-disabled={busy.value}
      onClick={() => !busy.value && (forced ? release(choice) : force(choice, candidate))}
    >
      {say(word)}
    </button>
  );
}
