/**
 * @file Compare with remote: the last run's model goes to each chosen remote, and the results are held together.
 *
 * The remotes run one after another: two of them may be one machine, and would spoil each other's times.
 */
import { batch } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Progress } from '../bridge/protocol.ts';
import type { JobPayload } from '../worker/protocol.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import type { PageRemote } from './remote-kinds.ts';
import { nameOf, originOf } from './remote-kinds.ts';
import { askForRemotes, choosing, chosen } from './remotes.ts';
import type { Compared } from './state.ts';
import { comparison, comparisonErrors, lastRun } from './state.ts';
import { runOn } from './transports.ts';

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
    comparisonErrors.value = [];
    const { sides, job, errors } = await compareWithEach(remotes, stopped);
    if (stopped.aborted) return 'Stopped.';
    batch(() => {
      if (job && sides.length > 0) comparison.value = { sides, job, text: lastRun.value!.text };
      comparisonErrors.value = errors;
    });
    if (sides.length === 0) return 'The comparison failed. The results of this side are still there.';
    const compared = `Compared with ${sides.map(({ remote }) => remote).join(', ')}.`;
    return errors.length === 0 ? compared : `${compared} ${errors.length} of ${remotes.length} remotes failed.`;
  });
}

interface Outcomes {
  readonly sides: readonly Compared[];
  /** `undefined` where there was nothing to send. */
  readonly job?: JobPayload;
  readonly errors: readonly string[];
}

async function compareWithEach(remotes: readonly PageRemote[], stopped: AbortSignal): Promise<Outcomes> {
  const [sides, errors]: [Compared[], string[]] = [[], []];
  showProgress('preparing the job');
  let job: JobPayload;
  try {
    job = await engine.job();
  } catch (error) {
    return { sides, errors: [messageOf(error)] };
  }
  for (const remote of remotes) {
    if (stopped.aborted) break;
    const of = remotes.length > 1 ? `${nameOf(remote)}: ` : '';
    try {
      sides.push(await compareWith(remote, job, stopped, (text) => showProgress(`${of}${text}`)));
    } catch (error) {
      errors.push(`${of}${messageOf(error)}`);
    }
  }
  return { sides, job, errors };
}

async function compareWith(remote: PageRemote, job: JobPayload, signal: AbortSignal, onProgress: (text: string) => void): Promise<Compared> {
  const given = await runOn(remote, job, { onProgress: (progress) => onProgress(inWords(progress)), signal });
  onProgress('comparing');
  return { remote: nameOf(remote), origin: originOf(remote), result: await engine.compare(given.report, given.results), given };
}

function inWords({ text, done, total }: Progress): string {
  return done === undefined || !total ? text : `${text}: ${Math.round((100 * done) / total)}%`;
}
