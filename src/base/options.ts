/**
 * @file Options, `{ dim: 1 }`: what an object of them is, and how a line shows an argument.
 */
/** Whether a value is an object as programs write it: `{ dim: 1 }`. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** An argument, as far as a line can show it. */
export function shown(value: unknown): string {
  if (isPlain(value)) return `{ ${Object.keys(value).join(', ')} }`;
  if (Array.isArray(value))
    return value.length > 4 ? `an array of ${value.length}` : `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return 'shape' in value ? `a tensor ${String(value.shape)}` : `a ${value.constructor?.name ?? 'object'}`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  return typeof value === 'string' ? `'${value}'` : String(value);
}
