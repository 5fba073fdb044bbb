/**
 * @file Options that several functions share, and their checks.
 */
import { fail } from '../../base/errors.ts';

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

/** One number, alone or as an array of one: sizes along a line. */
export type Single = number | readonly [number];

export const single = (value: Single): number => (typeof value === 'number' ? value : value[0]);

/** Rejects options that an operation does not know, so that a typing error is no silent default. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) if (!known.includes(name)) fail(`${what}: unknown option ${name}; known are ${known.join(', ')}`);
}
