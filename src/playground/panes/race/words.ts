/**
 * @file What the race calls a problem and how a candidate computes.
 */
import type { Words } from '../../../base/words.ts';
import { alike } from '../../../base/words.ts';
import type { AlgorithmChoice, Candidate, MathType, Standing } from '../../../dnn/choice/records.ts';
import { spreadText } from '../../../dnn/choice/verdict.ts';
import { directionWords } from '../../directions.ts';
import { language, say } from '../../language.ts';

/** `'conv1'`, `'layer 0, backward data'`; of a problem without a layer, its operation. */
export function titleOf({ layer, operation, direction }: AlgorithmChoice): string {
  const { en, zh } =
    layer === undefined
      ? alike(operation)
      : /^\d/.test(layer)
        ? { en: `layer ${layer}`, zh: `第 ${layer} 层` }
        : alike(layer);
  if (direction === 'forward') return say({ en, zh });
  return say({ en: `${en}, ${directionWords[direction].en}`, zh: `${zh}，${directionWords[direction].zh}` });
}

/** Of a race that is under way. */
export const liveTitle = ({ operation, background }: Standing): string =>
  background
    ? say({ en: `Measuring ${operation} in the background`, zh: `正在后台测量 ${operation}` })
    : say({ en: `Measuring ${operation}`, zh: `正在测量 ${operation}` });

const arithmetic: Record<MathType, Words> = {
  FMA: alike('float32'),
  HALF: { en: 'float16 storage', zh: 'float16 存储' },
  HALF_ARITHMETIC: alike('float16'),
};

const determinisms: Record<Candidate['determinism'], Words> = {
  deterministic: { en: 'deterministic', zh: '确定性' },
  'non-deterministic': { en: 'non-deterministic', zh: '非确定性' },
};

/** `'float32, deterministic'`. */
export const arithmeticText = ({ mathType, determinism, spreads }: Candidate): string =>
  [
    say(arithmetic[mathType]),
    say(determinisms[determinism]),
    ...(spreads ? [spreadText(spreads, language.value)] : []),
  ].join(say({ en: ', ', zh: '，' }));
