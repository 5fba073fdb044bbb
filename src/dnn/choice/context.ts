/**
 * @file What the public functions of this folder work on: the open device, the switches, and the plan cache. Whoever
 * opens a device says so here; there is one for each process or worker.
 */
import { fail } from '../../base/errors.ts';
import type { Device } from '../../gpu/device.ts';
import { PlanCache } from './cache.ts';
import type { Standing } from './records.ts';
import type { Interruption } from '../tuner/rounds.ts';

interface Context {
  device: () => Device | undefined;
  /** In memory only, until a host hands in one with a store. */
  cache: PlanCache;
  /**
   * Why times taken since then (by `performance.now()`) are worth nothing, or `undefined`; the page's host knows when
   * its tab is hidden.
   */
  interruption: Interruption;
  /** Told how a measurement stands, often; whoever shows it takes what it can. */
  onStanding?: (standing: Standing) => void;
}

export const context: Context = { device: () => undefined, cache: new PlanCache(), interruption: () => undefined };

export function openDevice(what: string): Device {
  return (
    context.device() ??
    fail(
      `${what}: there is no WebGPU device; this program runs on the cpu reference, which has no algorithms to choose from`,
    )
  );
}
