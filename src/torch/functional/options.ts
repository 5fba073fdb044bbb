/**
 * @file Options that several functions share: sizes along a line and over a plane.
 */

import type { Pair, Single } from '../signature.ts';

export type { Pair, Single };

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

export const single = (value: Single): number => (typeof value === 'number' ? value : value[0]);
