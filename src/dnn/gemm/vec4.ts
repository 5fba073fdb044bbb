/**
 * @file VEC4: REGISTER with b read and c written four columns at a time, where both lie in memory so that it can be done.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../kernels/block.ts';
import { blockColumns, blockLabel, blockPart, blockShapes } from '../kernels/block.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';
import type { MatrixLayout } from './descriptor.ts';

interface Vec4Config extends Config {
  readonly block: BlockShape;
}

export const vec4 = gemmAlgorithm<Vec4Config>({
  name: 'VEC4',
  determinism: 'deterministic',
  supports: (d) => {
    if (d.N % 4 !== 0) return `needs a multiple of 4 columns; there are ${d.N}`;
    if (d.b.column !== 1) return `needs b's columns side by side; their stride is ${d.b.column}`;
    for (const [name, layout] of Object.entries({ b: d.b, c: d.c })) {
      const odd = crooked(layout);
      if (odd) return `needs ${name} to begin every row at a multiple of 4 elements; its ${odd} is ${layout[odd]}`;
    }
    return true;
  },
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType) =>
      blockShapes(d.M, d.N, device).map((block) => ({ label: blockLabel(block), mathType, block })),
    ),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { block } = config;
    const tiles = ceilDiv(d.M, block.rows) * ceilDiv(d.N, blockColumns * block.group) * d.outer * d.inner;
    return [gemmLaunch(d, slots, config, { name: '4_vec4', part: vec4Part(block), workgroups: tiles })];
  },
});

function vec4Part(block: BlockShape): KernelPart {
  const part = blockPart(block);
  return { ...part, traits: { ...part.traits, vectorColumns: true, vectorResults: true } };
}

/** What of a layout is no multiple of four, if anything. */
const crooked = (layout: MatrixLayout): keyof MatrixLayout | undefined =>
  (['offset', 'outer', 'inner', 'row'] as const).find((part) => layout[part] % 4 !== 0);
