/**
 * @file MATH: the definition, in three steps: scores by a matrix product, their softmax, the values by another product.
 * The products are those of ../gemm; the matrix of scores lies in the workspace.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits } from '../algorithm.ts';
import type { GemmAlgorithm } from '../gemm/algorithm.ts';
import type { GemmDescriptor } from '../gemm/descriptor.ts';
import { gemmDescriptor, gemmFlops } from '../gemm/descriptor.ts';
import { gemmTable } from '../gemm/table.ts';
import type { AttentionSlots } from './algorithm.ts';
import { attentionAlgorithm, attentionMath, maskBindings, softmaxPart } from './algorithm.ts';
import type { AttentionDescriptor } from './descriptor.ts';
import { attentionParams, queriesOf } from './descriptor.ts';

/** Those that need no workspace of their own and are not there to learn from. */
const products = [gemmTable.REGISTER, gemmTable.SHARED];

interface Product {
  readonly algorithm: GemmAlgorithm;
  readonly config: Config;
}

interface MathConfig extends Config {
  readonly scores: Product;
  readonly values: Product;
}

const group = 64;

const scoreCount = (d: AttentionDescriptor): number => queriesOf(d) * d.S;

export const math = attentionAlgorithm<MathConfig>({
  name: 'MATH',
  determinism: 'deterministic',
  supports: (d, { limits }) => {
    const bytes = 4 * scoreCount(d);
    const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
    return bytes <= most || `needs a matrix of scores of ${bytes} bytes; this adapter's largest buffer has ${most}`;
  },
  configs: (d, device) =>
    products.flatMap((algorithm) =>
      configsOf(algorithm, scoresProduct(d), device).map((config) => {
        const values = valuesBy(d, algorithm, config, device);
        return {
          label: [algorithm.name.toLowerCase(), config.label].filter(Boolean).join(' '),
          mathType: attentionMath(d),
          scores: { algorithm, config },
          values,
        };
      }),
    ),
  // float16 keeps its scores in float32, and the weights made of them beside them.
  workspace: (d) => (d.dtype === 'float16' ? [4 * scoreCount(d), 2 * scoreCount(d)] : [4 * scoreCount(d)]),
  products: (d, { scores, values }) => [
    { operations: gemmFlops(scoresProduct(d)), config: scores.config },
    { operations: gemmFlops(valuesProduct(d)), config: values.config },
  ],
  work: (d) => ({ exponentials: exponentialsPerScore * scoreCount(d), barriers: softmaxBarriers(d) }),
  launches: (d, { scores, values }, slots) => {
    const [matrix, weights = matrix] = slots.workspace;
    return [
      ...scores.algorithm.launches(scoresProduct(d), scores.config, {
        a: slots.q,
        b: slots.k,
        c: matrix,
        workspace: [],
      }),
      softmax(d, slots, matrix, weights),
      ...values.algorithm.launches(valuesProduct(d), values.config, {
        a: weights,
        b: slots.v,
        c: slots.y,
        workspace: [],
      }),
    ];
  },
});

/** Configurations that add up in float32. */
const configsOf = (algorithm: GemmAlgorithm, product: GemmDescriptor, device: DeviceTraits): Config[] =>
  algorithm.configs(product, device).filter(({ mathType }) => mathType !== 'HALF_ARITHMETIC');

/** The values' product as much like the scores' as it can be, in fours where it lies so. */
function valuesBy(d: AttentionDescriptor, algorithm: GemmAlgorithm, like: Config, device: DeviceTraits): Product {
  const product = valuesProduct(d);
  const taken =
    algorithm === gemmTable.REGISTER && gemmTable.VEC4.supports(product, device) === true ? gemmTable.VEC4 : algorithm;
  const configs = configsOf(taken, product, device);
  return { algorithm: taken, config: configs.find(({ label }) => label === like.label) ?? configs[0] };
}

/** scores = q·kᵀ, kept in float32. */
const scoresProduct = (d: AttentionDescriptor): GemmDescriptor =>
  gemmDescriptor(d.L, d.S, d.E, {
    outer: d.outer,
    inner: d.inner,
    a: d.q,
    b: { ...d.k, row: d.k.column, column: d.k.row },
    dtype: d.dtype,
    wideResult: true,
  });

/** y = weights·v */
const valuesProduct = (d: AttentionDescriptor): GemmDescriptor =>
  gemmDescriptor(d.L, d.Ev, d.S, { outer: d.outer, inner: d.inner, b: d.v, dtype: d.dtype });

/** Invocations that share a row of so many keys. */
const threadsFor = (keys: number): number => (keys <= 32 ? 1 : keys <= 256 ? 8 : group);

/** Of the softmax: one for the sum, one for the weight. */
const exponentialsPerScore = 2;

/** Barriers that the softmax's invocations pass: two trees, and around them. */
const softmaxBarriers = (d: AttentionDescriptor): number =>
  queriesOf(d) * threadsFor(d.S) * (2 * Math.log2(threadsFor(d.S)) + 3);

function softmax(d: AttentionDescriptor, slots: AttentionSlots, scores: Slot, weights: Slot): Launch {
  const threads = threadsFor(d.S);
  const inPlace = weights === scores;
  return {
    kernel: kernel('attention/softmax', softmaxPart(d), {
      const: { GROUP: group, THREADS: threads },
      files: [`attention/scores_${inPlace ? 'in_place' : 'separate'}.wgsl`],
    }),
    bindings: [attentionParams(d), ...(inPlace ? [writes(scores)] : [reads(scores), writes(weights)])],
    epilogue: maskBindings(d, slots),
    workgroups: linearGrid(ceilDiv(queriesOf(d), group / threads)),
  };
}
