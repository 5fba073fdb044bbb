/**
 * @file Submits work where memory may be short. Prepared weights go first, then compiled code computes cheap values
 * again instead of keeping them (passes/recompute.ts); if the plan still has no room, the error has the numbers.
 */
import { OutOfMemoryError } from '../base/errors.ts';
import { formatBytes } from '../base/format.ts';
import { context } from '../dnn/choice/context.ts';
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import { sizeClass } from '../gpu/pool.ts';
import { deviceBytes } from './lower/move.ts';
import { intermediateBytes } from './schedule.ts';
import type { CompiledSchedule, Saving, Schedules } from './schedules.ts';
import type { Values } from './storage.ts';
import type { Submission } from './submit.ts';
import { submit } from './submit.ts';

/** Without prepared weights; with values computed again; the same once more, where others have taken memory since. */
const mostSavings = 3;

/** What has been submitted, and the targets' buffers. */
export async function submitWithin(
  device: Device,
  values: Values,
  wanted: Omit<Submission, 'compiled'>,
  schedules: Schedules,
): Promise<{ readonly work: Submission; readonly outputs: readonly DeviceBuffer[] }> {
  const get = (saving?: Saving): Promise<CompiledSchedule> =>
    schedules.get(device, wanted.region, [...wanted.targets], context.cache, saving);
  let compiled = await get();
  for (let saved = 0; ; saved++) {
    const work = { ...wanted, compiled };
    try {
      return { work, outputs: await submit(device, values, work) };
    } catch (error) {
      if (!(error instanceof OutOfMemoryError) || saved === mostSavings) throw error;
      compiled = await thriftier(work, error, device, get);
    }
  }
}

/** A schedule that takes less memory, or the error that there is none. */
async function thriftier(
  { compiled, region, targets }: Submission,
  error: OutOfMemoryError,
  { pool }: Device,
  get: (saving: Saving) => Promise<CompiledSchedule>,
): Promise<CompiledSchedule> {
  if (compiled.preparation) return get({});
  const limit = pool.maxReserved;
  if (limit === Infinity || !region.order.some((node) => node.compiled !== false)) throw error;
  const missing = region.leaves.filter(({ value }) => !value!.device);
  const others = [...targets, ...missing].reduce((sum, node) => sum + sizeClass(Math.max(4, deviceBytes(node))), 0);
  const room = Math.max(0, limit - pool.stats.allocated - others);
  const next = await get({ room });
  const { thrift } = next.schedule;
  if (!thrift) throw error;
  const needed = intermediateBytes(next.schedule);
  if (needed <= room) return next;
  throw new OutOfMemoryError(
    `out of memory; intermediates of compiled code take ${formatBytes(thrift.before)} at once, and ${formatBytes(needed)} where cheap values are computed again, but the limit of ${formatBytes(limit)} leaves ${formatBytes(room)} for them; use a smaller batch, or raise it by torch.webgpu.setMemoryLimit`,
    { cause: error },
  );
}
