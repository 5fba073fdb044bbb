/**
 * @file SPLIT_K: a long sum cut into parts that are made side by side and then added in a fixed order.
 *
 * The parts are a batch of smaller products, so the kernels of REGISTER make them; only the joining is new.
 */
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { epilogueParts, noEpilogue } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmParams, gemmPart } from './algorithm.ts';
import type { GemmDescriptor } from './descriptor.ts';
import { register } from './register.ts';

/** Terms of a sum that are worth a part. */
const fewestTerms = 64;

const group = 64;

interface SplitConfig extends Config {
  readonly parts: number;
  readonly gemmConfig: Config;
}

export const splitK = gemmAlgorithm<SplitConfig>({
  name: 'SPLIT_K',
  determinism: 'deterministic',
  supports: (d) => {
    if (d.outer > 1) return `needs one outer batch, since the parts take its place; there are ${d.outer}`;
    if (d.K < 2 * fewestTerms) return `needs sums of at least ${2 * fewestTerms} terms to split; these have ${d.K}`;
    return true;
  },
  configs: (d, device) =>
    [4, 16]
      .filter((parts) => d.K >= parts * (fewestTerms / 2))
      .flatMap((parts) =>
        register
          .configs(d, device)
          .map((gemmConfig) => ({
            label: `${parts} parts, ${gemmConfig.label}`,
            mathType: gemmConfig.mathType,
            parts,
            gemmConfig,
          })),
      ),
  workspace: (d, { parts }) => [4 * partsMade(d, parts) * d.inner * d.M * d.N],
  launches: (d, config, slots) => {
    const [parts] = slots.workspace;
    const { files, bindings } = epilogueParts(d.epilogue, slots);
    return [
      ...partsOf(d, config.parts).flatMap((part) =>
        register.launches(part, config.gemmConfig, { a: slots.a, b: slots.b, c: parts, workspace: [] }),
      ),
      {
        kernel: kernel('gemm/split_k_join', gemmPart({ ...d, wideResult: false }, config), linear(group), { files }),
        bindings: [reads(parts), writes(slots.c), gemmParams(d), params(partsMade(d, config.parts))],
        epilogue: bindings,
        workgroups: linearGrid(ceilDiv(d.inner * d.M * d.N, group)),
      },
    ];
  },
});

/** Terms of a part; the last part may have fewer. */
const termsOf = (d: GemmDescriptor, parts: number): number => ceilDiv(d.K, parts);

const partsMade = (d: GemmDescriptor, parts: number): number => ceilDiv(d.K, termsOf(d, parts));

/** The products that make the parts: those of full length as one batch, and what is left over. */
function partsOf(d: GemmDescriptor, parts: number): GemmDescriptor[] {
  const terms = termsOf(d, parts);
  const full = Math.floor(d.K / terms);
  const length = d.inner * d.M * d.N;
  const part = (first: number, outer: number, K: number): GemmDescriptor => ({
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
  return rest ? [part(0, full, terms), part(full, 1, rest)] : [part(0, full, terms)];
}
