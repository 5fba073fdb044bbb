/**
 * @file The torch namespace.
 */
import { engine } from '../compile/engine.ts';
import { withGradMode } from './autograd.ts';
import { flushUpdates } from './tensor.ts';

export { backends, webgpu } from './backends.ts';
export { compile } from './compile.ts';
export { arange, full, ones, rand, randint, randn, randperm, tensor, zeros } from './creation.ts';
export { Device, device } from './device.ts';
export { matmul } from './ops/matmul.ts';
export * from './ops/pointwise.ts';
export * from './ops/reduce.ts';
export { detach, expand, flatten, permute, reshape, transpose } from './ops/shape.ts';
export { Generator, initialSeed, manualSeed } from './random.ts';
export { Size } from './size.ts';
export { Tensor } from './tensor.ts';

/** Runs `body` without recording gradients. */
export const noGrad = <T>(body: () => T): T => withGradMode(false, body);

/** Runs `body` with gradients recorded, inside noGrad too. */
export const enableGrad = <T>(body: () => T): T => withGradMode(true, body);

/** Computes what is pending and resolves when the device is idle. */
export async function sync(): Promise<void> {
  await flushUpdates();
  await engine.idle();
}
