/**
 * @file Compare with remote: the last run's model goes to each chosen remote, and the results are held together.
 *
 * The remotes run one after another: two of them may be one machine, and would spoil each other's times.
 */
import { batch } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { Progress } from '../bridge/protocol.ts';
import type { Suspect } from '../compare/why.ts';
import { explainDifference } from '../compare/why.ts';
import type { ComparedTraining, ComparisonResult, JobPayload, JobRequest } from '../worker/protocol.ts';
import { endOf, engine, engineRemembers, occupy, runProgram, showProgress } from './actions.ts';
import { jobRequest, trainingRequest } from './asked.ts';
import type { PageRemote } from './remote-kinds.ts';
import { canRun, nameOf, originOf } from './remote-kinds.ts';
import { askForRemotes, choosing, chosen } from './remotes.ts';
import type { Compared } from './state.ts';
import { comparison, comparisonErrors, explanation, lastRun } from './state.ts';
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
    const request = jobRequest();
    const { sides, job, errors } = await compareWithEach(remotes, request, stopped);
    if (stopped.aborted) return 'Stopped.';
    batch(() => {
      if (job && sides.length > 0) comparison.value = { sides, job, request, text: lastRun.value!.text };
      explanation.value = undefined;
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

async function compareWithEach(remotes: readonly PageRemote[], request: JobRequest, stopped: AbortSignal): Promise<Outcomes> {
  const [sides, errors]: [Compared[], string[]] = [[], []];
  showProgress('preparing the job');
  let job: JobPayload;
  try {
    job = await engine.job(request);
  } catch (error) {
    return { sides, errors: [messageOf(error)] };
  }
  for (const remote of remotes) {
    if (stopped.aborted) break;
    const of = remotes.length > 1 ? `${nameOf(remote)}: ` : '';
    const progress = (text: string): void => showProgress(`${of}${text}`);
    try {
      const side = await compareWith(remote, job, stopped, progress);
      sides.push(side);
      const curves = canRun(remote) && !stopped.aborted ? trainingRequest() : undefined;
      if (curves) sides[sides.length - 1] = { ...side, training: await trainBoth(remote, curves, stopped, progress) };
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

async function trainBoth(remote: PageRemote, request: JobRequest, signal: AbortSignal, onProgress: (text: string) => void): Promise<ComparedTraining> {
  onProgress('preparing the training');
  const { report } = await runOn(remote, await engine.job(request), { onProgress: (progress) => onProgress(inWords(progress)), signal });
  onProgress('training here');
  return engine.compareTraining(report);
}

/** Finds out what makes the two sides of a comparison differ, by running the one or the other without it. */
export async function explain(side: Compared): Promise<void> {
  await occupy('comparing', async (stopped) => {
    const compared = comparison.value;
    const remote = chosen.value.find((one) => nameOf(one) === side.remote);
    if (!compared || !engineRemembers() || compared.text !== lastRun.value?.text) return 'The engine no longer has that run: compare again, then ask why.';
    const suspects = side.result.suspects.filter((suspect) => suspect.side === 'local' || (remote && canRun(remote)));
    const rerun = async ({ side: whose, cause, change }: Suspect): Promise<ComparisonResult> => {
      showProgress(`trying without: ${cause}`);
      if (whose === 'local') return engine.compare(side.given.report, side.given.results, change);
      const job = await engine.job({ ...compared.request, settings: { ...compared.request.settings, ...change } });
      return (await compareWith(remote!, job, stopped, showProgress)).result;
    };
    try {
      explanation.value = { of: side, trials: await explainDifference({ ...side.result, suspects }, rerun) };
      return `Tried ${suspects.length === 1 ? 'one switch' : `${suspects.length} switches`}.`;
    } catch (error) {
      if (!stopped.aborted) explanation.value = { of: side, trials: [], error: messageOf(error) };
      return 'It could not be found out.';
    }
  });
}

function inWords({ text, done, total }: Progress): string {
  return done === undefined || !total ? text : `${text}: ${Math.round((100 * done) / total)}%`;
}
