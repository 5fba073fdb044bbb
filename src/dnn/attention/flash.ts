/**
 * @file FLASH_ATTENTION: queries by workgroup, keys and values by tiles in workgroup memory, the softmax made on the
 * way.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits } from '../algorithm.ts';
import {
  attentionAlgorithm,
  attentionMath,
  fitsRegisters,
  fusedLaunch,
  fusedOperations,
  ownVectors,
  pairReads,
  quadsOf,
} from './algorithm.ts';
import type { AttentionDescriptor } from './descriptor.ts';
import { pairsOf, queriesOf } from './descriptor.ts';

interface FlashConfig extends Config {
  /** Queries of a workgroup. */
  readonly queries: number;
  /** Keys and values of a tile. */
  readonly keys: number;
}

/** The largest tile that workgroup memory holds. */
const tileOf = (d: AttentionDescriptor, { limits }: DeviceTraits): number | undefined =>
  [32, 16, 8].find((keys) => 16 * keys * quadsOf(d) <= limits.maxComputeWorkgroupStorageSize);

const workgroupsOf = (d: AttentionDescriptor, { queries }: FlashConfig): number =>
  d.outer * d.inner * ceilDiv(d.L, queries);

/** Invocations beyond the last query repeat it, since all of a workgroup pass its barriers. */
const computedPairs = (d: AttentionDescriptor, { queries }: FlashConfig): number =>
  (pairsOf(d) * ceilDiv(d.L, queries) * queries) / d.L;

export const flash = attentionAlgorithm<FlashConfig>({
  name: 'FLASH_ATTENTION',
  determinism: 'deterministic',
  supports: (d, device) => {
    const fits = fitsRegisters(d);
    if (fits !== true) return fits;
    return (
      tileOf(d, device) !== undefined ||
      `needs ${16 * 8 * quadsOf(d)} bytes of workgroup memory for a tile of 8 keys and values; there are ${device.limits.maxComputeWorkgroupStorageSize}`
    );
  },
  configs: (d, device) => {
    const keys = tileOf(d, device)!;
    const groups = [64, 32, 16].filter((queries) => queries === 16 || d.L > queries / 2).slice(0, 2);
    return groups.map((queries) => ({
      label: `${queries} queries, ${keys} keys a tile`,
      mathType: attentionMath(d),
      queries,
      keys,
    }));
  },
  workspace: () => [],
  operations: (d, config) => fusedOperations(d, computedPairs(d, config)),
  work: (d, config) => {
    const pairs = computedPairs(d, config);
    return {
      // Four elements of workgroup memory at once cost about as much as two.
      reads: pairReads(d, pairs) / 2,
      shared: true,
      vectors: ownVectors(d, pairs),
      indexArithmetic: queriesOf(d),
      exponentials: pairs,
      barriers: 2 * workgroupsOf(d, config) * config.queries * ceilDiv(pairsOf(d) / queriesOf(d), config.keys),
    };
  },
  launches: (d, config, slots) => [
    fusedLaunch(d, slots, '2_flash', { GROUP: config.queries, KEYS: config.keys }, workgroupsOf(d, config)),
  ],
});
