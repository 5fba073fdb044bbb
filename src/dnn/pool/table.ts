/**
 * @file The tables of the pooling's algorithms; a name that is missing here is a compile error.
 */
import type { PoolAlgorithm } from './algorithm.ts';
import type { PoolDescriptor } from './descriptor.ts';
import { direct } from './direct.ts';
import { gather } from './gather.ts';
import { scatter } from './scatter.ts';
import { sliding } from './sliding.ts';
import { tiles } from './tiles.ts';
import { workgroup } from './workgroup.ts';

export type PoolForwardName = 'DIRECT' | 'SLIDING' | 'WORKGROUP';
export type PoolBackwardName = 'GATHER' | 'TILES' | 'SCATTER';

const poolForward: Record<PoolForwardName, PoolAlgorithm> = { DIRECT: direct, SLIDING: sliding, WORKGROUP: workgroup };
const poolBackward: Record<PoolBackwardName, PoolAlgorithm> = { GATHER: gather, TILES: tiles, SCATTER: scatter };

export const poolAlgorithms = (direction: PoolDescriptor['direction']): readonly PoolAlgorithm[] =>
  Object.values(direction === 'forward' ? poolForward : poolBackward);
