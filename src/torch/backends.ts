/**
 * @file torch.backends.cudnn and torch.webgpu: switches and the state of the device.
 */
import { engine } from '../compile/engine.ts';
import type { MemoryStats } from '../gpu/pool.ts';

export const backends = {
  /** The switches of algorithm choice, with PyTorch's meaning; `benchmark = true` measures each new shape. */
  cudnn: engine.settings,
};

export const webgpu = {
  /** Whether a WebGPU device is open. */
  isAvailable: (): boolean => engine.device !== undefined,
  /** The adapter's description. */
  getDeviceName: (): string => engine.device?.adapter.description ?? 'no device',
  /** Bytes of device memory in use. */
  memoryAllocated: (): number => engine.memory.allocated,
  /** The most that was in use since the last reset. */
  maxMemoryAllocated: (): number => engine.memory.maxAllocated,
  /** Bytes of device memory held, in use or kept for reuse. */
  memoryReserved: (): number => engine.memory.reserved,
  memoryStats: (): MemoryStats => engine.memory,
  /** Gives memory that is kept for reuse back to the device. */
  emptyCache: (): void => engine.device?.pool.emptyCache(),
};
