/**
 * @file What the next comparison is asked for: the remote's arithmetic, gradients, the program's training.
 */
import { arithmetics } from '../../../compare/arithmetics.ts';
import { RemoteName } from '../../panels/remote-name.tsx';
import { arithmetic, gradients, optimizer, training, trainingSteps } from '../../comparison-request.ts';

export function RequestControls() {
  return (
    <fieldset class="asked">
      <legend>The next comparison</legend>
      <RemoteName />
      <label>
        PyTorch computes in
        <select value={arithmetic.value} onChange={(e) => (arithmetic.value = e.currentTarget.value)}>
          {Object.entries(arithmetics).map(([id, { name }]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={gradients.value}
          onChange={(e) => (gradients.value = e.currentTarget.checked)}
        />
        Gradients
      </label>
      {optimizer.value !== undefined && (
        <label>
          <input
            type="checkbox"
            checked={training.value}
            onChange={(e) => (training.value = e.currentTarget.checked)}
          />
          Training: {trainingSteps} steps of {optimizer.value}
        </label>
      )}
    </fieldset>
  );
}
