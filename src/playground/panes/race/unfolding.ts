/**
 * @file Which candidates are unfolded to all that is known of them.
 */
import { signal } from '@preact/signals';
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';

const unfolded = signal<ReadonlySet<string>>(new Set());

const keyOf = ({ layer, operation, direction, descriptor }: AlgorithmChoice, { candidateId }: Candidate): string =>
  [layer, operation, direction, descriptor, candidateId].join('\n');

export const isUnfolded = (choice: AlgorithmChoice, candidate: Candidate): boolean =>
  unfolded.value.has(keyOf(choice, candidate));

export function unfold(choice: AlgorithmChoice, candidate: Candidate): void {
  unfolded.value = new Set([...unfolded.value, keyOf(choice, candidate)]);
}

export function toggle(choice: AlgorithmChoice, candidate: Candidate): void {
  if (isUnfolded(choice, candidate))
    unfolded.value = new Set([...unfolded.value].filter((key) => key !== keyOf(choice, candidate)));
  else unfold(choice, candidate);
}
