/**
 * @file Forcing from the race: a candidate that the visitor wants runs in place of what would be chosen, in this page
 * and until it is released. The program stays as it is; in a program the same is said by name, with `algo`.
 */
import type { AlgorithmChoice, Candidate, ForcedCandidate } from '../dnn/choice/records.ts';
import { run } from './actions.ts';
import { forced } from './state.ts';

const isOf = (choice: AlgorithmChoice, { operation, direction, descriptor }: ForcedCandidate): boolean =>
  operation === choice.operation && direction === choice.direction && descriptor === choice.descriptor;

/** Whether the visitor forced this candidate. */
export function isForced(choice: AlgorithmChoice, { candidateId }: Candidate): boolean {
  return forced.value.some((f) => isOf(choice, f) && f.candidateId === candidateId);
}

/** Whether a candidate could run in place of the one that did: whoever was judged unfit could not. */
export function canForce({ status }: Candidate): boolean {
  return status === 'success' || status === 'not tried';
}

/** Runs again with this candidate in place of what was chosen. */
export function force(choice: AlgorithmChoice, { algo, candidateId }: Candidate): void {
  const { operation, direction, descriptor } = choice;
  forced.value = [...others(choice), { operation, direction, descriptor, algo, candidateId }];
  void run();
}

/** Leaves a problem's choice to the engine again, and runs. */
export function release(choice: AlgorithmChoice): void {
  forced.value = others(choice);
  void run();
}

/** Leaves every choice to the engine again, and runs. */
export function releaseAll(): void {
  forced.value = [];
  void run();
}

const others = (choice: AlgorithmChoice): ForcedCandidate[] => forced.value.filter((f) => !isOf(choice, f));
