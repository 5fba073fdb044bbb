/**
 * @file Compare with remote: the last run's model goes to the remote, and both results are held together.
 */
import { batch } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Remote } from '../bridge/protocol.ts';
import type { ComparisonResult } from '../worker/protocol.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import { runRemote } from './bridge.ts';
import { askForRemotes, choosing, nameOf, remote } from './remotes.ts';
import { comparison, comparisonError, lastRun } from './state.ts';

/** Compares with the chosen remote; without one, asks the visitor for it. */
export async function compare(): Promise<void> {
  await occupy('comparing', async (stopped) => {
    if (!remote.value) {
      showProgress('looking for remotes');
      await askForRemotes();
    }
    const side = remote.value;
    if (!side) {
      choosing.value = !stopped.aborted;
      return 'Choose a remote to compare with.';
    }
    if (!engineRemembers()) {
      const result = await runProgram();
      if (!result.ok) return endOf(result);
    }
    try {
      const result = await compareWith(side, stopped);
      batch(() => {
        comparison.value = { result, text: lastRun.value!.text };
        comparisonError.value = undefined;
      });
      return `Compared with ${nameOf(side)}.`;
    } catch (error) {
      if (!stopped.aborted) comparisonError.value = messageOf(error);
      return 'The comparison failed. The results of this side are still there.';
    }
  });
}

async function compareWith(side: Remote, stopped: AbortSignal): Promise<ComparisonResult> {
  comparisonError.value = undefined;
  showProgress('preparing the job');
  const job = await engine.job();
  const { report, results } = await runRemote({ remote: side, job, onProgress: showProgress, signal: stopped });
  showProgress('comparing');
  return engine.compare(report, results);
}
