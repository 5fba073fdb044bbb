/**
 * @file The kernels of an inspected run with their measured times, each by its place, and those that are the same
 * kernel for the same purpose as one.
 */
import { groupBy } from '../base/group-by.ts';
import type { CompiledOperation, KernelPlace, KernelRecord } from '../compile/compilation.ts';
import type { Inspection } from '../session/protocol.ts';
import { say } from './language.ts';

export interface KernelFigures {
  readonly place: KernelPlace;
  readonly record: KernelRecord;
  /** How often it was timed. */
  readonly runs: number;
  /** Of all its runs, measured, in milliseconds. */
  readonly totalMs: number;
}

/** By schedule and kernel. */
export function kernelFigures({ schedules, profile }: Inspection): readonly (readonly KernelFigures[])[] {
  const figures = schedules.map(({ kernels }, schedule) =>
    kernels.map((record, kernel) => ({ place: { schedule, kernel }, record, runs: 0, totalMs: 0 })),
  );
  for (const { kernel, start, end } of profile?.events ?? []) {
    const at = kernel && figures[kernel.schedule]?.[kernel.kernel];
    if (!at) continue;
    at.runs++;
    at.totalMs += end - start;
  }
  return figures;
}

/** Of one run, on average; nothing where it was not timed. */
export const meanMs = ({ runs, totalMs }: Pick<KernelFigures, 'runs' | 'totalMs'>): number | undefined =>
  runs > 0 ? totalMs / runs : undefined;

/** What several schedules run alike: a step of a training has the kernels of the step before it. */
export interface KernelRow extends Pick<KernelFigures, 'record' | 'runs' | 'totalMs'> {
  readonly key: string;
  readonly places: readonly KernelPlace[];
  /** Of all kernels' time. */
  readonly share: number;
  readonly lines: readonly number[];
}

/** The longest first; in the order of running where nothing was timed. */
export function kernelRows(inspection: Inspection): readonly KernelRow[] {
  const all = kernelFigures(inspection).flat();
  const total = all.reduce((sum, { totalMs }) => sum + totalMs, 0);
  return [...groupBy(all, ({ record }) => keyOf(record))]
    .map(([key, alike]) => {
      const totalMs = alike.reduce((sum, one) => sum + one.totalMs, 0);
      return {
        key,
        record: alike[0].record,
        places: alike.map(({ place }) => place),
        runs: alike.reduce((sum, one) => sum + one.runs, 0),
        totalMs,
        share: total > 0 ? totalMs / total : 0,
        lines: linesOf(alike[0].record.operations),
      };
    })
    .toSorted((a, b) => b.totalMs - a.totalMs);
}

const keyOf = ({ name, operations, workgroups, bytesRead, bytesWritten, once }: KernelRecord): string =>
  JSON.stringify([name, operations, workgroups, bytesRead, bytesWritten, once]);

export const linesOf = (operations: readonly CompiledOperation[]): readonly number[] =>
  [...new Set(operations.flatMap(({ lines }) => lines))].toSorted((a, b) => a - b);

/** `'conv2d + relu'`; of many, the first and how many more. */
export function operationsText(names: readonly string[], most = 4): string {
  const shown = names.slice(0, names.length > most ? most - 1 : most).join(' + ');
  const more = names.length - most + 1;
  return names.length > most ? say({ en: `${shown} + ${more} more`, zh: `${shown} + 另外 ${more} 项` }) : shown;
}
