/**
 * @file NestedArray arrays of numbers or booleans, as programs write indices: their shape and their values in a row.
 */

export interface NestedArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Booleans; numbers otherwise. */
  readonly isMask: boolean;
}

/** Whether an array holds numbers and nulls alone: a range. */
export const isFlat = (array: readonly unknown[]): boolean =>
  array.every((item) => item === null || item === undefined || typeof item === 'number');

/**
 * The array's shape and values; `undefined` where its rows differ in length, or it holds anything but numbers alone or
 * booleans alone.
 */
export function nestedIn(array: readonly unknown[]): NestedArray | undefined {
  const shape: number[] = [];
  for (let level: unknown = array; Array.isArray(level); level = (level as readonly unknown[])[0])
    shape.push(level.length);
  const values: unknown[] = [];
  const walk = (level: unknown, depth: number): boolean => {
    if (depth === shape.length) return values.push(level) > 0;
    return Array.isArray(level) && level.length === shape[depth] && level.every((item) => walk(item, depth + 1));
  };
  if (!walk(array, 0)) return undefined;
  const [first] = values;
  if (values.some((v) => typeof v !== typeof first) || !['number', 'boolean', 'undefined'].includes(typeof first))
    return undefined;
  return { shape, values: values.map(Number), isMask: typeof first === 'boolean' };
}
