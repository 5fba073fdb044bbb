/**
 * @file In what a remote may be asked to compute; this side computes what the program says.
 */
import type { RunSettings } from './why.ts';

export interface AskedArithmetic {
  readonly name: string;
  /** PyTorch's switches for it. */
  readonly settings: RunSettings;
}

/** By the word that the visitor chooses. */
export const arithmetics: Readonly<Record<string, AskedArithmetic>> = {
  float32: { name: 'float32', settings: {} },
  tf32: { name: "TF32 where it has it, PyTorch's default for convolutions", settings: { allow_tf32: true } },
  bfloat16: { name: 'bfloat16, by autocast', settings: { autocast: 'bfloat16' } },
  float16: { name: 'float16, by autocast', settings: { autocast: 'float16' } },
};

/** What a remote computed in, by its own report: what was asked for may be more than its device has. */
export function arithmeticText(settings: RunSettings, device: RemoteDevice): string {
  const { autocast, dtype } = settings;
  if (autocast != null) return `${String(autocast)}, by autocast`;
  return hasTf32(settings, device) ? 'float32, with TF32 in convolutions and products' : String(dtype ?? 'float32');
}

/** A remote's device, as far as it decides in what it computes. */
export interface RemoteDevice {
  readonly type: 'cuda' | 'cpu';
  /** CUDA's compute capability, `'8.0'`. */
  readonly capability?: string;
}

/** TF32 came with this compute capability. */
const tf32Capability = 8;

/** Whether TF32 is allowed and there. */
export function hasTf32(settings: RunSettings, { type, capability }: RemoteDevice): boolean {
  return settings['allow_tf32'] === true && type === 'cuda' && Number(capability ?? 0) >= tf32Capability;
}
