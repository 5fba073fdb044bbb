/**
 * @file A run in a sentence that can be quoted: which algorithm won the race that takes the most time, by how much, and
 * why by the model's terms. Each number says whether it was measured or is the model's.
 */
import { counted, formatDuration, formatError } from '../base/format.ts';
import type { AlgorithmChoice, Candidate, Standing } from '../dnn/choice/records.ts';
import { chosenOf, isPredicted, isUnsteady, reasonOf, verdictOf } from '../dnn/choice/verdict.ts';
import { oneOfEach } from './choices.ts';
import { liveLanes, passOf } from './panes/race/lanes.ts';
import { liveTitle, titleOf } from './panes/race/words.ts';

export interface Headline {
  readonly choice: AlgorithmChoice;
  /** `'conv1: DIRECT, 1.27 ms measured. WINOGRAD is 18% slower. 8 algorithms ran, 2 cannot.'` */
  readonly sentence: string;
  /** What follows from it, and how sure it is. */
  readonly because: string;
}

/** Nothing where a run chose no algorithm. */
export function headlineOf(choices: readonly AlgorithmChoice[]): Headline | undefined {
  const races = passOf(choices).filter(({ choice }) => oneOfEach(choice).length > 1);
  const convolutions = races.filter(({ choice }) => choice.operation === 'conv2d');
  const told = convolutions.length > 0 ? convolutions : races;
  if (told.length === 0) return undefined;
  const { choice } = told.reduce((a, b) => (b.ms > a.ms ? b : a));
  const rival = rivalOf(choice);
  const sentences = [`${titleOf(choice)}: ${timeText(choice)}.`, ...rivalText(choice, rival), countText(choice)];
  return { choice, sentence: sentences.join(' '), because: becauseText(choice, rival) };
}

const fastest = (candidates: readonly Candidate[], of: (c: Candidate) => number | undefined): Candidate | undefined =>
  candidates.filter((c) => of(c) !== undefined).sort((a, b) => of(a)! - of(b)!)[0];

/** A race while it is measured. */
export function liveSentence(standing: Standing): string {
  const [first] = liveLanes(standing);
  const what = liveTitle(standing);
  return first?.timeMs === undefined
    ? `${what}: its algorithms are compiled and verified.`
    : `${what}: ${first.algo} is in front, ${formatDuration(first.timeMs)} so far.`;
}

/** The fastest of the other algorithms: measured ones, or as the model says where nothing was measured. */
function rivalOf(choice: AlgorithmChoice): Candidate | undefined {
  const chosen = chosenOf(choice)!;
  const others = oneOfEach(choice).filter(
    (c) => c.algo !== chosen.algo && (c.status === 'success' || c.status === 'not tried'),
  );
  return fastest(others, chosen.timeMs === undefined ? (c) => c.predictedMs : (c) => c.timeMs);
}

function timeText(choice: AlgorithmChoice): string {
  const chosen = chosenOf(choice)!;
  const forced = choice.source === 'forced' ? ', forced' : '';
  if (isPredicted(chosen)) return `${chosen.algo}${forced}, ${formatDuration(chosen.predictedMs!)} by the model`;
  if (chosen.timeMs === undefined) return `${chosen.algo}${forced}`;
  const time = isUnsteady(chosen)
    ? `about ${formatDuration(Number(chosen.timeMs.toPrecision(1)))}`
    : formatDuration(chosen.timeMs);
  const when = choice.source === 'cache' ? 'measured before' : 'measured';
  const where = choice.software ? ' on a software adapter' : '';
  return `${chosen.algo}${forced}, ${time} ${when}${where}`;
}

/** `'WINOGRAD is 18% slower.'`; where the times do not tell them apart, that. */
function rivalText(choice: AlgorithmChoice, rival: Candidate | undefined): string[] {
  if (!rival) return [];
  const { text, open, detail } = verdictOf(choice, rival);
  if (open) return [`Not told apart from ${rival.algo}.`];
  if (text.startsWith('fastest')) return [`${rival.algo} is the fastest.`];
  if (rival.behind === undefined && rival.predictedMs === undefined) return [];
  if (text.startsWith('predicted')) return [`The model expects ${rival.algo} ${text.slice('predicted '.length)}.`];
  return [`${rival.algo} is ${text}${detail === 'predicted' ? ' by the model' : ''}.`];
}

function countText(choice: AlgorithmChoice): string {
  const all = oneOfEach(choice);
  const count = (is: (c: Candidate) => boolean): number => all.filter(is).length;
  const ran = count(({ status }) => status === 'success');
  const counts = [
    ran > 0 ? `${counted(ran, 'algorithm')} ran` : 'Nothing was measured',
    ...part(
      count(({ status }) => status === 'disqualified'),
      'gave wrong numbers',
    ),
    ...part(
      count(({ status }) => status === 'failed'),
      'failed',
    ),
    ...part(ran > 0 ? count(({ status }) => status === 'not tried') : 0, 'not tried'),
    ...part(
      count(({ status }) => status === 'not supported'),
      'cannot',
    ),
  ];
  return `${counts.join(', ')}.`;
}

const part = (n: number, what: string): string[] => (n > 0 ? [`${n} ${what}`] : []);

function becauseText(choice: AlgorithmChoice, rival: Candidate | undefined): string {
  const chosen = chosenOf(choice)!;
  const { maxError, tolerance } = chosen;
  const checked =
    maxError === undefined || tolerance === undefined
      ? []
      : [`Agrees with float64: error ${formatError(maxError)}, ${formatError(tolerance)} allowed.`];
  const reason = rival && reasonOf(chosen, rival);
  return [...(reason === undefined ? [] : [reason]), ...checked].join(' ');
}
