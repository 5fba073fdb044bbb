/**
 * @file What the race shows of choices: which lanes, which bars, and what the clock can tell.
 */
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';
import { isChosen, isPredicted } from '../dnn/choice/verdict.ts';

/**
 * One candidate of each algorithm, and of each that leaves the end of a fused group unfused: the one that ran, else the
 * first, hence best ranked.
 */
export function oneOfEach(choice: AlgorithmChoice): Candidate[] {
  const { candidates } = choice;
  const alike = (a: Candidate, b: Candidate): boolean => a.algo === b.algo && a.unfused === b.unfused;
  const first = candidates.filter((c, i) => candidates.findIndex((other) => alike(c, other)) === i);
  const ran = candidates.find((c) => isChosen(choice, c));
  return first.map((c) => (ran && alike(c, ran) ? ran : c));
}

/**
 * The times that are shown of a choice's candidates: measured ones, or predicted ones where nothing was measured; never
 * both beside each other.
 */
export function shownTimes(candidates: readonly Candidate[]): (number | undefined)[] {
  const measured = candidates.some((c) => c.timeMs !== undefined);
  return candidates.map((c) => (measured ? c.timeMs : c.predictedMs));
}

/** How the times were taken and on what, in sentences; one a kind of clock and adapter. */
export function describeClock(choices: readonly AlgorithmChoice[]): string[] {
  const sentences = new Set(choices.map((c) => clockSentence(c)));
  if (choices.some((c) => c.software)) sentences.add('This is a software adapter: its times say nothing about a GPU.');
  if (choices.some((c) => c.candidates.every(({ timeMs }) => timeMs === undefined) && c.candidates.some(isPredicted)))
    sentences.add('≈ marks a time predicted by a model of the adapter.');
  if (choices.some(isUnmeasured)) sentences.add('Set torch.backends.cudnn.benchmark = true to measure instead.');
  return [...sentences];
}

function clockSentence({ clock, adapter, source, candidates }: AlgorithmChoice): string {
  if (source === 'cpu reference')
    return 'The cpu reference has one algorithm: plain loops. There is nothing to choose.';
  if (!clock || candidates.every((c) => c.timeMs === undefined)) return `On ${adapter}; nothing was measured.`;
  const how = clock.kind === 'timestamp-query' ? 'timestamp queries' : 'the wall clock';
  const step =
    clock.quantumNs >= 1000 ? `${Number((clock.quantumNs / 1000).toPrecision(3))} µs` : `${clock.quantumNs} ns`;
  return `Measured on ${adapter} by ${how} in steps of ${step}. The chosen algorithm's time is the mean of the fastest quarter of its samples, ± half their interquartile range. Each other time is that, multiplied by how much slower the algorithm was in the rounds that both ran, which is what decides. Max error is the error against a float64 reference, relative to its rms.`;
}

/**
 * Whether a choice would be measured if `benchmark` were on; where measuring was broken off, it is, and the candidates
 * say why.
 */
const isUnmeasured = ({ source, candidates }: AlgorithmChoice): boolean =>
  source === 'heuristic' &&
  candidates.every(
    ({ status, timeMs, reason }) => status === 'not supported' || (timeMs === undefined && reason === undefined),
  );
