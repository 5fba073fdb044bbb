/**
 * @file A comparison from start to end: the last run's model goes to each remote, what comes back is held beside this
 * side's run, and where they differ, it is tried without what may be the cause. Page and command line share it.
 *
 * The remotes run one after another: two of them may be one machine, and would spoil each other's times.
 */
import { messageOf } from '../base/errors.ts';
import type {
  RemoteComparison,
  ComparedTraining,
  ComparisonResult,
  JobPayload,
  JobRequest,
  RemoteOutcome,
} from './types.ts';
import type { RunSettings, Suspect, Trial } from './why.ts';
import { explainDifference } from './why.ts';

/** What has run the program here. */
export interface LocalSide {
  /** The last run's model as a job. */
  job(request: JobRequest): Promise<JobPayload>;
  /** Judges what a remote gave; with a change, against another run of this side in which the suspected is not done. */
  compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult>;
  /** Repeats the steps of training that a report tells of. */
  compareTraining(report: unknown): Promise<ComparedTraining>;
}

/** A remote, however a job gets there. */
export interface ComparedRemote extends Pick<RemoteComparison, 'origin' | 'repeatable'> {
  readonly name: string;
  /** Rejects with the reason, also where its results are of another job. */
  run(job: JobPayload, watch: Watch): Promise<RemoteOutcome>;
}

/** Who waits for it. */
export interface Watch {
  /** Ends it early. */
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface ComparisonRequest {
  readonly job: JobRequest;
  /** The job of the curves, where they are wanted. */
  readonly training?: JobRequest;
}

export interface Outcomes {
  readonly sides: readonly RemoteComparison[];
  /** `undefined` where there was nothing to send. */
  readonly job?: JobPayload;
  /** Why remotes gave nothing, or no curve, one text each. */
  readonly errors: readonly string[];
}

/** Compares with one remote after the other; one that fails does not keep the others from it. Never rejects. */
export async function compareWithEach(
  here: LocalSide,
  remotes: readonly ComparedRemote[],
  asked: ComparisonRequest,
  watch: Watch,
): Promise<Outcomes> {
  const [sides, errors]: [RemoteComparison[], string[]] = [[], []];
  watch.onProgress('preparing the job');
  let job: JobPayload;
  try {
    job = await here.job(asked.job);
  } catch (error) {
    return { sides, errors: [messageOf(error)] };
  }
  for (const remote of remotes) {
    if (watch.signal.aborted) break;
    const of = remotes.length > 1 ? `${remote.name}: ` : '';
    const own: Watch = { ...watch, onProgress: (text) => watch.onProgress(`${of}${text}`) };
    try {
      const side = await compareWith(here, remote, job, own);
      sides.push(side);
      if (!asked.training || !remote.repeatable || watch.signal.aborted) continue;
      sides[sides.length - 1] = { ...side, training: await trainBoth(here, remote, asked.training, own) };
    } catch (error) {
      errors.push(`${of}${messageOf(error)}`);
    }
  }
  return { sides, job, errors };
}

/** The suspects that can be tried: those of a remote only where it can run again. */
export function triable({ result, repeatable }: RemoteComparison): readonly Suspect[] {
  return result.suspects.filter(({ side }) => side === 'local' || repeatable);
}

/**
 * Finds out what makes the two sides differ, by running the one or the other without it; `request` is what the
 * comparison was asked for.
 */
export function explainSide(
  here: LocalSide,
  side: RemoteComparison,
  remote: ComparedRemote,
  request: JobRequest,
  watch: Watch,
): Promise<Trial[]> {
  return explainDifference({ ...side.result, suspects: triable(side) }, async ({ side: whose, cause, change }) => {
    watch.onProgress(`trying without: ${cause}`);
    if (whose === 'local') return here.compare(side.given.report, side.given.results, change);
    const job = await here.job({ ...request, settings: { ...request.settings, ...change } });
    return (await compareWith(here, remote, job, watch)).result;
  });
}

async function compareWith(
  here: LocalSide,
  remote: ComparedRemote,
  job: JobPayload,
  watch: Watch,
): Promise<RemoteComparison> {
  const given = await remote.run(job, watch);
  watch.onProgress('comparing');
  const { name, origin, repeatable } = remote;
  return {
    remote: name,
    origin,
    repeatable,
    at: Date.now(),
    result: await here.compare(given.report, given.results),
    given,
  };
}

async function trainBoth(
  here: LocalSide,
  remote: ComparedRemote,
  request: JobRequest,
  watch: Watch,
): Promise<ComparedTraining> {
  watch.onProgress('preparing the training');
  const { report } = await remote.run(await here.job(request), watch);
  watch.onProgress('training here');
  return here.compareTraining(report);
}
