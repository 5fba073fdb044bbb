/**
 * @file What the bench asks the processes of its sides, and what they answer.
 */

/** Sides that run on WebGPU in a process of Node's. */
export const sideNames = ['eager', 'compiled', 'benchmark', 'jax', 'tfjs', 'ort'] as const;
export type SideName = (typeof sideNames)[number];

export type Request =
  | { readonly do: 'open' }
  | { readonly do: 'prepare'; readonly workload: string }
  | { readonly do: 'time'; readonly calls: number };

export type Answer =
  | { readonly is: 'opened'; readonly name: string; readonly flags: string }
  | {
      readonly is: 'prepared';
      /** From weights on the host to the first result, with whatever is compiled or measured on the way. */
      readonly firstMs: number;
      /** Of the first calls: the output, or the loss of each step. */
      readonly outputs: Float32Array;
      /** Of GPU buffers; absent where there is no GPU. */
      readonly peakBytes?: number;
      readonly kernels?: number;
    }
  | { readonly is: 'timed'; readonly ms: number }
  | { readonly is: 'failed'; readonly reason: string };

/** A side as the bench sees it. */
export interface Remote {
  ask(request: Request): Promise<Answer>;
  /** Lets it run; otherwise it takes no time from others. */
  resume(): void;
  suspend(): void;
  end(): void;
}
