/**
 * @file Submits a planned schedule, with buffers lent for the run. Where memory is short, what nobody reaches is freed
 * first.
 */
import { OutOfMemoryError } from '../base/errors.ts';
import type { Copy, Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Node } from '../graph/types.ts';
import { collectGarbage } from './garbage.ts';
import { memoryRecording } from './memory-record.ts';
import type { RunBuffers, Work } from './run-buffers.ts';
import { acquireBuffers } from './run-buffers.ts';
import { PreparedBuffers } from './prepared-buffers.ts';
import { profiling } from './profile.ts';
import type { Values } from './storage.ts';

/** A schedule, and the region's nodes that it computes. */
export interface Submission extends Work {
  readonly targets: readonly Node[];
}

/** A collector takes its time: so often is it asked before memory counts as full. */
const maxCollections = 6;

/**
 * Submits a schedule; the buffers of the targets, in their order. Without memory, it frees what it can and tries again.
 */
export async function submit(device: Device, values: Values, work: Submission): Promise<readonly DeviceBuffer[]> {
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
async function submitOnce(device: Device, values: Values, work: Submission): Promise<readonly DeviceBuffer[]> {
  const { result: outputs, verdict } = device.watch('running a schedule', () => encode(device, values, work));
  if (work.compiled.proven && !verdict.ofNewBuffers) {
    device.tellLater(verdict);
    return outputs;
  }
  const error = await verdict.error;
  if (error) {
    for (const buffer of outputs) device.pool.release(buffer);
    work.compiled.preparation?.result?.release();
    throw error;
  }
  work.compiled.proven = true;
  return outputs;
}

/**
 * The same without waiting for what the driver says, which is told with later work. The nodes have their values then,
 * those of `small` on a shelf.
 */
export function submitAtOnce(device: Device, values: Values, work: Submission, small: ReadonlySet<Node>): void {
  const { targets } = work;
  device.watchAtOnce(() => {
    const outputs = encode(device, values, work, (made) =>
      values.shelve(
        targets.flatMap((node, i) => (small.has(node) ? [{ node, buffer: made[i] }] : [])),
        device,
      ),
    );
    targets.forEach((node, i) => {
      if (small.has(node)) device.pool.release(outputs[i]);
      else values.keep(node, outputs[i], device);
    });
  });
}

/** The buffers of the targets, in their order; `copies` are made from them in the same go. */
function encode(
  device: Device,
  values: Values,
  work: Submission,
  copies: (outputs: readonly DeviceBuffer[]) => readonly Copy[] = () => [],
): readonly DeviceBuffer[] {
  const lent: RunBuffers = { temporary: [], outputs: [] };
  memoryRecording.recorder?.begin(device);
  try {
    const kept = prepared(device, values, work, lent.temporary);
    values.assertions.begin(device, work);
    const buffers = acquireBuffers(device, values, work, kept, lent);
    const { program, schedule } = work.compiled;
    memoryRecording.recorder?.submission(device, schedule, work.region.leaves, work.targets, buffers);
    const times = profiling.recorder?.submission(device, { ...schedule, nodes: work.region.numbers.keys(), buffers });
    device.submit(program, buffers, copies(lent.outputs), times);
    for (const leaf of work.region.leaves) leaf.value!.used = true;
    return lent.outputs;
  } catch (error) {
    for (const buffer of lent.outputs) device.pool.release(buffer);
    throw error;
  } finally {
    for (const buffer of lent.temporary) device.pool.release(buffer);
  }
}

/** What the schedule finds in its kept slots, computed again where a value has changed. */
function prepared(device: Device, values: Values, work: Work, temporary: DeviceBuffer[]): readonly DeviceBuffer[] {
  const { preparation } = work.compiled;
  if (!preparation) return [];
  const from = preparation.leaves.map((leaf) => work.region.leaves[leaf].value!);
  const known = preparation.result?.buffersFor(from);
  if (known) return known;
  preparation.result?.release();
  const lent: RunBuffers = { temporary, outputs: [] };
  const { compiled } = preparation;
  try {
    const buffers = acquireBuffers(device, values, { compiled, region: work.region, targets: [] }, [], lent);
    memoryRecording.recorder?.submission(device, compiled.schedule, work.region.leaves, [], buffers);
    const nodes = work.region.numbers.keys();
    const times = profiling.recorder?.submission(device, { ...compiled.schedule, nodes, buffers, prepares: true });
    device.submit(compiled.program, buffers, [], times);
  } catch (error) {
    for (const buffer of lent.outputs) device.pool.release(buffer);
    throw error;
  }
  preparation.result = new PreparedBuffers(from, lent.outputs, device);
  return lent.outputs;
}
