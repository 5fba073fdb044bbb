/**
 * @file Why the sides differ: what was tried without, and how much of the error went with it.
 */
import type { Share, Trial } from '../../../compare/why.ts';
import { busy, explanation } from '../../state.ts';
import type { Compared } from '../../state.ts';
import { explain } from '../../compare.ts';
import { formatError } from '../../format.ts';

const classes: Record<Share, string> = { 'the cause': 'verdict bad', 'a part of it': 'verdict caution', 'not it': 'verdict' };

export function Why({ side }: { side: Compared }) {
  if (side.result.suspects.length === 0) return null;
  const found = explanation.value?.of === side ? explanation.value : undefined;
  return (
    <div class="why">
      {!found && (
        <p>
          <button type="button" disabled={busy.value} onClick={() => void explain(side)}>Why?</button>
          <span class="hint">Runs again without what is known to change numbers: {side.result.suspects.map(({ cause }) => cause).join('; ')}.</span>
        </p>
      )}
      {found?.error && <p class="notice bad" role="alert">{found.error}</p>}
      {found && found.trials.length > 0 && <Trials trials={found.trials} remote={side.remote} />}
    </div>
  );
}

function Trials({ trials, remote }: { trials: readonly Trial[]; remote: string }) {
  return (
    <div class="scroller" role="group" tabIndex={0} aria-label={`Causes with ${remote}, scroll sideways`}>
      <table aria-label={`Causes with ${remote}`}>
        <thead>
          <tr>
            <th scope="col">What was suspected</th>
            <th scope="col">Is it?</th>
            <th scope="col" class="number">Error with it</th>
            <th scope="col" class="number">Without it</th>
          </tr>
        </thead>
        <tbody>
          {trials.map(({ side, cause, before, after, share }) => (
            <tr key={cause}>
              <th scope="row" class="wordy">{cause}<small>{side === 'local' ? 'here' : 'remote'}</small></th>
              <td><span class={classes[share]}>{share}</span></td>
              <td class="number">{formatError(before)}</td>
              <td class="number">{formatError(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
