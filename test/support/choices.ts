/**
 * @file Choices and candidates as a run records them, for tests of what is said of them.
 */
import type { AlgorithmChoice, Candidate } from '../../src/dnn/choice/records.ts';

export const candidate = (algo: string, more: Partial<Candidate> = {}): Candidate => ({
  candidateId: [algo, more.config].filter(Boolean).join(' '),
  algo,
  config: '',
  status: 'success',
  memory: 0,
  determinism: 'deterministic',
  mathType: 'FMA',
  ...more,
});

/** A measured choice of the first of the candidates. */
export const choice = (candidates: readonly Candidate[], more: Partial<AlgorithmChoice> = {}): AlgorithmChoice => ({
  operation: 'conv2d',
  direction: 'forward',
  descriptor: '',
  candidateId: candidates[0].candidateId,
  chosen: candidates[0].algo,
  chosenConfig: '',
  source: 'measured',
  adapter: 'Some GPU',
  software: false,
  candidates,
  ...more,
});
