/**
 * @file What the software adapters make of denormals, the numbers between 0 and the smallest normal one: WGSL lets an
 * adapter treat them as 0 wherever it reads or computes one. test/engine/extremes.test.ts finds it so.
 */
export const denormals: Readonly<Record<string, 'kept' | 'treated as 0'>> = {
  lavapipe: 'kept',
  swiftshader: 'treated as 0',
};
