/**
 * @file What the page calls the directions of a problem.
 */
import type { Words } from '../base/words.ts';
import type { Direction } from '../dnn/choice/records.ts';

export const directionWords: Readonly<Record<Direction, Words>> = {
  forward: { en: 'forward', zh: '前向' },
  'backward data': { en: 'backward data', zh: '对数据的反向传播' },
  'backward filter': { en: 'backward filter', zh: '对卷积核的反向传播' },
};
