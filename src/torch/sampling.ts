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
import { fromHost, allocate, shapeOf } from './creation.ts';
import { requireFloat } from './ops/apply.ts';
import { withinBeside, within } from './ops/checks.ts';
import { hostOf } from './ops/bounds.ts';
import { defaultGenerator } from './random.ts';
import { inOwnMemory } from './memory.ts';
import type { MethodsOf } from './signature.ts';
import { fn, methods, overloads, p } from './signature.ts';
import { Tensor } from './tensor.ts';

/**
 * `numSamples` indices from each row of weights [C] or [N, C], drawn in proportion to the weights, which need not add
 * up to 1: [numSamples] or [N, numSamples], int64. Weights must not be negative, and some must be positive. (A single
 * draw with replacement works like one without, as in PyTorch 2; 1.13 differs.)
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
    const rows = e.reshape(checkedWeights(self.node), [sizeOf(self.node.shape.slice(0, -1)), count]);
    const weights = e.cast(withSum(rows), 'float32');
    const drawn =
      replacement && numSamples > 1
        ? byPlace(weights, numSamples, generator ?? defaultGenerator)
        : byRace(weights, numSamples, generator ?? defaultGenerator);
    return new Tensor(e.reshape(inOwnMemory(drawn), [...self.node.shape.slice(0, -1), numSamples]));
  },
);

/** Of float32. */
const largest = 2 ** 128 - 2 ** 104;

const checkedWeights = (weights: Node): Node =>
  within(
    weights,
    { least: 0, greatest: largest },
    'multinomial: a weight is {value}{place}; weights are finite and not below 0, as softmax gives them',
  );

/** The rows, in each of which a weight is above 0. */
function withSum(rows: Node): Node {
  const message = 'multinomial: all weights of a row are 0; give it one above 0';
  if (sizeOf(rows.shape) === 0) return rows;
  const host = hostOf(rows);
  if (!host) return withinBeside(rows, e.ne(e.amax(rows, [1], true), 0), { least: 1, greatest: 1 }, message);
  const [, count] = rows.shape;
  for (let at = 0; at < host.length; at += count)
    if (host.subarray(at, at + count).every((w) => w === 0)) fail(message);
  return rows;
}

/**
 * Each index waits a time that is exponential with its weight as the rate; the first to come are the draws, none of
 * them twice.
 */
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

/** Standard deviations without their history. */
function deviation(std: Tensor): Tensor {
  requireFloat('normal', std);
  const message = 'normal: std is {value}{place}; a standard deviation is at least 0';
  return new Tensor(within(std.detach().node, { least: 0, greatest: Infinity }, message));
}

/** Standard normal numbers beside a tensor, as PyTorch draws them before it scales and shifts them. */
const beside = (like: Tensor, shape: Shape, std: number, generator: Generator | null): Tensor =>
  fromHost(encode(like.dtype, drawNormal(generator ?? defaultGenerator, sizeOf(shape), 0, std)), shape, like.dtype, {
    device: like.device,
  });

/**
 * Normal numbers with this mean and standard deviation, equal to PyTorch's for the same seed: of a shape, or for each
 * element of a tensor.
 */
export const normal = overloads(
  fn(
    'torch.normal',
    [p.float('mean'), p.float('std'), p.ints('size'), '*', generator, ...asked],
    (mean, std, size, generator, dtype, device, requiresGrad): Tensor => {
      const [shape, type] = [shapeOf('normal', size), dtype ?? 'float32'];
      checkStd(std);
      return fromHost(
        allocate('normal', shape, type, () =>
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
    return beside(std, std.node.shape, 1, generator).mul(deviation(std)).add(mean);
  }),
  fn('torch.normal', [p.tensor('mean'), p.tensor('std'), '*', generator], (mean, std, generator): Tensor => {
    requireFloat('normal', mean);
    return beside(mean, broadcastShapes('normal', mean.node.shape, std.node.shape), 1, generator)
      .mul(deviation(std))
      .add(mean.detach());
  }),
);

const sampling = { multinomial };
methods(sampling);

declare module './tensor.ts' {
  interface Tensor extends MethodsOf<typeof sampling> {}
}
