/**
 * @file Runs launches on uploaded inputs and poisoned outputs, and reads the outputs back as doubles.
 */
import type { DType } from '../../src/base/dtype.ts';
import { decode, dtypes, encode } from '../../src/base/dtype.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Launch } from '../../src/gpu/kernel.ts';
import type { DeviceBuffer } from '../../src/gpu/pool.ts';
import { poisoned, readGuarded } from './poison.ts';

export interface Input {
  readonly data: Float64Array;
  readonly dtype: DType;
}

export interface Output {
  readonly length: number;
  readonly dtype: DType;
}

export interface Job {
  readonly what: string;
  /** Slots 0…, in order. */
  readonly inputs: readonly Input[];
  /** The slots behind the inputs. */
  readonly outputs: readonly Output[];
  /** The slots behind the outputs, in bytes. */
  readonly workspace?: readonly number[];
  readonly launches: readonly Launch[];
}

/** The outputs; throws where a kernel wrote beyond an output or a part of the workspace. */
export async function runJob(device: Device, job: Job): Promise<Float64Array[]> {
  const inputs = job.inputs.map(({ data, dtype }) => uploaded(device, dtype, data));
  const outputs = job.outputs.map(({ length, dtype }) => poisoned(device, length * dtypes[dtype].deviceBytes));
  const workspace = (job.workspace ?? []).map((bytes) => poisoned(device, bytes));
  const buffers = [...inputs, ...outputs.map((o) => o.buffer), ...workspace.map((o) => o.buffer)];
  try {
    const program = await device.prepare(job.launches);
    await device.guarded(job.what, () => device.submit(program, buffers));
    const results: Float64Array[] = [];
    for (const [i, output] of outputs.entries()) {
      const bytes = await readGuarded(device, `${job.what}, output ${i}`, output);
      results.push(numbersOf(job.outputs[i].dtype, bytes));
    }
    for (const [i, part] of workspace.entries()) await readGuarded(device, `${job.what}, workspace ${i}`, part);
    program.destroy();
    return results;
  } finally {
    for (const buffer of buffers) device.pool.release(buffer);
  }
}

/** Numbers as the dtype stores them. */
export const rounded = (dtype: DType, values: Float64Array): Float64Array => decode(dtype, encode(dtype, values));

function uploaded(device: Device, dtype: DType, values: Float64Array): DeviceBuffer {
  const data = encode(dtype, values);
  const buffer = device.pool.allocate(data.byteLength, 'operand');
  device.upload(buffer, data as ArrayBufferView<ArrayBuffer>);
  return buffer;
}

const numbersOf = (dtype: DType, bytes: ArrayBuffer): Float64Array =>
  decode(dtype, new dtypes[dtype].array(bytes as never));
