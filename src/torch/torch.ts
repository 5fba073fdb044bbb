/**
 * @file The torch namespace.
 */
import { withOptions } from '../base/options.ts';
import { engine } from '../compile/engine.ts';
import { recordingNow, recordingThrough } from '../graph/recording.ts';
import { backward, grad } from './autograd.ts';
import * as creation from './creation.ts';
import * as likenesses from './creation-like.ts';
import './ops/inplace.ts';
import * as random from './random.ts';
import * as sampling from './sampling.ts';
import * as serialization from './serialization.ts';
import { flushUpdates } from './tensor.ts';

export { backends, webgpu } from './backends.ts';
export { compile } from './compile.ts';
export { Device, device } from './device.ts';
export * as nn from './nn/index.ts';
export * from './operations.ts';
export * as optim from './optim/index.ts';
export { Generator } from './random.ts';
export { save } from './serialization.ts';
export { Size } from './size.ts';
export * as utils from './utils.ts';
export { Tensor } from './tensor.ts';

const of = ['dtype', 'device', 'requiresGrad'];
const drawn = [...of, 'generator'];
export const { arange, full, ones, rand, randint, randn, randperm, tensor, zeros } = withOptions(creation, {
  arange: of, full: of, ones: of, rand: drawn, randint: drawn, randn: drawn, randperm: drawn, tensor: [...of, 'shape'], zeros: of,
});
export const { empty, emptyLike, eye, fullLike, linspace, onesLike, randLike, randintLike, randnLike, zerosLike } = withOptions(likenesses, {
  empty: of, emptyLike: of, eye: of, fullLike: of, linspace: of, onesLike: of, randLike: drawn, randintLike: drawn, randnLike: drawn, zerosLike: of,
});

export const { initialSeed, manualSeed } = withOptions(random);

export const { multinomial } = sampling.called;
export const { normal } = withOptions(sampling, { normal: drawn });

export const { load } = withOptions(serialization, { load: ['device'] });

/** dtypes by name: `torch.float32` is `'float32'`. PyTorch's `long` is of 64 bits; here, as on the device, the widest integer has 32. */
export const float32 = 'float32';
export const float = float32;
export const float16 = 'float16';
export const half = float16;
export const int32 = 'int32';
export const int = int32;
export const long = int32;
export const int8 = 'int8';
export const uint8 = 'uint8';
export const bool = 'bool';

/** Runs `body` without recording gradients; where it is async, until its promise settles, and for what it does alone. */
export const noGrad = <T>(body: () => T): T => recordingThrough('noGrad', { gradMode: false }, body);

/** Runs `body` with gradients recorded, inside noGrad too. */
export const enableGrad = <T>(body: () => T): T => recordingThrough('enableGrad', { gradMode: true }, body);

/** Runs `body` without recording gradients, as noGrad does; here that alone makes it as light as it can be. */
export const inferenceMode = <T>(body: () => T): T => recordingThrough('inferenceMode', { gradMode: false }, body);

/** Whether operations record gradients at this point. */
export const isGradEnabled = (): boolean => recordingNow().gradMode;

/** Switches the recording of gradients on or off from here on. */
export function setGradEnabled(mode: boolean): void {
  recordingNow().gradMode = mode;
}

export const autograd = withOptions({ backward, grad }, { backward: ['retainGraph', 'createGraph'], grad: ['gradOutputs', 'retainGraph', 'createGraph', 'allowUnused'] });

/** Computes what is pending and resolves when the device is idle. */
export async function sync(): Promise<void> {
  await flushUpdates();
  await engine.idle();
}
