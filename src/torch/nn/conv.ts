/**
 * @file nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import type { Pair, Single } from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import type { PythonValue } from './arguments.ts';
import { Layer, atLeastOne, named, python } from './arguments.ts';
import { defaultBias, defaultWeight } from './init.ts';
import { Parameter } from './module.ts';

interface LearntOptions {
  /** Whether a learnt bias is added; true unless told otherwise. */
  readonly bias?: boolean;
}

export interface Conv2dOptions extends F.ConvOptions, LearntOptions {
  readonly kernelSize: Pair;
}

export interface Conv1dOptions extends F.Conv1dOptions, LearntOptions {
  readonly kernelSize: Single;
}

export interface ConvTranspose2dOptions extends F.ConvTransposeOptions, LearntOptions {
  readonly kernelSize: Pair;
}

export interface ConvTranspose1dOptions extends F.ConvTranspose1dOptions, LearntOptions {
  readonly kernelSize: Single;
}

const forwardNames = ['kernelSize', 'stride', 'padding', 'dilation', 'groups', 'bias', 'algo'];
const transposedNames = ['kernelSize', 'stride', 'padding', 'outputPadding', 'groups', 'bias', 'dilation', 'algo'];

/** What the options of every convolution have in common. */
interface AnyOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: number | readonly number[] | string;
  readonly outputPadding?: number | readonly number[];
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
}

/** What all four share: channels, weights with PyTorch's first values, and how it is printed. */
class Convolution<O> extends Layer<[Tensor], Tensor> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly options: O;
  weight: Parameter;
  bias: Parameter | null;

  constructor(rank: 1 | 2, isTransposed: boolean, inChannels: number, outChannels: number, given: readonly unknown[]) {
    super();
    const what = this.constructor.name;
    const { kernelSize, bias = true, ...options } = named<AnyOptions & { kernelSize: number | readonly number[]; bias: boolean }>(what, (isTransposed ? transposedNames : forwardNames) as never, given);
    if (kernelSize === undefined) fail(`${what}: kernelSize is missing; give a number or { kernelSize: 3 }`);
    const { groups = 1 } = options;
    atLeastOne(what, { inChannels, outChannels, groups });
    this.kernelSize = typeof kernelSize === 'number' ? new Array<number>(rank).fill(kernelSize) : kernelSize;
    for (const size of this.kernelSize) atLeastOne(what, { kernelSize: size });
    if (inChannels % groups !== 0 || outChannels % groups !== 0) fail(`${what}: ${inChannels} input and ${outChannels} output channels do not both divide into ${groups} groups`);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.options = options as O;
    const shape = isTransposed ? [inChannels, outChannels / groups, ...this.kernelSize] : [outChannels, inChannels / groups, ...this.kernelSize];
    this.weight = new Parameter(defaultWeight(shape));
    this.bias = bias ? new Parameter(defaultBias(outChannels, shape)) : null;
  }

  /** The options that differ from PyTorch's defaults, and the stride, which it always prints. */
  override extraRepr(): string {
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = this.options as AnyOptions;
    const everywhere = (value: number | readonly number[] | string): PythonValue => (typeof value === 'number' ? this.kernelSize.map(() => value) : value);
    const sized: [string, PythonValue, number][] = [['stride', everywhere(stride), NaN], ['padding', everywhere(padding), 0], ['dilation', everywhere(dilation), 1], ['output_padding', everywhere(outputPadding), 0]];
    return [
      `${this.inChannels}`,
      `${this.outChannels}`,
      `kernel_size=${python(this.kernelSize)}`,
      ...sized.filter(([, value, usual]) => python(value) !== python(everywhere(usual))).map(([name, value]) => `${name}=${python(value)}`),
      ...(groups === 1 ? [] : [`groups=${groups}`]),
      ...(this.bias ? [] : ['bias=False']),
    ].join(', ');
  }
}

/** A convolution over [N, C, H, W]: `new nn.Conv2d(3, 16, { kernelSize: 3, padding: 1 })` `new nn.Conv2d(3, 16, 3, { padding: 1 })` or `new nn.Conv2d(3, 16, 3, 1, 1)`. */
export class Conv2d extends Convolution<F.ConvOptions> {
  static readonly python: string = 'nn.Conv2d';

  constructor(inChannels: number, outChannels: number, ...given: [options: Conv2dOptions] | [kernelSize: Pair, options: F.ConvOptions & LearntOptions] | [kernelSize: Pair, stride?: Pair, padding?: F.ConvOptions['padding'], dilation?: Pair, groups?: number, bias?: boolean]) {
    super(2, false, inChannels, outChannels, given);
  }

  override forward(x: Tensor): Tensor {
    return F.conv2d(x, this.weight, this.bias, this.options);
  }

  /** PyTorch's layer pads both sides alike; other padding is printed as what it does. */
  override get python(): string | undefined {
    const { padding } = this.options;
    return Array.isArray(padding) && padding.length === 4 ? undefined : super.python;
  }
}

/** A convolution over [N, C, L]: `new nn.Conv1d(8, 16, 3)`. */
export class Conv1d extends Convolution<F.Conv1dOptions> {
  static readonly python: string = 'nn.Conv1d';

  constructor(inChannels: number, outChannels: number, ...given: [options: Conv1dOptions] | [kernelSize: Single, options: F.Conv1dOptions & LearntOptions] | [kernelSize: Single, stride?: Single, padding?: F.Conv1dOptions['padding'], dilation?: Single, groups?: number, bias?: boolean]) {
    super(1, false, inChannels, outChannels, given);
  }

  override forward(x: Tensor): Tensor {
    return F.conv1d(x, this.weight, this.bias, this.options);
  }
}

/** The gradient of Conv2d as a layer of its own, which enlarges planes: `new nn.ConvTranspose2d(16, 8, 2, 2)`. */
export class ConvTranspose2d extends Convolution<F.ConvTransposeOptions> {
  static readonly python: string = 'nn.ConvTranspose2d';

  constructor(
    inChannels: number,
    outChannels: number,
    ...given: [options: ConvTranspose2dOptions] | [kernelSize: Pair, options: F.ConvTransposeOptions & LearntOptions] | [kernelSize: Pair, stride?: Pair, padding?: Pair, outputPadding?: Pair, groups?: number, bias?: boolean, dilation?: Pair]
  ) {
    super(2, true, inChannels, outChannels, given);
  }

  override forward(x: Tensor): Tensor {
    return F.convTranspose2d(x, this.weight, this.bias, this.options);
  }
}

/** The same over lines [N, C, L]. */
export class ConvTranspose1d extends Convolution<F.ConvTranspose1dOptions> {
  static readonly python: string = 'nn.ConvTranspose1d';

  constructor(
    inChannels: number,
    outChannels: number,
    ...given: [options: ConvTranspose1dOptions] | [kernelSize: Single, options: F.ConvTranspose1dOptions & LearntOptions] | [kernelSize: Single, stride?: Single, padding?: Single, outputPadding?: Single, groups?: number, bias?: boolean, dilation?: Single]
  ) {
    super(1, true, inChannels, outChannels, given);
  }

  override forward(x: Tensor): Tensor {
    return F.convTranspose1d(x, this.weight, this.bias, this.options);
  }
}
