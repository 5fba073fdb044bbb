/**
 * @file Rates of adapters, for tests whose choices must not depend on how busy the machine is when it is probed.
 */
import type { Rates } from '../../src/dnn/model/rates.ts';

/** As `ratesOf` measured them on two cores of a server. */
export const lavapipe: Rates = {
  fma: { f32: 23.7, f32x4: 10.8, f16: 4.84, f16x4: 5.5 },
  exponential: 0.575,
  load: 1.54,
  load4: 2.75,
  shared: 0.362,
  memory: 4.27,
  barrier: 0.088,
  move: 0.192,
  launchNs: 18_000,
  workgroupNs: 220,
  saturation: 1.4,
  lanes: 8,
  quantumNs: 70,
};

/** Of a made-up adapter: round numbers that a test can reckon with. */
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
