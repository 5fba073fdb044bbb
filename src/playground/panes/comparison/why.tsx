/**
 * @file Why the sides differ: what was tried without, and how much of the error went with it.
 */
import type { RemoteComparison } from '../../../compare/types.ts';
import type { Share, Trial } from '../../../compare/why.ts';
import { triable } from '../../../compare/with-remotes.ts';
import { busy, explanationError } from '../../state.ts';
import { explain } from '../../compare.ts';
import { formatError } from '../../../base/format.ts';
import { Columns } from '../columns.tsx';

const classes: Record<Share, string> = {
  'the cause': 'verdict bad',
  'a part of it': 'verdict caution',
  'not it': 'verdict',
};

export function Why({ side }: { side: RemoteComparison }) {
  const {
    trials,
    result: { suspects },
  } = side;
  if (suspects.length === 0) return null;
  if (trials)
    return (
      <div class="why">
        <Trials trials={trials} remote={side.remote} />
      </div>
    );
  const tried = triable(side);
  const causes = (of: typeof suspects): string => of.map(({ cause }) => cause).join('; ');
  const failed = explanationError.value?.of === side ? explanationError.value.message : undefined;
  return (
    <div class="why">
      <p>
        {tried.length > 0 && (
          <button type="button" disabled={busy.value} onClick={() => void explain(side)}>
            Why?
          </button>
        )}
        <span class="hint">
          {tried.length > 0
            ? `Runs again without each setting that is known to change numbers: ${causes(tried)}.`
            : `Known to change numbers: ${causes(suspects)}. These results come from a finished run, so nothing can be tried without it.`}
        </span>
      </p>
      {failed && (
        <p class="notice bad" role="alert">
          {failed}
        </p>
      )}
    </div>
  );
}

function Trials({ trials, remote }: { trials: readonly Trial[]; remote: string }) {
  return (
    <div class="scroller" role="group" tabIndex={0} aria-label={`Causes with ${remote}, scroll sideways`}>
      <table aria-label={`Causes with ${remote}`}>
        <Columns of={['Suspect', 'Finding', 'In', { number: 'Error with it on' }, { number: 'With it off' }]} />
        <tbody>
          {trials.map(({ side, cause, tensor, before, after, share }) => (
            <tr key={cause}>
              <th scope="row" class="wordy">
                {cause}
                <small>{side === 'local' ? 'here' : 'remote'}</small>
              </th>
              <td>
                <span class={classes[share]}>{share}</span>
              </td>
              <td>
                <code>{tensor}</code>
              </td>
              <td class="number">{formatError(before)}</td>
              <td class="number">{formatError(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
