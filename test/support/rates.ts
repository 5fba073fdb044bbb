/**
 * @file Rates of a made-up adapter, round numbers that a test can reckon with.
 */
import type { Rates } from '../../src/dnn/model/rates.ts';

export const rates: Rates = {
  fma: { f32: 10, f32x4: 5 },
  exponential: 1,
  load: 1,
  load4: 2,
  shared: 4,
  memory: 8,
  barrier: 2,
  move: 0.5,
  launchNs: 1000,
  workgroupNs: 10,
  saturation: 1,
  lanes: 8,
  quantumNs: 1,
};
