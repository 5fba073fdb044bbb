/**
 * @file What models are made of. Each model is written once, on these layers; each side says what they are in its
 * library, for its tensors T.
 */

/** A convolution with filters [K, C/groups, R, S]. */
export interface Convolution {
  readonly shape: readonly [K: number, C: number, R: number, S: number];
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
  readonly bias?: boolean;
}

export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding?: number;
}

/**
 * Images are [N, C, H, W] and rows [N, …, features], however a side keeps them. Parameters have names, as in PyTorch's
 * state: `conv1.weight`.
 */
export interface Layers<T> {
  conv(x: T, name: string, convolution: Convolution): T;
  /** Batch norm: by running statistics in inference, in training by the batch's (and running ones are not kept). */
  norm(x: T, name: string, channels: number): T;
  /** Over the last dimension. */
  layerNorm(x: T, name: string, features: number): T;
  linear(x: T, name: string, from: number, to: number): T;
  relu(x: T): T;
  relu6(x: T): T;
  maxPool(x: T, window: Window): T;
  /** Over the whole image: [N, C]. */
  meanPool(x: T): T;
  /** Nearest neighbours, twice the height and width. */
  upsample(x: T): T;
  add(a: T, b: T): T;
  /** Along the channels. */
  concat(a: T, b: T): T;
  /** [N, C·H·W]. */
  flatten(x: T): T;
  /** Scaled dot-product attention of rows [N, L, heads·E]. */
  attention(q: T, k: T, v: T, heads: number): T;
}

/** Added to variances, as PyTorch's default. */
export const epsilon = 1e-5;
