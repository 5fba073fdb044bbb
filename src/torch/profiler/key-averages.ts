/**
 * @file Averages: the events of a profile by what they have in common, with PyTorch's sums under its names. Times are
 * in microseconds.
 */
import { formatShape } from '../../base/shape.ts';
import type { ProfiledEvent } from '../../compile/profile-data.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import type { Ceilings, ProfileData } from '../../compile/profile-data.ts';
import type { TableOptions } from './table.ts';
import { sortKeys, tableText } from './table.ts';

/** By what events are put together. */
export const bys = ['op', 'kernel', 'layer'] as const;
export type By = (typeof bys)[number];

export interface KeyAverage {
  readonly key: string;
  /** Shapes of the operands, where rows are told apart by them. */
  readonly inputShapes?: string;
  /** Calls: of the operation, the kernel or the layer. */
  readonly count: number;
  /** Without the layers inside of it; operations and kernels have nothing inside. */
  readonly selfGpuTimeTotal: number;
  readonly gpuTimeTotal: number;
  /** On the cpu reference. */
  readonly selfCpuTimeTotal: number;
  readonly cpuTimeTotal: number;
  /** Kernels that ran, in all calls. */
  readonly kernels: number;
  /** Computed: of the buffers that kernels bind, once for reading and once for writing. */
  readonly bytes: number;
  /** Computed: of the direct method. */
  readonly flops: number;
  /**
   * How near it came to what the adapter's measured rates allow it, from 0 to 1; absent where they were not asked for,
   * and for the cpu.
   */
  readonly ofCeiling?: number;
}

/** The rows of a profile. */
export class KeyAverages implements Iterable<KeyAverage> {
  readonly rows: readonly KeyAverage[];
  private readonly profiled: ProfileData;

  constructor(rows: readonly KeyAverage[], profiled: ProfileData) {
    this.rows = rows;
    this.profiled = profiled;
  }

  [Symbol.iterator](): Iterator<KeyAverage> {
    return this.rows[Symbol.iterator]();
  }

  /** The table as text: at most `rowLimit` rows (-1: all), the largest first where `sortBy` names a column. */
  table(options?: Partial<TableOptions>): string;
  table(sortBy: TableOptions['sortBy'], rowLimit?: number, options?: Partial<TableOptions>): string;
  table(
    sortBy: any,
    rowLimit?: any,
    _maxSrcColumnWidth?: any,
    maxNameColumnWidth?: any,
    maxShapesColumnWidth?: any,
    header?: any,
  ): string {
    const options = { sortBy, rowLimit, maxNameColumnWidth, maxShapesColumnWidth, header } as TableOptions;
    return tableText(this.rows, this.profiled, options);
  }

  toString(): string {
    return this.table();
  }
}

checked('profiler.key_averages', KeyAverages, {
  table: [
    p.choice(sortKeys)('sortBy', null),
    p.int('rowLimit', 100),
    p.refused('maxSrcColumnWidth', 75, 'no stacks are recorded'),
    p.int('maxNameColumnWidth', 55),
    p.int('maxShapesColumnWidth', 80),
    p.text('header', null),
    p.refused('topLevelEventsOnly', false, "keyAverages({ by: 'layer' }) tells of layers"),
  ],
});

/** What one row takes of an event: which call it is of, and whether it did the work itself. */
interface Membership {
  readonly key: string;
  readonly call: string;
  readonly self: boolean;
}

/** The rows that an event counts for. */
const memberships: Readonly<Record<By, (event: ProfiledEvent, index: number) => readonly Membership[]>> = {
  op: ({ operation, call }) => [{ key: operation, call, self: true }],
  kernel: ({ name }, index) => [{ key: name, call: String(index), self: true }],
  layer: ({ layers, call: own }) =>
    layers.length === 0
      ? [{ key: outside, call: own, self: true }]
      : layers.map(({ name, call }, i) => ({ key: name, call, self: i === layers.length - 1 })),
};

/** What was recorded in no module. */
const outside = 'outside of modules';

type Sums = { -readonly [K in keyof KeyAverage]: KeyAverage[K] } & { readonly calls: Set<string> };

export function averaged(profiled: ProfileData, by: By, byShape: boolean): KeyAverages {
  const rows = new Map<string, Sums>();
  profiled.events.forEach((event, index) => {
    const inputShapes = byShape ? `[${event.inputShapes.map(formatShape).join(', ')}]` : undefined;
    for (const { key, call, self } of memberships[by](event, index)) {
      const id = `${key}\n${inputShapes ?? ''}`;
      let row = rows.get(id);
      if (!row) rows.set(id, (row = empty(key, inputShapes)));
      row.calls.add(call);
      take(row, event, self);
    }
  });
  return new KeyAverages(
    [...rows.values()].map(({ calls, ...sums }): KeyAverage => ({
      ...sums,
      count: calls.size,
      ...(profiled.ceilings && sums.gpuTimeTotal > 0 && { ofCeiling: shareOf(sums, profiled.ceilings) }),
    })),
    profiled,
  );
}

const empty = (key: string, inputShapes: string | undefined): Sums => ({
  key,
  ...(inputShapes !== undefined && { inputShapes }),
  count: 0,
  selfGpuTimeTotal: 0,
  gpuTimeTotal: 0,
  selfCpuTimeTotal: 0,
  cpuTimeTotal: 0,
  kernels: 0,
  bytes: 0,
  flops: 0,
  calls: new Set(),
});

function take(row: Sums, { device, start, end, bytes, flops }: ProfiledEvent, self: boolean): void {
  const time = 1000 * (end - start);
  row.bytes += bytes;
  row.flops += flops;
  if (device === 'webgpu') {
    row.kernels++;
    row.gpuTimeTotal += time;
    if (self) row.selfGpuTimeTotal += time;
  } else {
    row.cpuTimeTotal += time;
    if (self) row.selfCpuTimeTotal += time;
  }
}

/** The time that the lower ceiling allows, arithmetic's or memory's, over the time taken. */
function shareOf({ bytes, flops, gpuTimeTotal }: KeyAverage, ceilings: Ceilings): number {
  return Math.max(bytes / ceilings.bytes, flops / ceilings.flops) / (1000 * gpuTimeTotal);
}
