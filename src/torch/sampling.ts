/**
 * @file Drawing by given chances: multinomial, normal. For the same seed the draws equal PyTorch's on the cpu.
 */
import { encode } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { exponential, normal as drawNormal } from '../base/random.ts';
import type { Generator } from '../base/random.ts';
import type { Shape } from '../base/shape.ts';
import { broadcastShapes, sizeOf } from '../base/shape.ts';
import * as e from '../graph/expr.ts';
import { argmax } from '../graph/ops/reduce.ts';
import { cumsum } from '../graph/ops/scan.ts';
import { argsort } from '../graph/ops/sort.ts';
import { leaf, record } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import { fromHost, made, shapeOf } from './creation.ts';
import { requireFloat } from './ops/apply.ts';
import { defaultGenerator } from './random.ts';
import { inOwnMemory } from './memory.ts';
import type { MethodsOf } from './signature.ts';
import { fn, methods, overloads, p } from './signature.ts';
import { Tensor } from './tensor.ts';

/**
 * `numSamples` indices from each row of weights [C] or [N, C], drawn in proportion to the weights, which need not add up to 1:
 * [numSamples] or [N, numSamples], int32. Weights are not below 0, and some are above. (A single draw with replacement is made as one
 * without, as PyTorch 2 makes it; 1.13 made it otherwise.)
 */
export const multinomial = fn(
  'torch.multinomial',
  [p.tensor('input'), p.int('numSamples'), p.flag('replacement', false), '*', p.generator('generator', null)],
  (self, numSamples, replacement, generator): Tensor => {
    requireFloat('multinomial', self);
    if (self.ndim !== 1 && self.ndim !== 2)
      fail(`multinomial: the weights have shape ${self.shape}; expected [C] or [N, C]`);
    const count = self.shape.at(-1)!;
    if (numSamples < 1) fail(`multinomial: numSamples is ${numSamples}, not a whole number of at least 1`);
    if (!replacement && numSamples > count)
      fail(
        `multinomial: ${numSamples} samples from ${count} weights without replacement; draw at most ${count}, or pass { replacement: true }`,
      );
    checkWeights(self);
    const weights = e.cast(e.reshape(self.node, [sizeOf(self.node.shape.slice(0, -1)), count]), 'float32');
    const drawn =
      replacement && numSamples > 1
        ? byPlace(weights, numSamples, generator ?? defaultGenerator)
        : byRace(weights, numSamples, generator ?? defaultGenerator);
    return new Tensor(e.reshape(inOwnMemory(drawn), [...self.node.shape.slice(0, -1), numSamples]));
  },
);

/** Weights on the host can be looked at. */
function checkWeights(weights: Tensor): void {
  const host = weights.dtype === 'float32' ? weights.node.value?.host : undefined;
  const wrong = host?.find((w) => !(w >= 0 && w < Infinity));
  if (wrong !== undefined)
    fail(`multinomial: a weight is ${wrong}; weights are finite and not below 0, as softmax gives them`);
}

/** Each index waits a time that is exponential with its weight as the rate; the first to come are the draws, none of them twice. */
function byRace(weights: Node, numSamples: number, generator: Generator): Node {
  const waits = leaf(
    { shape: weights.shape, dtype: 'float32' },
    weights.device,
    exponential(generator, sizeOf(weights.shape)),
  );
  const speeds = e.div(weights, waits);
  if (numSamples === 1) return record(argmax, [speeds], { dims: [1], keepdim: true });
  return e.slice(record(argsort, [speeds], { dim: 1, descending: true }), 1, 0, numSamples);
}

/** A uniform number falls between two of the weights' running sums. */
function byPlace(weights: Node, numSamples: number, generator: Generator): Node {
  const [rows, count] = weights.shape;
  const sums = record(cumsum, [weights], { dim: 1, reverse: false });
  const shares = e.div(sums, e.slice(sums, 1, count - 1, count));
  const draws = Float32Array.from({ length: rows * numSamples }, () => roundUp(generator.uniform53()));
  const places = leaf({ shape: [rows, numSamples, 1], dtype: 'float32' }, weights.device, draws);
  const below = e.lt(e.reshape(e.slice(shares, 1, 0, count - 1), [rows, 1, count - 1]), places);
  return e.sum(below, [2]);
}

/** The least float32 that is not below x: it compares with others as x does. */
function roundUp(x: number): number {
  const near = Math.fround(x);
  return near >= x ? near : Math.fround(near + 2 ** (Math.floor(Math.log2(near)) - 23));
}

const [generator, asked] = [
  p.generator('generator', null),
  [p.dtype('dtype', null), p.device('device', null), p.flag('requiresGrad', false)] as const,
];

function checkStd(std: number): void {
  if (!(std >= 0)) fail(`normal: std is ${std}; a standard deviation is at least 0`);
}

/** Standard normal numbers beside a tensor, as PyTorch draws them before it scales and shifts them. */
const beside = (like: Tensor, shape: Shape, std: number, generator: Generator | null): Tensor =>
  fromHost(encode(like.dtype, drawNormal(generator ?? defaultGenerator, sizeOf(shape), 0, std)), shape, like.dtype, {
    device: like.device,
  });

/** Normal numbers with this mean and standard deviation, equal to PyTorch's for the same seed: of a shape, or for each element of a tensor. */
export const normal = overloads(
  fn(
    'torch.normal',
    [p.float('mean'), p.float('std'), p.ints('size'), '*', generator, ...asked],
    (mean, std, size, generator, dtype, device, requiresGrad): Tensor => {
      const [shape, type] = [shapeOf('normal', size), dtype ?? 'float32'];
      checkStd(std);
      return fromHost(
        made('normal', shape, type, () =>
          encode(type, drawNormal(generator ?? defaultGenerator, sizeOf(shape), mean, std)),
        ),
        shape,
        type,
        { device: device ?? undefined, requiresGrad },
      );
    },
  ),
  fn('torch.normal', [p.tensor('mean'), p.float('std', 1), '*', generator], (mean, std, generator): Tensor => {
    checkStd(std);
    requireFloat('normal', mean);
    return beside(mean, mean.node.shape, std, generator).add(mean.detach());
  }),
  fn('torch.normal', [p.float('mean'), p.tensor('std'), '*', generator], (mean, std, generator): Tensor => {
    requireFloat('normal', std);
    return beside(std, std.node.shape, 1, generator).mul(std.detach()).add(mean);
  }),
  fn('torch.normal', [p.tensor('mean'), p.tensor('std'), '*', generator], (mean, std, generator): Tensor => {
    requireFloat('normal', mean, std);
    return beside(mean, broadcastShapes('normal', mean.node.shape, std.node.shape), 1, generator)
      .mul(std.detach())
      .add(mean.detach());
  }),
);

const sampling = { multinomial };
methods(sampling);

declare module './tensor.ts' {
  interface Tensor extends MethodsOf<typeof sampling> {}
}
