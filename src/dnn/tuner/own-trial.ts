/**
 * @file What a kernel that a program brought must show before its numbers are looked at: that it ends, that equal
 * inputs give equal bits, and that it stays within its buffers. WebGPU lets nobody read or write beyond a buffer: such
 * a read finds another element, and such a write is dropped or lands elsewhere, which differs by adapter.
 */
import { DeviceLostError, GpuError } from '../../base/errors.ts';
import { boundLoops } from '../../gpu/bounded-loops.ts';
import type { Device } from '../../gpu/device.ts';
import type { Launch } from '../../gpu/kernel.ts';
import { writes } from '../../gpu/kernel.ts';
import { wholeText } from '../../gpu/linker.ts';
import type { DeviceBuffer } from '../../gpu/pool.ts';
import type { Program } from '../../gpu/program.ts';

/** Bytes behind every operand, which a kernel that knows its bounds neither reads nor writes. */
export const bandBytes = 4096;

/** NaN both as one float32 and as two float16. */
export const poison = 0x7fff7fff;

/** A buffer and the same with its band. */
export interface BandedBuffer {
  readonly role: string;
  readonly access: 'read' | 'write';
  readonly exact: DeviceBuffer;
  readonly whole: DeviceBuffer;
}

/** Compiles the text as it was written, so that a complaint has its line and column. */
export async function checkWritten(device: Device, launches: readonly Launch[]): Promise<void> {
  for (const { kernel } of launches)
    if (kernel.written) await device.checkKernel({ ...kernel, written: { ...kernel.written, turns: undefined } });
}

/** Why a kernel does not end; `undefined` where it does. Its first workgroup runs alone before the others do. */
export async function whyEndless(
  device: Device,
  launches: readonly Launch[],
  buffers: readonly DeviceBuffer[],
): Promise<string | undefined> {
  if (!(await goesOn(device, launches, buffers))) return undefined;
  const { name, turns } = launches.find(({ kernel }) => kernel.written)!.kernel.written!;
  return `${name} did not end within ${turns!.toLocaleString('en')} turns of its loops in one invocation`;
}

/**
 * Whether a strange kernel has turns left to go in some invocation when it has had as many as it may. Its first
 * workgroup runs alone before the others do. `fill` gives the buffers their contents before each run.
 */
export async function goesOn(
  device: Device,
  launches: readonly Launch[],
  buffers: readonly DeviceBuffer[],
  fill: () => void = () => {},
): Promise<boolean> {
  const mark = device.pool.allocate(4, 'mark');
  try {
    for (const alone of [true, false]) {
      const program = await bounded(device, launches, buffers.length, alone);
      if (!program) return false;
      await device.guarded('a bounded kernel', () => {
        fill();
        device.clear(mark);
        device.submit(program, [...buffers, mark]);
      });
      const [word] = await device.read([{ buffer: mark, bytes: 4 }]);
      program.destroy();
      if (new Uint32Array(word)[0] !== 0) return true;
    }
    return false;
  } finally {
    device.pool.release(mark);
  }
}

/** `undefined` where the kernel has no loops. */
async function bounded(
  device: Device,
  launches: readonly Launch[],
  mark: number,
  alone: boolean,
): Promise<Program | undefined> {
  const way = (apart: boolean): Launch[] =>
    launches.map((launch) => {
      const { written } = launch.kernel;
      if (!written) return launch;
      const bounds = { turns: written.turns!, mark: launch.bindings.length, apart };
      const whole = wholeText(written);
      const wgsl = boundLoops(whole, bounds);
      if (wgsl === whole) return launch;
      return {
        ...launch,
        kernel: { ...launch.kernel, written: { name: written.name, wgsl } },
        bindings: [...launch.bindings, writes(mark)],
        workgroups: alone ? [1, 1, 1] : launch.workgroups,
      };
    });
  const launched = way(false);
  if (launched.every((launch, i) => launch === launches[i])) return undefined;
  try {
    return await device.prepare(launched);
  } catch (error) {
    if (!(error instanceof GpuError) || error instanceof DeviceLostError) throw error;
    return device.prepare(way(true));
  }
}

/**
 * Why a kernel leaves its buffers; `undefined` where it does not. `run` executes it on buffers and gives the bytes of
 * its output; `output` is what it gave on the exact ones.
 */
export async function whyOutside(
  device: Device,
  operands: readonly BandedBuffer[],
  output: Uint8Array,
  run: (buffers: readonly DeviceBuffer[]) => Promise<Uint8Array>,
): Promise<string | undefined> {
  const written = operands.find(({ access }) => access === 'write')!;
  const found: string[] = [];
  for (const banded of operands) {
    const bytes = await run(operands.map((operand) => (operand === banded ? operand.whole : operand.exact)));
    if (banded === written) {
      if (await isBandChanged(device, banded)) found.unshift(`it writes beyond the end of ${banded.role}`);
    } else if (!sameBytes(bytes, output)) found.push(`it reads beyond the end of ${banded.role}`);
  }
  return found.length > 0 ? found.join(', and ') : undefined;
}

async function isBandChanged(device: Device, { exact, whole }: BandedBuffer): Promise<boolean> {
  const from = wholeWords(exact.size);
  const [band] = await device.read([{ buffer: whole, offset: from, bytes: whole.size - from }]);
  return new Uint32Array(band).some((word) => word !== poison);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

export const wholeWords = (bytes: number): number => Math.ceil(bytes / 4) * 4;
