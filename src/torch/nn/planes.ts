/**
 * @file Planes laid out otherwise: nn.PixelUnshuffle, nn.Unfold, nn.Fold, nn.ZeroPad2d.
 */
import * as F from '../functional.ts';
import type { Pair, UnfoldOptions } from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, named, python } from './arguments.ts';

/** Fine planes [C, H·r, W·r] as channels [C·r², H, W]. */
export class PixelUnshuffle extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.PixelUnshuffle';
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number, ...excess: never[]) {
    super(...excess);
    this.downscaleFactor = downscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

type UnfoldArguments = [options?: UnfoldOptions] | [dilation: Pair, padding?: Pair, stride?: Pair];

/** What Unfold and Fold share: windows. */
class Windows extends Layer<[Tensor], Tensor> {
  readonly kernelSize: Pair;
  readonly windows: Required<UnfoldOptions>;

  constructor(kernelSize: Pair, given: UnfoldArguments) {
    super();
    this.kernelSize = kernelSize;
    this.windows = { dilation: 1, padding: 0, stride: 1, ...named<UnfoldOptions>(this.constructor.name, ['dilation', 'padding', 'stride'], given) };
  }

  override extraRepr(): string {
    const { dilation, padding, stride } = this.windows;
    return `kernel_size=${python(this.kernelSize)}, dilation=${python(dilation)}, padding=${python(padding)}, stride=${python(stride)}`;
  }
}

/** The windows of [N, C, H, W] as columns [N, C·R·S, windows]. */
export class Unfold extends Windows {
  static readonly python: string = 'nn.Unfold';

  constructor(kernelSize: Pair, ...given: UnfoldArguments) {
    super(kernelSize, given);
  }

  override forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.windows);
  }
}

/** Columns [N, C·R·S, windows] added up in planes [N, C, H, W]. */
export class Fold extends Windows {
  static readonly python: string = 'nn.Fold';
  readonly outputSize: Pair;

  constructor(outputSize: Pair, kernelSize: Pair, ...given: UnfoldArguments) {
    super(kernelSize, given);
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.windows);
  }

  override extraRepr(): string {
    return `output_size=${python(this.outputSize)}, ${super.extraRepr()}`;
  }
}

/** Zeros around planes: as many on every side, or [left, right, top, bottom]. */
export class ZeroPad2d extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.ZeroPad2d';
  readonly padding: readonly [number, number, number, number];

  constructor(padding: number | readonly [number, number, number, number], ...excess: never[]) {
    super(...excess);
    this.padding = typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  }

  override forward(x: Tensor): Tensor {
    return F.pad(x, this.padding);
  }

  override extraRepr(): string {
    return python(this.padding);
  }
}
