/**
 * @file What the race calls a problem and how a candidate computes.
 */
import type { AlgorithmChoice, Candidate, MathType, Standing } from '../../../dnn/choice/records.ts';
import { spreadText } from '../../../dnn/choice/verdict.ts';

/** `'conv1'`, `'layer 0, backward data'`; of a problem without a layer, its operation. */
export function titleOf({ layer, operation, direction }: AlgorithmChoice): string {
  const name = layer === undefined ? operation : /^\d/.test(layer) ? `layer ${layer}` : layer;
  return direction === 'forward' ? name : `${name}, ${direction}`;
}

/** Of a race that is under way. */
export const liveTitle = ({ operation, background }: Standing): string =>
  `Measuring ${operation}${background ? ' in the background' : ''}`;

const arithmetic: Record<MathType, string> = { FMA: 'float32', HALF: 'float16 storage', HALF_ARITHMETIC: 'float16' };

/** `'float32, deterministic'`. */
export const arithmeticText = ({ mathType, determinism, spreads }: Candidate): string =>
  [arithmetic[mathType], determinism, ...(spreads ? [spreadText(spreads)] : [])].join(', ');
