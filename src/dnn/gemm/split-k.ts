/**
 * @file SPLIT_K: a long sum split, the splits made side by side and then added in a fixed order.
 *
 * The splits are a batch of smaller products, so the kernels of REGISTER make them; only the joining is new.
 */
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { epilogueParts, noEpilogue } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmParams, gemmPart } from './algorithm.ts';
import type { GemmDescriptor } from './descriptor.ts';
import { register } from './register.ts';

/** Terms of a sum that are worth a split. */
const fewestTerms = 64;

const group = 64;

interface SplitConfig extends Config {
  readonly splits: number;
  readonly gemmConfig: Config;
}

export const splitK = gemmAlgorithm<SplitConfig>({
  name: 'SPLIT_K',
  determinism: 'deterministic',
  supports: (d) => {
    if (d.outer > 1) return `needs one outer batch, since the splits take its place; there are ${d.outer}`;
    if (d.K < 2 * fewestTerms) return `needs sums of at least ${2 * fewestTerms} terms to split; these have ${d.K}`;
    return true;
  },
  configs: (d, device) =>
    [4, 16]
      .filter((splits) => d.K >= splits * (fewestTerms / 2))
      .flatMap((splits) =>
        register
          .configs(d, device)
          .map((gemmConfig) => ({
            label: `${splits} splits, ${gemmConfig.label}`,
            mathType: gemmConfig.mathType,
            splits,
            gemmConfig,
          })),
      ),
  workspace: (d, { splits }) => [4 * splitsMade(d, splits) * d.inner * d.M * d.N],
  launches: (d, config, slots) => {
    const [splits] = slots.workspace;
    const { part, bindings } = epilogueParts(d.epilogue, slots);
    return [
      ...splitProducts(d, config.splits).flatMap((product) =>
        register.launches(product, config.gemmConfig, { a: slots.a, b: slots.b, c: splits, workspace: [] }),
      ),
      {
        kernel: kernel('gemm/split_k_join', gemmPart({ ...d, wideResult: false }, config), linear(group), part),
        bindings: [reads(splits), writes(slots.c), gemmParams(d), params(splitsMade(d, config.splits))],
        epilogue: bindings,
        workgroups: linearGrid(ceilDiv(d.inner * d.M * d.N, group)),
      },
    ];
  },
});

/** Terms of a split; the last may have fewer. */
const termsOf = (d: GemmDescriptor, splits: number): number => ceilDiv(d.K, splits);

const splitsMade = (d: GemmDescriptor, splits: number): number => ceilDiv(d.K, termsOf(d, splits));

/** The products that make the splits: those of full length as one batch, and what is left over. */
function splitProducts(d: GemmDescriptor, splits: number): GemmDescriptor[] {
  const terms = termsOf(d, splits);
  const full = Math.floor(d.K / terms);
  const length = d.inner * d.M * d.N;
  const product = (first: number, outer: number, K: number): GemmDescriptor => ({
    ...d,
    outer,
    K,
    a: { ...d.a, offset: d.a.offset + first * terms * d.a.column, outer: terms * d.a.column },
    b: { ...d.b, offset: d.b.offset + first * terms * d.b.row, outer: terms * d.b.row },
    c: { offset: first * length, outer: length, inner: d.M * d.N, row: d.N, column: 1 },
    wideResult: true,
    epilogue: noEpilogue,
  });
  const rest = d.K - full * terms;
  return rest ? [product(0, full, terms), product(full, 1, rest)] : [product(0, full, terms)];
}
