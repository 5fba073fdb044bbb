/**
 * @file The device memory of a run, kernel by kernel: who holds how much while each of them runs.
 */
import type { MemoryData, MemorySample } from '../../../compile/memory-data.ts';
import { kernelKey } from '../../counterparts.ts';
import type { Inspection } from '../../../session/protocol.ts';

/** Who holds memory, from the bottom of the picture to its top. */
export const bands = [
  'parameters',
  'optimizer state',
  'inputs',
  'gradients',
  'activations',
  'workspace',
  'idle',
  'other',
] as const;

export type Band = (typeof bands)[number];

/** A kernel as it runs. */
export interface Column {
  /** From 1, in the order of running. */
  readonly number: number;
  /** Its name, where it is recorded. */
  readonly kernel?: string;
  /** By which it lights up. */
  readonly key?: string;
  /** By number: kernels of one submission have equal totals. */
  readonly submission: number;
  readonly bytes: Readonly<Record<Band, number>>;
  /** All that is in use. */
  readonly total: number;
}

export interface MemoryRun {
  readonly columns: readonly Column[];
  /** Where the most was in use, and of those places the one with the fullest intermediates. */
  readonly peak: Column;
  /** What the intermediates of the largest submission take, and would take if none shared memory with another. */
  readonly planned: number;
  readonly unshared: number;
  /** On the device in all, at the most. */
  readonly reserved: number;
  readonly leftOut: number;
}

/** Nothing where the run used no device memory. */
export function memoryRun({ memory, schedules }: Pick<Inspection, 'memory' | 'schedules'>): MemoryRun | undefined {
  const columns: Column[] = [];
  for (const [submission, sample] of memory.samples.entries()) {
    const plan = memory.plans.at(sample.plan);
    for (const [i, live] of (plan?.live ?? []).entries()) {
      const place = plan?.place && { ...plan.place, kernel: plan.place.kernel + i };
      const kernel = place && schedules.at(place.schedule)?.kernels.at(place.kernel)?.name;
      columns.push({
        number: columns.length + 1,
        ...(place && kernel !== undefined && { kernel, key: kernelKey(place) }),
        submission,
        bytes: bytesOf(sample, live),
        total: totalOf(sample),
      });
    }
  }
  if (columns.length === 0) return undefined;
  const largest = memory.plans.reduce((most, plan) => (plan.unshared > most.unshared ? plan : most));
  return {
    columns,
    peak: columns.reduce((most, column) => (isFuller(column, most) ? column : most)),
    planned: largest.planned,
    unshared: largest.unshared,
    reserved: Math.max(...memory.samples.map(({ reserved }) => reserved)),
    leftOut: memory.leftOut,
  };
}

function bytesOf({ held }: MemorySample, live: MemoryData['plans'][number]['live'][number]): Column['bytes'] {
  const { activations, gradients, workspace } = live;
  return {
    parameters: held.parameters,
    'optimizer state': held['optimizer state'],
    inputs: held.inputs,
    gradients: held.gradients + gradients,
    activations: held.activations + activations,
    workspace,
    idle: Math.max(0, held.intermediates - activations - gradients - workspace),
    other: held.other,
  };
}

const totalOf = ({ held }: MemorySample): number => Object.values(held).reduce((sum, bytes) => sum + bytes, 0);

const isFuller = (a: Column, b: Column): boolean =>
  a.total === b.total ? a.bytes.idle < b.bytes.idle : a.total > b.total;

/** As many columns as can be seen, each the fullest of those in its place. */
export function thinned(columns: readonly Column[], most: number): readonly Column[] {
  if (columns.length <= most) return columns;
  const kept = new Map<number, Column>();
  for (const [i, column] of columns.entries()) {
    const place = Math.floor((i * most) / columns.length);
    const before = kept.get(place);
    if (!before || isFuller(column, before)) kept.set(place, column);
  }
  return [...kept.values()];
}

/** Round numbers of bytes from 0 to at least `most`, about four of them. */
export function byteTicks(most: number): number[] {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, most)) / Math.log(1024)));
  const size = most / unit;
  const step = unit * ([0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 200, 256].find((one) => size / one <= 4.5) ?? 512);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}
