/**
 * @file Tensors in the likeness of others: zerosLike, randLike.
 */
import type { DType } from '../base/dtype.ts';
import type { TensorOptions } from './creation.ts';
import { fullOf, integers, random } from './creation.ts';
import type { Device, DeviceType } from './device.ts';
import { inOwnMemory } from './memory.ts';
import { fn, overloads, p } from './signature.ts';
import type { Tensor } from './tensor.ts';

const input = p.tensor('input');
/** The other tensor's dtype and device, unless the options say otherwise. */
const asked = [p.dtype('dtype', null), p.device('device', null), p.flag('requiresGrad', false)] as const;
const generator = p.ours(p.generator('generator', null));

const like = (
  other: Tensor,
  dtype: DType | null,
  device: Device | DeviceType | null,
  requiresGrad: boolean,
): TensorOptions => ({ dtype: dtype ?? other.dtype, device: device ?? other.device, requiresGrad });

/** In the order of dimensions in memory of another tensor. */
function filled(what: string, other: Tensor, value: number | boolean, options: TensorOptions): Tensor {
  const tensor = fullOf(what, other.shape, value, options);
  tensor.setNode(inOwnMemory(tensor.node, other.node));
  return tensor;
}

/** Every element is `fillValue`, in the shape, dtype, device and order of dimensions in memory of another tensor. */
export const fullLike = fn(
  'torch.full_like',
  [input, p.scalar('fillValue'), '*', ...asked],
  (input, fillValue, dtype, device, requiresGrad): Tensor =>
    filled('fullLike', input, fillValue, like(input, dtype, device, requiresGrad)),
);

const alike = (name: string, what: string, value: number) =>
  fn(name, [input, '*', ...asked], (input, dtype, device, requiresGrad): Tensor =>
    filled(what, input, value, like(input, dtype, device, requiresGrad)),
  );
/** Zeros in another tensor's shape, dtype and device. */
export const zerosLike = alike('torch.zeros_like', 'zerosLike', 0);
/** Ones in another tensor's shape, dtype and device. */
export const onesLike = alike('torch.ones_like', 'onesLike', 1);
/** PyTorch leaves these elements undefined; here they are 0. */
export const emptyLike = alike('torch.empty_like', 'emptyLike', 0);

const drawn = (name: string, what: 'rand' | 'randn') =>
  fn(name, [input, '*', ...asked, generator], (input, dtype, device, requiresGrad, generator): Tensor =>
    random(what, input.shape, generator, like(input, dtype, device, requiresGrad)),
  );
/** Uniform on [0, 1). */
export const randLike = drawn('torch.rand_like', 'rand');
/** Standard normal. */
export const randnLike = drawn('torch.randn_like', 'randn');

/** Whole numbers from `low`, 0 unless given, up to, not including, `high`, in the tensor's dtype. */
export const randintLike = overloads(
  fn(
    'torch.randint_like',
    [input, p.int('high'), '*', ...asked, generator],
    (input, high, dtype, device, requiresGrad, generator): Tensor =>
      integers('randintLike', 0, high, input.shape, generator, like(input, dtype, device, requiresGrad)),
  ),
  fn(
    'torch.randint_like',
    [input, p.int('low'), p.int('high'), '*', ...asked, generator],
    (input, low, high, dtype, device, requiresGrad, generator): Tensor =>
      integers('randintLike', low, high, input.shape, generator, like(input, dtype, device, requiresGrad)),
  ),
);
