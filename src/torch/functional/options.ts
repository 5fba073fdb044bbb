/**
 * @file Options that several functions share: sizes along a line and over a plane.
 */

import type { Pair, Single } from '../signature.ts';
import { p } from '../signature.ts';

export type { Pair, Single };

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

export const single = (value: Single): number => (typeof value === 'number' ? value : value[0]);

/** A size, or both; `null` keeps the input's. */
export type AdaptiveSize = number | readonly [number | null, number | null];

const isSize = (v: unknown): boolean => v === null || Number.isSafeInteger(v);

export const outputSize = p.kind<AdaptiveSize>(
  'a size or a pair of them',
  "a whole number, or [height, width], where null keeps the input's",
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.length === 2 && v.every(isSize)),
)('outputSize');
