/**
 * @file Choices in words: where a choice came from, how far a candidate is behind, what the clock can tell.
 */
import type { AlgorithmChoice, Candidate } from '../dnn/records.ts';

export function isChosen(choice: AlgorithmChoice, candidate: Candidate): boolean {
  return candidate.algo === choice.chosen && candidate.config === choice.chosenConfig;
}

/** The first, hence best ranked, candidate of each algorithm. */
export function bestOfEach(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((c, i) => candidates.findIndex((other) => other.algo === c.algo) === i);
}

const sources: Record<AlgorithmChoice['source'], string> = {
  measured: 'measured in this run',
  cache: 'measured before, remembered',
  heuristic: 'chosen by a model, not measured',
  forced: 'asked for by name',
  'cpu reference': 'computed by the cpu reference',
};

export function describeSource(choice: AlgorithmChoice): string {
  return sources[choice.source];
}

/** What became of a candidate: chosen, by how much slower, or why it is out. */
export function verdictOf(choice: AlgorithmChoice, candidate: Candidate): string {
  if (candidate.status !== 'success') return candidate.reason ? `${candidate.status}: ${candidate.reason}` : candidate.status;
  const winner = choice.candidates.find((c) => isChosen(choice, c));
  if (isChosen(choice, candidate)) return 'chosen';
  if (candidate.timeMs === undefined || !winner?.timeMs) return 'can run';
  const ratio = candidate.timeMs / winner.timeMs;
  return ratio < 1.005 ? 'as fast as the chosen one' : `${Number(ratio.toPrecision(3))}× as long`;
}

/** How the times were taken and on what, in sentences; one a kind of clock and adapter. */
export function describeClock(choices: readonly AlgorithmChoice[]): string[] {
  return [...new Set(choices.map((c) => clockSentence(c)))];
}

function clockSentence({ clock, adapter, software, source }: AlgorithmChoice): string {
  if (source === 'cpu reference') return 'The cpu reference has one algorithm, plain loops, and nothing to choose.';
  const warning = software ? ' It is a software adapter: its times say nothing about a GPU.' : '';
  if (!clock || source === 'heuristic' || source === 'forced') return `On ${adapter}.${warning}`;
  const how = clock.kind === 'timestamp-query' ? 'timestamp queries' : 'the wall clock';
  const step = clock.quantumNs >= 1000 ? `${Number((clock.quantumNs / 1000).toPrecision(3))} µs` : `${clock.quantumNs} ns`;
  return `Medians, measured on ${adapter} by ${how} with a step of ${step}. Spread: half of the interquartile range. Max error: against a float64 reference, in units of its rms.${warning}`;
}
