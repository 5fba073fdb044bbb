/**
 * @file What the public functions of this folder work on: the open device, the switches, and the plan cache. Whoever opens a device
 * says so here; there is one for each process or worker.
 */
import { fail } from '../base/errors.ts';
import type { Device } from '../gpu/device.ts';
import { PlanCache } from './cache.ts';

interface Context {
  device: () => Device | undefined;
  /** In memory only, until a host hands in one with a store. */
  cache: PlanCache;
}

export const context: Context = { device: () => undefined, cache: new PlanCache() };

export function openDevice(what: string): Device {
  return context.device() ?? fail(`${what}: there is no WebGPU device; this program runs on the cpu reference, which has no algorithms to choose from`);
}
