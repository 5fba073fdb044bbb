/**
 * @file Submits a planned schedule, with buffers lent for the run. Where memory is short, what nobody reaches is freed first.
 */
import { OutOfMemoryError } from '../base/errors.ts';
import type { Device, Verdict } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Node } from '../graph/types.ts';
import { collectGarbage } from './garbage.ts';
import type { Lent } from './lend.ts';
import { lend } from './lend.ts';
import type { Compiled } from './schedules.ts';
import type { Values } from './storage.ts';

/** A schedule, and the nodes whose values it reads and computes. */
interface Work {
  readonly compiled: Compiled;
  readonly leaves: readonly Node[];
  readonly targets: readonly Node[];
}

/** A collector takes its time: so often is it asked before memory counts as full. */
const maxCollections = 6;

/** Submits a schedule; the buffers of the targets, in their order. Without memory, it frees what it can and tries again. */
export async function submit(device: Device, values: Values, work: Work): Promise<DeviceBuffer[]> {
  for (let collections = 0; ; collections++) {
    try {
      return await submitOnce(device, values, work);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError) || collections === maxCollections) throw error;
      await collectGarbage();
      device.pool.emptyCache();
    }
  }
}

/** A schedule that has run before is not waited for, as long as it makes no new buffer. */
async function submitOnce(device: Device, values: Values, work: Work): Promise<DeviceBuffer[]> {
  const { outputs, verdict } = encode(device, values, work);
  if (work.compiled.proven && !verdict.ofNewBuffers) {
    device.tellLater(verdict);
    return outputs;
  }
  const error = await verdict.error;
  if (error) {
    for (const buffer of outputs) device.pool.release(buffer);
    throw error;
  }
  work.compiled.proven = true;
  return outputs;
}

/** The same without waiting for the driver's verdict, which is told with later work. */
export function submitAtOnce(device: Device, values: Values, work: Work): DeviceBuffer[] {
  const { outputs, verdict } = encode(device, values, work);
  device.tellLater(verdict);
  return outputs;
}

function encode(
  device: Device,
  values: Values,
  { compiled, leaves, targets }: Work,
): { outputs: DeviceBuffer[]; verdict: Verdict } {
  const lent: Lent = { temporary: [], outputs: [] };
  try {
    const { verdict } = device.watch('running a schedule', () =>
      device.submit(compiled.program, lend(device, values, leaves, targets, compiled, lent)),
    );
    for (const leaf of leaves) leaf.value!.used = true;
    return { outputs: lent.outputs, verdict };
  } catch (error) {
    for (const buffer of lent.outputs) device.pool.release(buffer);
    throw error;
  } finally {
    for (const buffer of lent.temporary) device.pool.release(buffer);
  }
}
