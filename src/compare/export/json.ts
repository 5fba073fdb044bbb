/**
 * @file JSON of numbers that may be none: an infinite error or a NaN of a loss stays readable, where JSON alone would
 * write null.
 */

export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
    2,
  );
}
