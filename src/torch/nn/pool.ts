/**
 * @file nn.MaxPool2d and nn.AvgPool2d.
 */
import type { Pair, PoolOptions } from '../functional.ts';
import { avgPool2d, maxPool2d, pair } from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { Module } from './module.ts';

const text = (v: Pair): string => {
  const [a, b] = pair(v);
  return a === b ? `${a}` : `(${a}, ${b})`;
};

/** PyTorch's keyword arguments of a pooling. */
function poolArguments(kernelSize: Pair, options: PoolOptions): string[] {
  const out = [`kernel_size=${text(kernelSize)}`];
  if (options.stride !== undefined && text(options.stride) !== text(kernelSize)) out.push(`stride=${text(options.stride)}`);
  if (options.padding !== undefined && text(options.padding) !== '0') out.push(`padding=${text(options.padding)}`);
  if (options.dilation !== undefined && text(options.dilation) !== '1') out.push(`dilation=${text(options.dilation)}`);
  if (options.ceilMode) out.push('ceil_mode=True');
  return out;
}

const poolOptions = (second: Pair | PoolOptions | undefined, padding: Pair | undefined): PoolOptions =>
  typeof second === 'object' && !Array.isArray(second) ? (second as PoolOptions) : { stride: second as Pair | undefined, padding };

/** The largest element of each window: `new nn.MaxPool2d(2, 2)` or `new nn.MaxPool2d(3, { stride: 2, padding: 1 })`. */
export class MaxPool2d extends Module<[Tensor], Tensor> {
  readonly kernelSize: Pair;
  readonly options: PoolOptions;

  constructor(kernelSize: Pair, strideOrOptions?: Pair | PoolOptions, padding?: Pair) {
    super();
    this.kernelSize = kernelSize;
    this.options = poolOptions(strideOrOptions, padding);
  }

  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }

  override get python(): string {
    return `nn.MaxPool2d(${this.extraRepr()})`;
  }

  override extraRepr(): string {
    return poolArguments(this.kernelSize, this.options).join(', ');
  }
}

/** The mean of each window. */
export class AvgPool2d extends Module<[Tensor], Tensor> {
  readonly kernelSize: Pair;
  readonly options: Omit<PoolOptions, 'dilation'> & { readonly countIncludePad?: boolean };

  constructor(kernelSize: Pair, strideOrOptions?: Pair | (Omit<PoolOptions, 'dilation'> & { readonly countIncludePad?: boolean }), padding?: Pair) {
    super();
    this.kernelSize = kernelSize;
    this.options = poolOptions(strideOrOptions, padding);
  }

  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }

  override get python(): string {
    return `nn.AvgPool2d(${this.extraRepr()})`;
  }

  override extraRepr(): string {
    return [...poolArguments(this.kernelSize, this.options), ...(this.options.countIncludePad === false ? ['count_include_pad=False'] : [])].join(', ');
  }
}
