/**
 * @file Planted runs, for tests of what lessons find in them.
 */
import type { AlgorithmChoice, Candidate } from '../../src/dnn/choice/records.ts';
import type { Evidence } from '../../src/lessons/lesson.ts';
import type { OutputSummary } from '../../src/session/protocol.ts';
import { choice } from './choices.ts';

/** An exported tensor with these numbers. */
export const output = (name: string, head: readonly number[], more: Partial<OutputSummary> = {}): OutputSummary => ({
  name,
  shape: [head.length],
  dtype: 'float32',
  device: 'webgpu',
  min: Math.min(...head),
  max: Math.max(...head),
  mean: 0,
  std: 1,
  nonFinite: 0,
  head,
  checksum: head.join(),
  ...more,
});

/** A convolution of a run: its layer, its descriptor's line, its candidates, of which the first ran. */
export const convolution = (
  layer: string,
  descriptor: string,
  candidates: readonly Candidate[],
  more: Partial<AlgorithmChoice> = {},
): AlgorithmChoice => choice(candidates, { layer, descriptor, ...more });

/** A run on a GPU. */
export const runOf = (outputs: readonly OutputSummary[], choices: readonly AlgorithmChoice[] = []): Evidence => ({
  device: 'webgpu',
  adapter: { description: 'Some GPU', software: false },
  choices,
  outputs,
});

/** Exports by name. */
export const exportsOf = (numbers: Readonly<Record<string, readonly number[]>>): OutputSummary[] =>
  Object.entries(numbers).map(([name, head]) => output(name, head));
