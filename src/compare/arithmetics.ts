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
