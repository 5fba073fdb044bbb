/**
 * @file torch.backends.cudnn and torch.webgpu: switches and the state of the device.
 */
import { fail } from '../base/errors.ts';
import { wudnnVersion } from '../base/version.ts';
import { engine } from '../compile/engine.ts';
import type { MemoryStats } from '../compile/engine.ts';
import type { CudnnSettings } from '../dnn/choice/settings.ts';
import { checkSetting } from '../dnn/choice/settings.ts';

const [major, minor, patch] = wudnnVersion.split('.').map(Number);
/** This library's version as `torch.backends.cudnn.version()` writes cuDNN's: 10000 · major + 100 · minor + patch. */
const version = 10_000 * major + 100 * minor + patch;

export const backends = {
  /** The switches of algorithm choice, with PyTorch's meaning; `benchmark = true` measures each new shape. */
  cudnn: checked(
    Object.assign(engine.settings, {
      /** Whether there is a device whose convolutions have algorithms to choose from. */
      isAvailable: (): boolean => engine.available,
      /** wuDNN's own version, for there is no cuDNN here; `null` without a device, as PyTorch's is without cuDNN. */
      version: (): number | null => (engine.available ? version : null),
    }),
  ),
};

/** Switches that the program cannot change. */
let fixed: Partial<CudnnSettings> = {};

/** Sets switches of cudnn for whoever runs the program; until the next call the program cannot change them. */
export function fixSwitches(switches: Partial<CudnnSettings>): void {
  fixed = switches;
  Object.assign(engine.settings, switches);
}

/** Refuses values that a switch cannot have, and leaves those alone that whoever runs the program has fixed. */
function checked<T extends object>(switches: T): T {
  return new Proxy(switches, {
    set(target, name, value) {
      checkSetting(String(name), value);
      if (Object.hasOwn(fixed, name)) return true;
      return Reflect.set(target, name, value);
    },
  });
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

export const webgpu = {
  /** Whether this machine has WebGPU. A device that was lost is opened anew by the next computation. */
  isAvailable: (): boolean => engine.available,
  /** The adapter's description. */
  getDeviceName: (): string => engine.device?.adapter.description ?? 'no device',
  /** Bytes of device memory in use. */
  memoryAllocated: (): number => engine.memory.allocated,
  /** The most that was in use since the last reset. */
  maxMemoryAllocated: (): number => engine.memory.maxAllocated,
  /** Bytes of device memory held, in use or kept for reuse. */
  memoryReserved: (): number => engine.memory.reserved,
  memoryStats: (): MemoryStats => engine.memory,
  /** Begins the count of `maxMemoryAllocated` anew. */
  resetPeakMemoryStats: (): void => engine.device?.pool.resetPeak(),
  /** Gives memory that is kept for reuse back to the device. */
  emptyCache: (): void => engine.device?.pool.emptyCache(),

  /**
   * Sets how many bytes may be reserved in all; beyond, a computation fails as on a device that has no more. `Infinity`
   * is no limit. Compiled code that has no room computes cheap values again instead of keeping them.
   */
  setMemoryLimit(bytes: number): void {
    if (!(bytes > 0)) fail(`setMemoryLimit: ${bytes} is not a number of bytes above 0; Infinity sets no limit`);
    engine.memoryLimit = bytes;
  },

  /** The state of the memory as a table, for people. */
  memorySummary(): string {
    const { allocated, maxAllocated, reserved, buffers } = engine.memory;
    const rows = [
      ['in use', mebibytes(allocated)],
      ['most in use', mebibytes(maxAllocated)],
      ['reserved', mebibytes(reserved)],
      ['kept for reuse', mebibytes(reserved - allocated)],
      ['buffers in use', String(buffers)],
      ['limit', engine.memoryLimit === Infinity ? 'none' : mebibytes(engine.memoryLimit)],
    ];
    return [
      `memory of ${webgpu.getDeviceName()}`,
      ...rows.map(([name, value]) => `  ${name.padEnd(16)} ${value.padStart(12)}`),
    ].join('\n');
  },
};
