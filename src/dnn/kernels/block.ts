/**
 * @file The register block that barrier-free kernels share (shaders/block/): ROWS×8 sums an invocation, and how its
 * rows are read: by each invocation for itself, or by a subgroup together.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';

export interface BlockShape {
  readonly rows: 8 | 16;
  /** Invocations of a workgroup; each takes 8 columns. */
  readonly group: number;
  /** Lanes that share the reading of rows; 1: each invocation reads for itself. */
  readonly lanes: number;
}

/** Columns of a block. */
export const blockColumns = 8;

/**
 * Fitting blocks for a result of `rows`×`columns`, the likely best first: rows read together before rows read alone,
 * high before low.
 */
export function blockShapes(rows: number, columns: number, device: DeviceTraits): BlockShape[] {
  const heights: BlockShape['rows'][] = rows > 8 ? [16, 8] : [8];
  const group = columns >= 64 * blockColumns ? 32 : 16;
  const lanes = device.subgroupSize ?? 1;
  const alone = { rows: heights[0], group, lanes: 1 };
  return lanes < 4
    ? [alone]
    : [...heights.map((height) => ({ rows: height, group: Math.max(group, lanes), lanes })), alone];
}

export const blockLabel = ({ rows, group, lanes }: BlockShape): string =>
  `${rows}×${blockColumns} a thread, ${group} threads${lanes > 1 ? `, subgroups of ${lanes}` : ''}`;

/** `byFour`: the kernel offers its rows as vectors of four. */
export function blockPart({ rows, group, lanes }: BlockShape, byFour = false): KernelPart {
  const files = ['block/unit.wgsl', `block/rows_${rows}.wgsl`];
  const constants = { GROUP: group, LANES: lanes };
  if (lanes > 1)
    return {
      enable: ['subgroups'],
      const: constants,
      files: [...files, 'block/subgroup.wgsl'],
      traits: { rowLanes: lanes },
    };
  return {
    const: constants,
    files: [...files, byFour ? 'block/each_by_four.wgsl' : 'block/each.wgsl'],
    traits: { vectorRows: byFour },
  };
}
