/**
 * @file The torch namespace.
 */
import { engine } from '../compile/engine.ts';
import { recording } from '../graph/record.ts';
import { backward, grad, withGradMode } from './autograd.ts';
import './ops/inplace.ts';
import { flushUpdates } from './tensor.ts';

export { backends, webgpu } from './backends.ts';
export { compile } from './compile.ts';
export { arange, full, ones, rand, randint, randn, randperm, tensor, zeros } from './creation.ts';
export { empty, emptyLike, eye, fullLike, linspace, onesLike, randLike, randintLike, randnLike, zerosLike } from './creation-like.ts';
export { Device, device } from './device.ts';
export * from './operations.ts';
export { Generator, initialSeed, manualSeed } from './random.ts';
export { load, save } from './serialization.ts';
export { Size } from './size.ts';
export * as utils from './utils.ts';
export { Tensor } from './tensor.ts';

/** Runs `body` without recording gradients. */
export const noGrad = <T>(body: () => T): T => withGradMode(false, body);

/** Runs `body` with gradients recorded, inside noGrad too. */
export const enableGrad = <T>(body: () => T): T => withGradMode(true, body);

/** Runs `body` without recording gradients, as noGrad does; here that alone makes it as light as it can be. */
export const inferenceMode = noGrad;

/** Whether operations record gradients at this point. */
export const isGradEnabled = (): boolean => recording.gradMode;

/** Switches the recording of gradients on or off from here on. */
export function setGradEnabled(mode: boolean): void {
  recording.gradMode = mode;
}

export const autograd = { backward, grad };

/** Computes what is pending and resolves when the device is idle. */
export async function sync(): Promise<void> {
  await flushUpdates();
  await engine.idle();
}
