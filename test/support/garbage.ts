/**
 * @file Node's collector, which is hidden unless asked for.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects whatever is unreachable; those who wait to hear of it do so in later turns. */
export const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript's objects that are reachable. */
export function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
