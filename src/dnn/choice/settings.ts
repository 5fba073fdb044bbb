/**
 * @file The switches of `torch.backends.cudnn`, with PyTorch's meaning and defaults, and four of our own.
 */
import { fail } from '../../base/errors.ts';

export interface CudnnSettings {
  /** Off: no choosing, every operation takes the plainest algorithm that needs no tuning. */
  enabled: boolean;
  /**
   * On: a shape that is met for the first time has its algorithms measured. As in PyTorch this is no part of a choice's
   * key: a shape that was met with `benchmark` off keeps its heuristic choice until the program ends.
   */
  benchmark: boolean;
  /**
   * Ours. On: `benchmark` measures while the program goes on. A problem runs by its predicted plan at once, and by the
   * fastest as soon as that is known.
   */
  benchmarkInBackground: boolean;
  /** How many plans `benchmark` measures at most; 0 means all of them. */
  benchmarkLimit: number;
  /** Ours: how long `benchmark` compiles, verifies and times the algorithms of one problem at most, in milliseconds. */
  benchmarkBudgetMs: number;
  /** On: no algorithm whose sums depend on the order in which threads arrive. */
  deterministic: boolean;
  /**
   * Ours. On: no algorithm in which one NaN or infinity reaches outputs that it does not belong to, as it does in the
   * transforms of FFT and Winograd.
   */
  containNonFinite: boolean;
  /** Accepted and without effect: WebGPU has no TF32, so float32 is always computed in float32. */
  allowTf32: boolean;
  /** Ours: no algorithm that needs more workspace than this, in bytes. */
  workspaceLimit: number;
}

/** Throws where a switch is set to what it cannot be: a number for a flag, or less than nothing for a number. */
export function checkSetting(name: string, value: unknown): void {
  const usual: unknown = defaultSettings()[name as keyof CudnnSettings];
  if (typeof usual === 'boolean' && typeof value !== 'boolean')
    fail(`torch.backends.cudnn.${name}: ${String(value)} is not a boolean; set true or false`);
  if (typeof usual === 'number' && !(typeof value === 'number' && value >= 0))
    fail(`torch.backends.cudnn.${name}: ${String(value)} is not a number of at least 0`);
}

export const defaultSettings = (): CudnnSettings => ({
  enabled: true,
  benchmark: false,
  benchmarkInBackground: false,
  benchmarkLimit: 10,
  benchmarkBudgetMs: 5000,
  deterministic: false,
  containNonFinite: false,
  allowTf32: true,
  workspaceLimit: Infinity,
});
