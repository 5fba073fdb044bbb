/**
 * @file Compare with remote: the last run's model goes to each chosen remote, and the results are held together.
 */
import { batch } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { RemoteComparison } from '../compare/types.ts';
import type { Outcomes } from '../compare/with-remotes.ts';
import { compareWithEach, explainSide } from '../compare/with-remotes.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import { asked } from './comparison-request.ts';
import { showPane } from './bench/arrangement.ts';
import { askForRemotes, choosing, chosen } from './remotes.ts';
import { comparison, comparisonErrors, explanationError, lastRun } from './state.ts';

/** Compares with the chosen remotes; without one, asks the visitor for it. */
export async function compare(): Promise<void> {
  await occupy('comparing', async (stopped) => {
    if (chosen.value.length === 0) {
      showProgress('looking for remotes');
      await askForRemotes();
    }
    const remotes = chosen.value;
    if (remotes.length === 0) {
      choosing.value = !stopped.aborted;
      return 'Choose a remote to compare with.';
    }
    if (!engineRemembers()) {
      const result = await runProgram();
      if (!result.ok) return endOf(result);
    }
    showPane('comparison');
    const at = Date.now();
    comparisonErrors.value = { texts: [], at };
    const request = asked();
    const outcomes = await compareWithEach(engine, remotes, request, { signal: stopped, onProgress: showProgress });
    if (stopped.aborted) return 'Stopped.';
    const { sides, job, errors } = outcomes;
    batch(() => {
      if (job && sides.length > 0) comparison.value = { sides, job, request: request.job, text: lastRun.value!.text };
      explanationError.value = undefined;
      comparisonErrors.value = { texts: errors, at };
    });
    return endOfComparison(outcomes, remotes.length);
  });
}

function endOfComparison({ sides, errors }: Outcomes, asked: number): string {
  if (sides.length === 0) return 'The comparison failed. The results of your run are kept.';
  const compared = `Compared with ${sides.map(({ remote }) => remote).join(', ')}.`;
  if (sides.length < asked) return `${compared} ${asked - sides.length} of ${asked} remotes failed.`;
  return errors.length === 0 ? compared : `${compared} The training failed.`;
}

/** Finds out what makes the two sides of a comparison differ, by running the one or the other without it. */
export async function explain(side: RemoteComparison): Promise<void> {
  await occupy('comparing', async (stopped) => {
    const compared = comparison.value;
    const remote = chosen.value.find(({ name }) => name === side.remote);
    if (!remote) return `${side.remote} is no longer chosen. Choose it, compare again, then ask why.`;
    if (!compared || !engineRemembers() || compared.text !== lastRun.value?.text)
      return 'The engine no longer has that run. Compare again, then ask why.';
    try {
      const trials = await explainSide(engine, side, remote, compared.request, {
        signal: stopped,
        onProgress: showProgress,
      });
      comparison.value = { ...compared, sides: compared.sides.map((one) => (one === side ? { ...one, trials } : one)) };
      return `Tried ${trials.length === 1 ? 'one switch' : `${trials.length} switches`}.`;
    } catch (error) {
      if (!stopped.aborted) explanationError.value = { of: side, message: messageOf(error) };
      return 'The cause could not be determined.';
    }
  });
}
