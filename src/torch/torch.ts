/**
 * @file The torch namespace.
 */
import { engine } from '../compile/engine.ts';
import { obstacle } from '../graph/capture.ts';
import { recordingNow, recordingThrough } from '../graph/recording.ts';
import { autocast } from './amp.ts';
import * as gradients from './autograd.ts';
import './ops/inplace.ts';
import './ops/tensor-methods.ts';
import { compiler } from './compiler/explain.ts';
import { knowFunctions } from './compiler/library-functions.ts';
import { fn, p } from './signature.ts';
import { Tensor, flushUpdates } from './tensor.ts';

export { backends, webgpu } from './backends.ts';
export { compile } from './compiler/compile.ts';
export { compiler };
export { Device, device } from './device.ts';
export * as amp from './amp.ts';
export { autocast } from './amp.ts';
export * as nn from './nn/index.ts';
export * from './operations.ts';
export * as optim from './optim/index.ts';
export * as profiler from './profiler.ts';
export { Generator } from './random.ts';
export { load, save } from './serialization.ts';
export { Size } from './size.ts';
export { canCast, finfo, iinfo, promoteTypes, resultType } from './type-info.ts';
export * as utils from './utils.ts';
export { Tensor };

export { arange, empty, eye, full, linspace, ones, rand, randint, randn, randperm, tensor, zeros } from './creation.ts';
export { emptyLike, fullLike, onesLike, randLike, randintLike, randnLike, zerosLike } from './creation-like.ts';
export { initialSeed, manualSeed } from './random.ts';
export { multinomial, normal } from './sampling.ts';

/**
 * dtypes by name: `torch.float32` is `'float32'`. PyTorch's `long` is of 64 bits; here, as on the device, the widest
 * integer has 32.
 */
export const float32 = 'float32';
export const float = float32;
export const float16 = 'float16';
export const half = float16;
export const bfloat16 = 'bfloat16';
export const int64 = 'int64';
export const long = int64;
export const int32 = 'int32';
export const int = int32;
export const int8 = 'int8';
export const uint8 = 'uint8';
export const bool = 'bool';

const isTensor = (v: unknown): v is Tensor => v instanceof Tensor;

/** What runs a body in another mode gives what the body gives. */
type Within = <T>(body: () => T) => T;
const within = (name: string, what: string, gradMode: boolean): Within =>
  fn(name, [p.callback('body')], (body): unknown => recordingThrough(what, { gradMode }, body)) as unknown as Within;

/**
 * Runs `body` without recording gradients; where it is async, until its promise settles, and for what it does alone.
 */
export const noGrad = within('ours.no_grad', 'noGrad', false);
/** Runs `body` with gradients recorded, inside noGrad too. */
export const enableGrad = within('ours.enable_grad', 'enableGrad', true);
/** Runs `body` without recording gradients, as noGrad does; there is nothing more to gain from it here. */
export const inferenceMode = within('ours.inference_mode', 'inferenceMode', false);

/** Whether autocast is on at this point, for a device where one is named. */
export const isAutocastEnabled = fn(
  'torch.is_autocast_enabled',
  [p.choice(['webgpu', 'cpu'])('deviceType', null)],
  (deviceType): boolean => {
    const now = recordingNow().autocast;
    return now !== undefined && (deviceType === null || now.device === deviceType);
  },
);

/** Whether operations record gradients at this point. */
export const isGradEnabled = fn('torch.is_grad_enabled', [], (): boolean => recordingNow().gradMode);

knowFunctions({
  autocast,
  noGrad,
  enableGrad,
  inferenceMode,
  isAutocastEnabled,
  isGradEnabled,
  isCompiling: compiler.isCompiling,
});

/** Switches the recording of gradients on or off from here on. */
export const setGradEnabled = fn('torch.set_grad_enabled', [p.flag('mode')], (mode): void => {
  obstacle('switches the recording of gradients');
  recordingNow().gradMode = mode;
});

const some = p.kind<Tensor | readonly (Tensor | null)[]>(
  'a tensor or an array of them',
  'one of these',
  (v) => isTensor(v) || (Array.isArray(v) && v.every((item) => item === null || isTensor(item))),
);
const graph = [p.flag('retainGraph', null), p.flag('createGraph', false)] as const;
const listed = <T extends Tensor | null>(given: Tensor | readonly T[] | null): (Tensor | T)[] =>
  given === null ? [] : isTensor(given) ? [given] : [...given];

export const autograd = {
  /** Accumulates the gradients of several tensors into the leaves that they were computed from. */
  backward: fn(
    'torch.autograd.backward',
    [
      some('tensors'),
      some('gradTensors', null),
      ...graph,
      p.refused('gradVariables', null, 'it is gradTensors'),
      p.refused('inputs', null, 'use torch.autograd.grad'),
    ],
    (tensors, gradTensors, retainGraph, createGraph): void =>
      gradients.backward(listed(tensors) as Tensor[], listed(gradTensors), {
        retainGraph: retainGraph ?? undefined,
        createGraph,
      }),
  ),
  /** The gradients of outputs by inputs, without touching anybody's `grad`. */
  grad: fn(
    'torch.autograd.grad',
    [
      some('outputs'),
      some('inputs'),
      some('gradOutputs', null),
      ...graph,
      p.refused('onlyInputs', true, 'gradients of others are not accumulated'),
      p.flag('allowUnused', null),
      p.refused('isGradsBatched', false, 'call it for each gradient'),
      p.refused('materializeGrads', false, 'put zeros where a gradient is null'),
    ],
    (outputs, inputs, gradOutputs, retainGraph, createGraph, _onlyInputs, allowUnused): (Tensor | null)[] =>
      gradients.grad(listed(outputs) as Tensor[], listed(inputs) as Tensor[], {
        gradOutputs: listed(gradOutputs) as Tensor[],
        retainGraph: retainGraph ?? undefined,
        createGraph,
        allowUnused: allowUnused ?? false,
      }),
  ),
};

/** Computes what is pending and resolves when the device is idle. */
export const sync = fn('ours.sync', [], async (): Promise<void> => {
  await flushUpdates();
  await engine.idle();
});
