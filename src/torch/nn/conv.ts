/**
 * @file nn.Conv2d.
 */
import { fail } from '../../base/errors.ts';
import type { ConvOptions, Pair } from '../functional.ts';
import { checkOptions, conv2d, pair } from '../functional.ts';
import type { Tensor } from '../tensor.ts';
import { defaultBias, defaultWeight } from './init.ts';
import { Module, Parameter } from './module.ts';

export interface Conv2dOptions extends ConvOptions {
  readonly kernelSize: Pair;
  /** Whether a learnt bias is added; true unless told otherwise. */
  readonly bias?: boolean;
}

/** A convolution over [N, C, H, W]: `new nn.Conv2d(3, 16, { kernelSize: 3, padding: 1 })` or `new nn.Conv2d(3, 16, 3, 1, 1)`. */
export class Conv2d extends Module<[Tensor], Tensor> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly options: ConvOptions;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inChannels: number, outChannels: number, options: Conv2dOptions);
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, stride?: Pair, padding?: ConvOptions['padding'], dilation?: Pair, groups?: number, bias?: boolean);
  constructor(inChannels: number, outChannels: number, kernelOrOptions: Pair | Conv2dOptions, stride: Pair = 1, padding: ConvOptions['padding'] = 0, dilation: Pair = 1, groups = 1, bias = true) {
    super();
    const given: Conv2dOptions =
      typeof kernelOrOptions === 'number' || Array.isArray(kernelOrOptions)
        ? { kernelSize: kernelOrOptions as Pair, stride, padding, dilation, groups, bias }
        : (kernelOrOptions as Conv2dOptions);
    checkOptions('Conv2d', given, ['kernelSize', 'stride', 'padding', 'dilation', 'groups', 'bias', 'algo']);
    const { kernelSize, bias: wantsBias = true, ...options } = given;
    if (kernelSize === undefined) fail('Conv2d: kernelSize is missing; give a number or { kernelSize: 3 }');
    for (const [name, value] of [['inChannels', inChannels], ['outChannels', outChannels], ...pair(kernelSize).map((k) => ['kernelSize', k])] as [string, number][]) {
      if (!Number.isInteger(value) || value < 1) fail(`Conv2d: ${name} is ${value}, not a whole number of at least 1`);
    }
    const parts = options.groups ?? 1;
    if (inChannels % parts !== 0 || outChannels % parts !== 0) fail(`Conv2d: ${inChannels} input and ${outChannels} output channels do not both divide into ${parts} groups`);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = pair(kernelSize);
    this.options = options;
    const shape = [outChannels, inChannels / parts, ...this.kernelSize];
    this.weight = new Parameter(defaultWeight(shape));
    this.bias = wantsBias ? new Parameter(defaultBias(outChannels, shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.options);
  }

  override get python(): string {
    return `nn.Conv2d(${this.arguments_().join(', ')})`;
  }

  override extraRepr(): string {
    return this.arguments_().join(', ');
  }

  private arguments_(): string[] {
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = this.options;
    const text = (v: Pair): string => {
      const [a, b] = pair(v);
      return a === b ? `${a}` : `(${a}, ${b})`;
    };
    const out = [`${this.inChannels}`, `${this.outChannels}`, `kernel_size=${text(this.kernelSize)}`];
    if (text(stride) !== '1') out.push(`stride=${text(stride)}`);
    if (typeof padding === 'string') out.push(`padding='${padding}'`);
    else if (Array.isArray(padding) && padding.length === 4) out.push(`padding=(${padding.join(', ')})`);
    else if (text(padding as Pair) !== '0') out.push(`padding=${text(padding as Pair)}`);
    if (text(dilation) !== '1') out.push(`dilation=${text(dilation)}`);
    if (groups !== 1) out.push(`groups=${groups}`);
    if (!this.bias) out.push('bias=False');
    return out;
  }
}
