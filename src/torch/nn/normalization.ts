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
import type { Dims } from '../signature.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { buffer, layer, placement, settings } from './layer.ts';
import { Parameter } from './parameter.ts';

const filled = (shape: Shape, value: number): Tensor =>
  fromHost(new Float32Array(sizeOf(shape)).fill(value), shape, 'float32');

/** Weights that start as 1 and biases that start as 0, or none of either. */
const scaleAndShift = (
  shape: Shape,
  affine: boolean,
  bias = affine,
): { weight: Parameter | null; bias: Parameter | null } => ({
  weight: affine ? new Parameter(filled(shape, 1)) : null,
  bias: bias ? new Parameter(filled(shape, 0)) : null,
});

/** Statistics of all batches so far, or none. */
const statistics = (numFeatures: number, tracked: boolean) => ({
  running_mean: tracked ? buffer(filled([numFeatures], 0)) : null,
  running_var: tracked ? buffer(filled([numFeatures], 1)) : null,
  num_batches_tracked: tracked ? buffer(fromHost(new Int32Array(1), [], 'int64')) : null,
});

/** What the norms over channels share: running statistics, and how they are printed. */
class ChannelNorm extends Module<[Tensor], Tensor> {
  declare readonly numFeatures: number;
  declare readonly eps: number;
  declare readonly momentum: number | null;
  declare readonly affine: boolean;
  declare readonly trackRunningStats: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  override extraRepr(): string {
    return settings(this, { unnamed: 1 });
  }
}

class BatchNorm extends ChannelNorm {
  override forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    const training = this.training || !this.trackRunningStats;
    const momentum = this.training && this.trackRunningStats ? this.countBatch() : 0;
    return F.batchNorm(x, this.running_mean ?? null, this.running_var ?? null, {
      weight,
      bias,
      training,
      momentum,
      eps,
    });
  }

  /** Counts a batch, on the host since that needs no kernel, and returns how far the statistics move to it. */
  private countBatch(): number {
    const counter = this.num_batches_tracked!;
    const { node } = counter;
    const before =
      node.value?.host?.[0] ??
      fail(
        `${this.constructor.name}: num_batches_tracked was computed on the device; give it a value by torch.tensor(...)`,
      );
    replaceLeaf(counter, leaf(node, node.device, Int32Array.of(before + 1)), 'a running statistic');
    return this.momentum ?? 1 / (before + 1);
  }
}

const epsilon = p.float('eps', 1e-5);

/** `momentum`: how far the running statistics move to a batch's; `null` takes the mean of all batches. */
const batchNorm = (name: string, ranks: readonly number[]) =>
  class extends layer(
    BatchNorm,
    name,
    [
      p.int('numFeatures'),
      epsilon,
      p.optional(p.float('momentum', 0.1)),
      p.flag('affine', true),
      p.flag('trackRunningStats', true),
      ...placement,
    ],
    (numFeatures, eps, momentum, affine, trackRunningStats) => {
      atLeastOne(name.slice(3), { numFeatures });
      return {
        numFeatures,
        eps,
        momentum,
        affine,
        trackRunningStats,
        ...scaleAndShift([numFeatures], affine),
        ...statistics(numFeatures, trackRunningStats),
      };
    },
  ) {
    override forward(x: Tensor): Tensor {
      if (!ranks.includes(x.ndim))
        fail(`${this.constructor.name}: the input has shape ${x.shape}; expected ${ranks.join(' or ')} dimensions`);
      return super.forward(x);
    }
  };

/** Mean 0 and variance 1 for every channel of a batch [N, C] or [N, C, L]. */
export class BatchNorm1d extends batchNorm('nn.BatchNorm1d', [2, 3]) {}

/** Mean 0 and variance 1 for every channel of a batch [N, C, H, W]. */
export class BatchNorm2d extends batchNorm('nn.BatchNorm2d', [4]) {}

/** Mean 0 and variance 1 over the last dimensions, whose shape is given. */
export class LayerNorm extends layer(
  Module<[Tensor], Tensor>,
  'nn.LayerNorm',
  [p.dims('normalizedShape'), epsilon, p.flag('elementwiseAffine', true), p.flag('bias', true), ...placement],
  (normalizedShape: Dims, eps, elementwiseAffine, bias) => {
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape];
    return {
      normalizedShape: shape as Shape,
      eps,
      elementwiseAffine,
      ...scaleAndShift(shape, elementwiseAffine, elementwiseAffine && bias),
    };
  },
) {
  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 1, without: ['bias'] });
  }
}

/** Root mean square 1 over the last dimensions, whose shape is given (Zhang and Sennrich, NeurIPS 2019). */
export class RMSNorm extends layer(
  Module<[Tensor], Tensor>,
  'nn.RMSNorm',
  [p.dims('normalizedShape'), p.float('eps', null), p.flag('elementwiseAffine', true), ...placement],
  (normalizedShape: Dims, eps, elementwiseAffine) => {
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape];
    return {
      normalizedShape: shape as Shape,
      eps,
      elementwiseAffine,
      weight: scaleAndShift(shape, elementwiseAffine, false).weight,
    };
  },
) {
  override forward(x: Tensor): Tensor {
    return F.rmsNorm(x, this.normalizedShape, this.weight, this.eps);
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 1 });
  }
}

/** Divides by a power of the mean square of neighbouring channels (Krizhevsky and others, NIPS 2012). */
export class LocalResponseNorm extends layer(
  Module<[Tensor], Tensor>,
  'nn.LocalResponseNorm',
  [p.int('size'), p.float('alpha', 1e-4), p.float('beta', 0.75), p.float('k', 1)],
  (size, alpha, beta, k) => ({ size, alpha, beta, k }),
) {
  override forward(x: Tensor): Tensor {
    return F.localResponseNorm(x, this.size, this.alpha, this.beta, this.k);
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 1 });
  }
}

/** Mean 0 and variance 1 over each group of channels of each image. */
export class GroupNorm extends layer(
  Module<[Tensor], Tensor>,
  'nn.GroupNorm',
  [p.int('numGroups'), p.int('numChannels'), epsilon, p.flag('affine', true), ...placement],
  (numGroups, numChannels, eps, affine) => {
    atLeastOne('GroupNorm', { numGroups, numChannels });
    if (numChannels % numGroups !== 0)
      fail(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups`);
    return { numGroups, numChannels, eps, affine, ...scaleAndShift([numChannels], affine) };
  },
) {
  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 2 });
  }
}

const ownStatistics = p.refused(
  'trackRunningStats',
  false,
  'every image is normalised by its own statistics; nn.BatchNorm2d keeps running ones',
);

/** Mean 0 and variance 1 for every channel of every image [N, C, H, W]; it has learnt weights only if `affine`. */
export class InstanceNorm2d extends layer(
  ChannelNorm,
  'nn.InstanceNorm2d',
  [
    p.int('numFeatures'),
    epsilon,
    p.optional(p.float('momentum', 0.1)),
    p.flag('affine', false),
    ownStatistics,
    ...placement,
  ],
  (numFeatures, eps, momentum, affine, trackRunningStats) => {
    atLeastOne('InstanceNorm2d', { numFeatures });
    return { numFeatures, eps, momentum, affine, trackRunningStats, ...scaleAndShift([numFeatures], affine) };
  },
) {
  override forward(x: Tensor): Tensor {
    return F.instanceNorm(x, { weight: this.weight, bias: this.bias, eps: this.eps });
  }
}
