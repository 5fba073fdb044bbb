/**
 * @file nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d.
 *
 * Fields that hold state have PyTorch's names, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { leaf } from '../../graph/record.ts';
import * as F from '../functional.ts';
import { fromHost } from '../creation.ts';
import { replaceLeaf } from '../inplace.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, float, named, python } from './arguments.ts';
import { Parameter } from './module.ts';

const filled = (shape: Shape, value: number): Tensor => fromHost(new Float32Array(sizeOf(shape)).fill(value), shape, 'float32');

/** Weights that start as 1 and biases that start as 0, or none of either. */
const scaleAndShift = (shape: Shape, affine: boolean): { weight: Parameter | null; bias: Parameter | null } =>
  affine ? { weight: new Parameter(filled(shape, 1)), bias: new Parameter(filled(shape, 0)) } : { weight: null, bias: null };

const printedEps = (eps: number): string => `eps=${float(eps)}`;

export interface BatchNormLayerOptions {
  /** Added to the variance. */
  readonly eps?: number;
  /** How far the running statistics move to a batch's; `null` takes the mean of all batches. */
  readonly momentum?: number | null;
  /** Whether a weight and a bias are learnt. */
  readonly affine?: boolean;
  /** Whether running statistics are kept; without them every batch is normalised by its own. */
  readonly trackRunningStats?: boolean;
}

type BatchNormArguments = [options?: BatchNormLayerOptions] | [eps: number, momentum?: number | null, affine?: boolean, trackRunningStats?: boolean];

class BatchNorm extends Layer<[Tensor], Tensor> {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;
  private readonly ranks: readonly number[];

  constructor(ranks: readonly number[], numFeatures: number, given: BatchNormArguments) {
    super();
    const what = this.constructor.name;
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = named<BatchNormLayerOptions>(what, ['eps', 'momentum', 'affine', 'trackRunningStats'], given);
    atLeastOne(what, { numFeatures });
    this.ranks = ranks;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.trackRunningStats = trackRunningStats;
    ({ weight: this.weight, bias: this.bias } = scaleAndShift([numFeatures], affine));
    if (!trackRunningStats) return;
    this.registerBuffer('running_mean', filled([numFeatures], 0));
    this.registerBuffer('running_var', filled([numFeatures], 1));
    this.registerBuffer('num_batches_tracked', fromHost(new Int32Array(1), [], 'int32'));
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    if (!this.ranks.includes(x.ndim)) fail(`${this.constructor.name}: the input has shape ${x.shape}; expected ${this.ranks.join(' or ')} dimensions`);
    const training = this.training || !this.trackRunningStats;
    const momentum = this.training && this.trackRunningStats ? this.countBatch() : 0;
    return F.batchNorm(x, this.running_mean, this.running_var, { weight, bias, training, momentum, eps });
  }

  override extraRepr(): string {
    return `${this.numFeatures}, ${printedEps(this.eps)}, momentum=${python(this.momentum)}, affine=${python(this.weight !== null)}, track_running_stats=${python(this.trackRunningStats)}`;
  }

  /** Counts a batch, on the host since that needs no kernel, and returns how far the statistics move to it. */
  private countBatch(): number {
    const counter = this.num_batches_tracked!;
    const { node } = counter;
    const before = node.value?.host?.[0] ?? fail(`${this.constructor.name}: num_batches_tracked was computed on the device; give it a value by torch.tensor(...)`);
    replaceLeaf(counter, leaf(node, node.device, Int32Array.of(before + 1)), 'a running statistic');
    return this.momentum ?? 1 / (before + 1);
  }
}

/** Mean 0 and variance 1 for every channel of a batch [N, C] or [N, C, L]. */
export class BatchNorm1d extends BatchNorm {
  static readonly python: string = 'nn.BatchNorm1d';

  constructor(numFeatures: number, ...given: BatchNormArguments) {
    super([2, 3], numFeatures, given);
  }
}

/** Mean 0 and variance 1 for every channel of a batch [N, C, H, W]. */
export class BatchNorm2d extends BatchNorm {
  static readonly python: string = 'nn.BatchNorm2d';

  constructor(numFeatures: number, ...given: BatchNormArguments) {
    super([4], numFeatures, given);
  }
}

export interface LayerNormOptions {
  readonly eps?: number;
  /** Whether a weight and a bias are learnt. */
  readonly elementwiseAffine?: boolean;
}

/** Mean 0 and variance 1 over the last dimensions, whose shape is given. */
export class LayerNorm extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.LayerNorm';
  readonly normalizedShape: Shape;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(normalizedShape: number | Shape, ...given: [options?: LayerNormOptions] | [eps: number, elementwiseAffine?: boolean]) {
    super();
    const { eps = 1e-5, elementwiseAffine = true } = named<LayerNormOptions>('LayerNorm', ['eps', 'elementwiseAffine'], given);
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    ({ weight: this.weight, bias: this.bias } = scaleAndShift(this.normalizedShape, elementwiseAffine));
  }

  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return `${python(this.normalizedShape)}, ${printedEps(this.eps)}, elementwise_affine=${python(this.weight !== null)}`;
  }
}

interface AffineOptions {
  readonly eps?: number;
  /** Whether a weight and a bias are learnt. */
  readonly affine?: boolean;
}

/** Mean 0 and variance 1 over each group of channels of each image. */
export class GroupNorm extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.GroupNorm';
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, ...given: [options?: AffineOptions] | [eps: number, affine?: boolean]) {
    super();
    const { eps = 1e-5, affine = true } = named<AffineOptions>('GroupNorm', ['eps', 'affine'], given);
    atLeastOne('GroupNorm', { numGroups, numChannels });
    if (numChannels % numGroups !== 0) fail(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups`);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    ({ weight: this.weight, bias: this.bias } = scaleAndShift([numChannels], affine));
  }

  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, ${printedEps(this.eps)}, affine=${python(this.weight !== null)}`;
  }
}

/** Mean 0 and variance 1 for every channel of every image [N, C, H, W]; it learns nothing unless told to. */
export class InstanceNorm2d extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.InstanceNorm2d';
  readonly numFeatures: number;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(numFeatures: number, options: AffineOptions = {}) {
    super();
    const { eps = 1e-5, affine = false } = named<AffineOptions>('InstanceNorm2d', ['eps', 'affine'], [options]);
    atLeastOne('InstanceNorm2d', { numFeatures });
    this.numFeatures = numFeatures;
    this.eps = eps;
    ({ weight: this.weight, bias: this.bias } = scaleAndShift([numFeatures], affine));
  }

  override forward(x: Tensor): Tensor {
    return F.instanceNorm(x, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  override extraRepr(): string {
    return `${this.numFeatures}, ${printedEps(this.eps)}, momentum=0.1, affine=${python(this.weight !== null)}, track_running_stats=False`;
  }
}
