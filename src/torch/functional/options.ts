/**
 * @file Options that several functions share: sizes along a line and over a plane.
 */

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

/** One number, alone or as an array of one: sizes along a line. */
export type Single = number | readonly [number];

export const single = (value: Single): number => (typeof value === 'number' ? value : value[0]);
