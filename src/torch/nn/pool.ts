/**
 * @file Pooling as modules, over planes and lines; and resizing, nn.Upsample, nn.PixelShuffle.
 */
import { fail } from '../../base/errors.ts';
import { checkOptions } from '../../base/options.ts';
import * as F from '../functional.ts';
import type { Pair, Single } from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import type { PythonValue } from './arguments.ts';
import { Layer, float, named, python } from './arguments.ts';

const maxNames = ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode'] as const;
const averageNames = ['kernelSize', 'stride', 'padding', 'ceilMode', 'countIncludePad'] as const;

type AvgPool1dOptions = Omit<F.Pool1dOptions, 'dilation'> & { readonly countIncludePad?: boolean };

/** What pooling over windows shares: its arguments, kept as they were given, and how PyTorch prints them. */
class Pooling<Size extends PythonValue, O> extends Layer<[Tensor], Tensor> {
  readonly kernelSize: Size;
  readonly options: O;

  constructor(names: readonly string[], given: readonly unknown[]) {
    super();
    const what = this.constructor.name;
    const { kernelSize, ...options } = named<{ kernelSize: Size }>(what, names as never, given);
    this.kernelSize = kernelSize ?? fail(`${what}: kernelSize is missing; give a number or { kernelSize: 2 }`);
    this.options = options as O;
  }

  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0, dilation = 1, ceilMode = false, countIncludePad = true } = this.options as Record<string, PythonValue>;
    const isMax = this.constructor.name.startsWith('Max');
    const averaging = countIncludePad ? '' : ', count_include_pad=False';
    return `kernel_size=${python(this.kernelSize)}, stride=${python(stride)}, padding=${python(padding)}${isMax ? `, dilation=${python(dilation)}` : ''}${isMax || ceilMode ? `, ceil_mode=${python(ceilMode)}` : ''}${averaging}`;
  }
}

/** The largest element of each window: `new nn.MaxPool2d(2, 2)` or `new nn.MaxPool2d(3, { stride: 2, padding: 1 })`. */
export class MaxPool2d extends Pooling<Pair, F.PoolOptions> {
  static readonly python: string = 'nn.MaxPool2d';

  constructor(...given: [options: { readonly kernelSize: Pair } & F.PoolOptions] | [kernelSize: Pair, options?: F.PoolOptions] | [kernelSize: Pair, stride: Pair, padding?: Pair, dilation?: Pair, ceilMode?: boolean]) {
    super(maxNames, given);
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window. */
export class AvgPool2d extends Pooling<Pair, F.AvgPoolOptions> {
  static readonly python: string = 'nn.AvgPool2d';

  constructor(...given: [options: { readonly kernelSize: Pair } & F.AvgPoolOptions] | [kernelSize: Pair, options?: F.AvgPoolOptions] | [kernelSize: Pair, stride: Pair, padding?: Pair, ceilMode?: boolean, countIncludePad?: boolean]) {
    super(averageNames, given);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

export class MaxPool1d extends Pooling<Single, F.Pool1dOptions> {
  static readonly python: string = 'nn.MaxPool1d';

  constructor(...given: [options: { readonly kernelSize: Single } & F.Pool1dOptions] | [kernelSize: Single, options?: F.Pool1dOptions] | [kernelSize: Single, stride: Single, padding?: Single, dilation?: Single, ceilMode?: boolean]) {
    super(maxNames, given);
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.options);
  }
}

export class AvgPool1d extends Pooling<Single, AvgPool1dOptions> {
  static readonly python: string = 'nn.AvgPool1d';

  constructor(...given: [options: { readonly kernelSize: Single } & AvgPool1dOptions] | [kernelSize: Single, options?: AvgPool1dOptions] | [kernelSize: Single, stride: Single, padding?: Single, ceilMode?: boolean, countIncludePad?: boolean]) {
    super(averageNames, given);
  }

  /** PyTorch keeps these three as tuples of one, and prints them so. */
  override extraRepr(): string {
    return super.extraRepr().replaceAll(/=(\d+)/g, '=($1,)');
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.options);
  }
}

/** Pooling to a given output, whatever the input's size. */
function adaptive(f: (x: Tensor, size: F.AdaptiveSize) => Tensor) {
  return class extends Layer<[Tensor], Tensor> {
    readonly outputSize: F.AdaptiveSize;

    constructor(outputSize: F.AdaptiveSize, ...excess: never[]) {
      super(...excess);
      this.outputSize = outputSize;
    }

    override forward(x: Tensor): Tensor {
      return f(x, this.outputSize);
    }

    override extraRepr(): string {
      return `output_size=${python(this.outputSize)}`;
    }
  };
}

/** The means of as many windows as the output has elements: `new nn.AdaptiveAvgPool2d(1)`; `null` keeps a size. */
export class AdaptiveAvgPool2d extends adaptive(F.adaptiveAvgPool2d) {
  static readonly python: string = 'nn.AdaptiveAvgPool2d';
}

export class AdaptiveMaxPool2d extends adaptive(F.adaptiveMaxPool2d) {
  static readonly python: string = 'nn.AdaptiveMaxPool2d';
}

/** Another size by repeating or blending elements: `new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })`. */
export class Upsample extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Upsample';
  readonly options: F.InterpolateOptions;

  constructor(options: F.InterpolateOptions) {
    super();
    checkOptions('Upsample', options, ['size', 'scaleFactor', 'mode', 'alignCorners']);
    this.options = options;
  }

  override forward(x: Tensor): Tensor {
    return F.interpolate(x, this.options);
  }

  override extraRepr(): string {
    const { size, mode = 'nearest' } = this.options;
    return `${size === undefined ? this.scale() : `size=${python(size)}`}, mode=${python(mode)}`;
  }

  protected override constructorArguments(): string {
    return `${this.extraRepr()}${this.options.alignCorners ? ', align_corners=True' : ''}`;
  }

  private scale(): string {
    const { scaleFactor = 1 } = this.options;
    return `scale_factor=${typeof scaleFactor === 'number' ? float(scaleFactor) : `(${scaleFactor.map(float).join(', ')})`}`;
  }
}

/** Channels [C·r², H, W] as finer planes [C, H·r, W·r]. */
export class PixelShuffle extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.PixelShuffle';
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number, ...excess: never[]) {
    super(...excess);
    this.upscaleFactor = upscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}
