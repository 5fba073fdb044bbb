/**
 * @file JSON that keeps NaN and the infinities, and gives them back.
 */

export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { number: String(part) } : part,
  );

export const readJson = (text: string): unknown =>
  JSON.parse(text, (_, part: unknown) => (isTagged(part) ? Number(part.number) : part));

const isTagged = (part: unknown): part is { number: string } =>
  typeof part === 'object' && part !== null && Object.keys(part).join() === 'number';
