/**
 * @file How an edited kernel did, in words.
 */
import { formatDuration, formatError, formatNumber } from '../../../base/format.ts';
import type { KernelTrial } from '../../../compile/compilation.ts';
import { shareText, slowerText } from '../../../dnn/choice/verdict.ts';

/** With fewer common rounds it may be chance that one was faster in all of them. */
const enough = 8;

/** `'17% slower: 1.5 ms against 1.28 ms, 24 samples each.'` */
export function speedText({ shipped, edited, behind }: KernelTrial): string | undefined {
  if (!shipped || !edited) return undefined;
  const counts = [edited.samplesMs.length, shipped.samplesMs.length];
  const samples = counts[0] === counts[1] ? `${counts[0]} samples each` : `${counts.join(' and ')} samples`;
  const times = `${formatDuration(edited.medianMs)} against ${formatDuration(shipped.medianMs)}, ${samples}.`;
  if (!behind || behind.rounds < enough) return `Too few samples to tell them apart: ${times}`;
  const [low, high] = behind.interval;
  if (low <= 0 && high >= 0) return `As fast as the shipped one, as far as can be told: ${times}`;
  const { slower } = behind;
  return slower > 0 ? `${slowerText(slower)}: ${times}` : `${shareText(-slower)} faster: ${times}`;
}

/** Whether its numbers are right, and by what that is known. */
export function valuesText({ ok, reason, comparedWith, maxError = 0, tolerance = 0 }: KernelTrial): string {
  if (!ok) return reason ?? 'it does not compile';
  const what = comparedWith === 'float64 reference' ? 'the float64 reference' : 'the shipped kernel';
  if (maxError === 0) return `Same values as ${what}.`;
  return `Agrees with ${what}: error ${formatError(maxError)}, ${formatError(tolerance)} allowed.`;
}

/** The first output that is wrong, as terms and values. */
export function wrongFacts({ firstDifference: wrong }: KernelTrial): readonly (readonly [string, string])[] {
  if (!wrong) return [];
  return [
    ['first wrong output', wrong.place],
    ['expected', formatNumber(wrong.expected)],
    ['got', formatNumber(wrong.got)],
    ...(wrong.reads === undefined ? [] : [['the sum over', wrong.reads] as const]),
  ];
}
