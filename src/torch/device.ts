/**
 * @file torch.device: where tensors live.
 */
import { fail } from '../base/errors.ts';
import type { DeviceType } from '../graph/types.ts';

export type { DeviceType };

/** `webgpu` is the visitor's GPU, `cpu` the reference implementation. Prints as its type, as in PyTorch. */
export class Device {
  readonly type: DeviceType;

  constructor(type: DeviceType) {
    this.type = type;
  }

  toString(): string {
    return this.type;
  }

  toJSON(): string {
    return this.type;
  }
}

const devices: Record<DeviceType, Device> = { webgpu: new Device('webgpu'), cpu: new Device('cpu') };

/** The device of that name; throws on any other name. */
export function device(type: DeviceType | Device): Device {
  const name = String(type);
  if (name === 'webgpu' || name === 'cpu') return devices[name];
  return fail(
    `device: unknown device ${name}; known are webgpu and cpu${name.startsWith('cuda') ? '. Here the GPU is webgpu; CUDA is on the remote side' : ''}`,
  );
}
