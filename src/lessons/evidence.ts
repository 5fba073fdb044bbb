/**
 * @file What checks read from a run. Whatever a changed program no longer makes is told as missing.
 */
import { formatDuration } from '../base/format.ts';
import type { Words } from '../base/words.ts';
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';
import { chosenOf, isPredicted, shareText } from '../dnn/choice/verdict.ts';
import type { OutputSummary } from '../session/protocol.ts';
import type { Basis, Evidence } from './lesson.ts';
import { MissingEvidence } from './lesson.ts';

const missing = (what: string): MissingEvidence =>
  new MissingEvidence({
    en: `The run has no ${what}, which the lesson's program makes. Reset the program and run it again.`,
    zh: `本次运行缺少 ${what}，而原课程程序会产生它。请重置程序后再运行。`,
  });

/** An exported tensor by its name. */
export function outputOf({ outputs }: Evidence, name: string): OutputSummary {
  const found = outputs.find((output) => output.name === name);
  if (!found) throw missing(`export \`${name}\``);
  return found;
}

/** The numbers of an exported tensor of at most 64; at least `least` of them. */
export function numbersOf(evidence: Evidence, name: string, least = 1): readonly number[] {
  const { head } = outputOf(evidence, name);
  if (head.length < least) throw missing(`${least} numbers in \`${name}\``);
  return head;
}

/** The choice for a layer, by the last part of its path. */
export function choiceFor({ choices }: Evidence, layer: string): AlgorithmChoice {
  const found = choices.find(
    (choice) =>
      choice.operation === 'conv2d' &&
      (choice.layer ?? '').split(/,\s*/).some((path) => path === layer || path.endsWith(`.${layer}`)),
  );
  if (!found) throw missing(`convolution \`${layer}\``);
  return found;
}

/** The candidate that ran. */
export function ranIn(choice: AlgorithmChoice): Candidate {
  const found = chosenOf(choice);
  if (!found) throw missing(`chosen candidate for \`${choice.layer ?? choice.descriptor}\``);
  return found;
}

/** The best of an algorithm's candidates: the one that ran, or the first, since they are ranked. */
export const bestOf = (choice: AlgorithmChoice, algo: string): Candidate | undefined =>
  choice.candidates.find((c) => c.algo === algo && c.candidateId === choice.candidateId) ??
  choice.candidates.find((c) => c.algo === algo);

/** The time of a candidate, measured or of the model. */
export function timeOf(candidate: Candidate | undefined): { readonly ms: number; readonly by: Basis } | undefined {
  if (candidate?.timeMs !== undefined) return { ms: candidate.timeMs, by: 'measured' };
  return candidate?.predictedMs === undefined ? undefined : { ms: candidate.predictedMs, by: 'modelled' };
}

/** What the times of choices are: one modelled time makes a comparison a modelled one. */
export const basisOf = (candidates: readonly Candidate[]): Basis =>
  candidates.some((c) => isPredicted(c)) ? 'modelled' : 'measured';

/** How sure a candidate's distance from the winner is: whether it is behind, ahead of nothing, or not told apart. */
export const isApart = ({ behind }: Candidate): boolean => behind !== undefined && behind.interval[0] > 0;

/** `'DIRECT 8×8'`. */
export const nameOf = ({ algo, config }: Candidate): string => [algo, config].filter(Boolean).join(' ');

/** A duration in both languages. */
export const time = (ms: number): string => formatDuration(ms);

/** `'18% slower'`, `'12× slower'`. */
export const slowerBy = (share: number): Words => ({
  en: `${shareText(share)} slower`,
  zh: shareText(share).endsWith('×') ? `耗时约为其 ${shareText(share)}` : `慢 ${shareText(share)}`,
});

/** How many times one is another, to two digits: `'2.3×'`. */
export const times = (ratio: number): string => `${Number(ratio.toPrecision(2)).toLocaleString('en')}×`;

/** Algorithms, each once, in order. */
export const algosOf = (candidates: readonly Candidate[]): string[] => [...new Set(candidates.map(({ algo }) => algo))];

/** The forward convolutions of a run. */
export const convolutions = ({ choices }: Evidence): readonly AlgorithmChoice[] =>
  choices.filter(({ operation, direction }) => operation === 'conv2d' && direction === 'forward');

interface Sizes {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
  readonly R: number;
  readonly S: number;
  readonly P: number;
  readonly Q: number;
}

/** The sizes in a descriptor's line, `'1×16×32×32 * 32×16×3×3, stride 1, padding 1, float32'`. */
export function sizesOf({ descriptor }: AlgorithmChoice): Sizes {
  const found = /^(\d+)×(\d+)×(\d+)×(\d+) \* (\d+)×\d+×(\d+)×(\d+)/.exec(descriptor);
  if (!found) throw missing(`sizes in \`${descriptor}\``);
  const [N, C, H, W, K, R, S] = found.slice(1).map(Number);
  const [strideH, strideW] = pairIn(descriptor, 'stride', 1);
  const [padH, padW] = pairIn(descriptor, 'padding', 0);
  const [dilationH, dilationW] = pairIn(descriptor, 'dilation', 1);
  const P = Math.floor((H + 2 * padH - dilationH * (R - 1) - 1) / strideH) + 1;
  const Q = Math.floor((W + 2 * padW - dilationW * (S - 1) - 1) / strideW) + 1;
  return { N, C, H, W, K, R, S, P, Q };
}

/** `'stride 2'` or `'stride 2×1'`. */
function pairIn(descriptor: string, name: string, usual: number): readonly [number, number] {
  const found = new RegExp(`${name} (\\d+)(?:×(\\d+))?`).exec(descriptor);
  const first = found ? Number(found[1]) : usual;
  return [first, found?.[2] === undefined ? first : Number(found[2])];
}

/** The least workspace, in bytes, with which an algorithm can run a problem; nothing where it cannot. */
export function leastMemory({ candidates }: AlgorithmChoice, algo: string): number | undefined {
  const able = candidates.filter((c) => c.algo === algo && (c.status === 'success' || c.status === 'not tried'));
  return able.length === 0 ? undefined : Math.min(...able.map(({ memory }) => memory));
}

/** Why an algorithm cannot run a problem; nothing where it can. */
export const refusalOf = ({ candidates }: AlgorithmChoice, algo: string): string | undefined =>
  candidates.find((c) => c.algo === algo && c.status === 'not supported')?.reason;
