/**
 * @file The switches of `torch.backends.cudnn`, with PyTorch's meaning and defaults, and two of our own.
 */

export interface CudnnSettings {
  /** Off: no choosing, every operation takes the plainest algorithm that needs no tuning. */
  enabled: boolean;
  /**
   * On: a shape that is met for the first time has its algorithms measured. As in PyTorch this is no part of a choice's
   * key: a shape that was met with `benchmark` off keeps its heuristic choice until the program ends.
   */
  benchmark: boolean;
  /** How many plans `benchmark` measures at most; 0 means all of them. */
  benchmarkLimit: number;
  /** On: no algorithm whose sums depend on the order in which threads arrive. */
  deterministic: boolean;
  /** Ours. On: no algorithm in which one NaN or infinity reaches outputs that it does not belong to, as it does in the transforms of FFT and Winograd. */
  containNonFinite: boolean;
  /** Accepted and without effect: WebGPU has no TF32, so float32 is always computed in float32. */
  allowTf32: boolean;
  /** Ours: no algorithm that needs more workspace than this, in bytes. */
  workspaceLimit: number;
}

export const defaultSettings = (): CudnnSettings => ({
  enabled: true,
  benchmark: false,
  benchmarkLimit: 10,
  deterministic: false,
  containNonFinite: false,
  allowTf32: true,
  workspaceLimit: Infinity,
});
