/**
 * @file Plans as records before they have run, and what a program is told of kernels of its own that are out.
 */
import type { Device } from '../../gpu/device.ts';
import type { Plan, Problem } from '../problem.ts';
import { candidateId, planRecord, workspaceBytes } from './candidates.ts';
import type { Choice } from './choice-log.ts';
import type { RankedPlan } from './heuristics.ts';
import type { AlgorithmChoice, Candidate } from './records.ts';

/** The least workspace first. */
export const byWorkspace = (plans: readonly Plan[]): Plan[] =>
  plans.toSorted((a, b) => workspaceBytes(a) - workspaceBytes(b));

export const identityOf = (plan: Plan): Pick<AlgorithmChoice, 'candidateId' | 'chosen' | 'chosenConfig'> => ({
  candidateId: candidateId(plan),
  chosen: plan.algorithm.name,
  chosenConfig: plan.config.label,
});

/** A choice among candidates on a device, as it is recorded. */
export const choiceOf = (
  { clock, adapter }: Device,
  problem: Problem,
  plan: Plan,
  source: Choice['source'],
  records: readonly Candidate[],
): Choice => ({
  operation: problem.operation,
  direction: problem.direction,
  descriptor: problem.description,
  ...identityOf(plan),
  source,
  clock,
  adapter: adapter.description,
  software: adapter.software,
  candidates: records,
});

/** A choice that was measured in the background, with what ran meanwhile. */
export const sinceMeasured = (now: Choice, { candidateId, chosen, chosenConfig }: Choice): Choice =>
  now.source === 'measured' ? { ...now, ranMeanwhile: { candidateId, algo: chosen, config: chosenConfig } } : now;

/** `'WINOGRAD takes the place of DIRECT 8×8'`. */
export const replacementText = (now: Choice, before: Choice): string =>
  [now, before]
    .map(({ chosen, chosenConfig }) => [chosen, chosenConfig].filter(Boolean).join(' '))
    .join(' takes the place of ');

/** Why candidates are out, in one line. */
export const reasons = (records: readonly Candidate[]): string =>
  records.map(({ algo, reason }) => `${algo} ${reason}`).join('; ');

/** Candidates that have not run, and why. */
export const predictions = (problem: Problem, ranked: readonly RankedPlan[], reason?: string): Candidate[] =>
  ranked.map(({ plan, predictedMs, terms }) => ({
    ...planRecord(problem, plan),
    status: 'not tried',
    reason: plan.algorithm.own ? (reason ?? unverified) : reason,
    predictedMs,
    terms,
  }));

/** Why a kernel of the program's own is not taken by what the model says of it. */
const unverified = 'it runs once it is verified, which torch.backends.cudnn.benchmark = true does';

/** What became of the program's own kernels that are out, each with the stack of the call that brought it. */
export const complaintsOfOwn = (
  { direction, description }: Problem,
  plans: readonly Plan[],
  records: readonly Candidate[],
): { readonly text: string; readonly stack?: string }[] =>
  records
    .filter(({ own, status }) => own && (status === 'failed' || status === 'disqualified'))
    .map((record) => ({
      text: `${record.algo}: ${record.status} for ${direction} of ${description}: ${record.reason}`,
      stack: plans.find((plan) => candidateId(plan) === record.candidateId)?.algorithm.own?.stack,
    }));
