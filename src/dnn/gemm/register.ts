/**
 * @file REGISTER: each invocation keeps a block of c in registers, without barriers or workgroup memory. VEC4 does the
 * same with b read and c written four columns at a time, where both lie in memory so that it can be done.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../kernels/block.ts';
import { blockColumns, blockLabel, blockPart, blockShapes } from '../kernels/block.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import type { GemmAlgorithm } from './algorithm.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';
import type { MatrixLayout } from './descriptor.ts';

interface BlockConfig extends Config {
  readonly block: BlockShape;
}

/** An algorithm that makes c by register blocks; its kernel is linked with `partOf`. */
const blocked = (
  name: string,
  kernel: string,
  partOf: (block: BlockShape) => KernelPart,
  supports: GemmAlgorithm<BlockConfig>['supports'],
): GemmAlgorithm =>
  gemmAlgorithm<BlockConfig>({
    name,
    determinism: 'deterministic',
    supports,
    configs: (d, device) =>
      mathTypes(d).flatMap((mathType) =>
        blockShapes(d.M, d.N, device).map((block) => ({ label: blockLabel(block), mathType, block })),
      ),
    workspace: () => [],
    launches: (d, config, slots) => {
      const { block } = config;
      const tiles = ceilDiv(d.M, block.rows) * ceilDiv(d.N, blockColumns * block.group) * d.outer * d.inner;
      return [gemmLaunch(d, slots, config, { name: kernel, part: partOf(block), workgroups: tiles })];
    },
  });

export const register = blocked(
  'REGISTER',
  '3_register',
  (block) => blockPart(block),
  () => true,
);

export const vec4 = blocked('VEC4', '4_vec4', vec4Part, (d) => {
  if (d.N % 4 !== 0) return `needs a multiple of 4 columns; there are ${d.N}`;
  if (d.b.column !== 1) return `needs b's columns side by side; their stride is ${d.b.column}`;
  for (const [name, layout] of Object.entries({ b: d.b, c: d.c })) {
    const odd = crooked(layout);
    if (odd) return `needs ${name} to begin every row at a multiple of 4 elements; its ${odd} is ${layout[odd]}`;
  }
  return true;
});

function vec4Part(block: BlockShape): KernelPart {
  const part = blockPart(block);
  return { ...part, traits: { ...part.traits, vectorColumns: true, vectorResults: true } };
}

/** What of a layout is no multiple of four, if anything. */
const crooked = (layout: MatrixLayout): keyof MatrixLayout | undefined =>
  (['offset', 'outer', 'inner', 'row'] as const).find((part) => layout[part] % 4 !== 0);
