/**
 * @file What the software adapters make of denormals, the numbers between 0 and the smallest normal one: WGSL lets an adapter take them for
 * 0 wherever it reads or computes one. test/engine/extremes.test.ts finds it so.
 */
export const denormals: Readonly<Record<string, 'kept' | 'taken for 0'>> = {
  lavapipe: 'kept',
  swiftshader: 'taken for 0',
};
