/**
 * @file Choices in words: where a choice came from, how far a candidate is behind, what the clock can tell.
 */
import type { AlgorithmChoice, Candidate } from '../dnn/records.ts';

export function isChosen(choice: AlgorithmChoice, candidate: Candidate): boolean {
  return candidate.algo === choice.chosen && candidate.config === choice.chosenConfig && candidate.status !== 'not supported';
}

/** One candidate of each algorithm, and of each that leaves the end of a fused group apart: the one that ran, else the first, hence best ranked. */
export function oneOfEach(choice: AlgorithmChoice): Candidate[] {
  const { candidates } = choice;
  const alike = (a: Candidate, b: Candidate): boolean => a.algo === b.algo && a.apart === b.apart;
  const first = candidates.filter((c, i) => candidates.findIndex((other) => alike(c, other)) === i);
  const ran = candidates.find((c) => isChosen(choice, c));
  return first.map((c) => (ran && alike(c, ran) ? ran : c));
}

/** A candidate's time in milliseconds: measured, or else predicted by the model. */
export function timeOf({ timeMs, predictedMs }: Candidate): number | undefined {
  return timeMs ?? predictedMs;
}

/** The times that bars are drawn of: measured ones, or predicted ones where nothing was measured; never both. */
export function barTimes(candidates: readonly Candidate[]): (number | undefined)[] {
  const measured = candidates.some((c) => c.timeMs !== undefined);
  return candidates.map((c) => (measured ? c.timeMs : c.predictedMs));
}

export function isPredicted({ timeMs, predictedMs }: Candidate): boolean {
  return timeMs === undefined && predictedMs !== undefined;
}

const sources: Record<AlgorithmChoice['source'], string> = {
  measured: 'measured in this run',
  cache: 'measured before, remembered',
  heuristic: 'chosen by a model, not measured',
  forced: 'forced',
  'cpu reference': 'computed by the cpu reference',
};

export function describeSource(choice: AlgorithmChoice): string {
  return sources[choice.source];
}

/** What became of a candidate: chosen, by how much faster or slower, or why it is out. */
export function verdictOf(choice: AlgorithmChoice, candidate: Candidate): string {
  if (isChosen(choice, candidate)) return choice.source === 'forced' ? 'forced' : 'chosen';
  const { status, reason } = candidate;
  const winner = choice.candidates.find((c) => isChosen(choice, c));
  const predicted = status === 'not tried' && reason === undefined && isPredicted(candidate);
  if (status !== 'success' && !predicted) return reason ? `${status}: ${reason}` : status;
  const [time, best] = [timeOf(candidate), winner && timeOf(winner)];
  if (time === undefined || !best) return 'can run';
  const ratio = time / best;
  return ratio >= 0.995 && ratio < 1.005 ? 'as fast as the chosen one' : `${predicted ? '≈ ' : ''}${Number(ratio.toPrecision(3))}× as long`;
}

/** How the times were taken and on what, in sentences; one a kind of clock and adapter. */
export function describeClock(choices: readonly AlgorithmChoice[]): string[] {
  const sentences = new Set(choices.map((c) => clockSentence(c)));
  if (choices.some((c) => c.software)) sentences.add('This is a software adapter: its times say nothing about a GPU.');
  if (choices.some((c) => c.candidates.some(isPredicted))) sentences.add('≈ marks a time that a model of the adapter predicts.');
  if (choices.some((c) => c.source === 'heuristic')) sentences.add('With torch.backends.cudnn.benchmark = true the algorithms are measured instead.');
  return [...sentences];
}

function clockSentence({ clock, adapter, source, candidates }: AlgorithmChoice): string {
  if (source === 'cpu reference') return 'The cpu reference has one algorithm, plain loops, and nothing to choose.';
  if (!clock || candidates.every((c) => c.timeMs === undefined)) return `On ${adapter}; nothing was measured.`;
  const how = clock.kind === 'timestamp-query' ? 'timestamp queries' : 'the wall clock';
  const step = clock.quantumNs >= 1000 ? `${Number((clock.quantumNs / 1000).toPrecision(3))} µs` : `${clock.quantumNs} ns`;
  return `Measured on ${adapter} by ${how} in steps of ${step}: the mean of the fastest quarter of the samples, ± half their interquartile range. Max error is against a float64 reference, in units of its rms.`;
}
