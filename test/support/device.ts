/**
 * @file Devices for tests: the software adapters of this machine, opened once each, with the shader files provided.
 */
import { listAdapters, openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { openTestAdapter } from './adapter.ts';

/**
 * Most kernels of a sweep run once, on little: compiling them takes the time, and lavapipe compiles twice as fast
 * without LLVM's optimizations. It looks when it is loaded. Tests that run programs, many times the same kernels, open
 * the engine instead (engine.ts).
 */
process.env.GALLIVM_PERF ??= 'nopt';

/** The fastest software adapter; `name` asks for one. */
export async function openTestDevice(name?: string): Promise<Device> {
  provideShaders(readShaders());
  const { gpu } = name === undefined ? await openTestAdapter() : await openAdapter(name);
  return Device.open(gpu);
}

/** Short names of the software adapters, the fastest first. */
export async function softwareAdapters(): Promise<string[]> {
  return (await listAdapters()).filter((adapter) => adapter.software).map((adapter) => adapter.name);
}
