/**
 * @file What becomes of the losses of all elements: how a call says it, and how it is done.
 */
import { mean, sum } from '../ops/reduce.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';

export type Reduction = 'none' | 'mean' | 'sum';

export const reduction = p.choice(['none', 'mean', 'sum'])('reduction', 'mean');
/** PyTorch's two older ways to say how to reduce. */
export const [sizeAverage, reduce] = [
  p.refused('sizeAverage', null, "use reduction: 'mean' or 'sum'"),
  p.refused('reduce', null, "use reduction: 'none'"),
];
export const reducing = [sizeAverage, reduce, reduction] as const;

export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'mean') return mean(losses);
  return reduction === 'sum' ? sum(losses) : losses;
}
