/**
 * @file A remote's kernels as rows of the timeline, under ours and on their scale, and what is said of them. The remote
 * has a clock of its own, so where its pass begins on ours is a choice: where our side began to run the same.
 */
import { counted, formatDuration, formatPercent } from '../../../base/format.ts';
import { algorithmOfKernel } from '../../../compare/kernel-names.ts';
import type { ProfiledEvent } from '../../../compile/profile-data.ts';
import type { Inspection } from '../../../session/protocol.ts';
import type { RemoteTrace } from '../../remote-traces.ts';
import { lastCallOf, nameOf } from '../../remote-traces.ts';
import type { Facts } from './facts.ts';
import type { Item, Row } from './rows.ts';
import { nested } from './rows.ts';

/** The same work here where it is known, else the first kernel, else the run. */
export function beginningOf(model: string, { start, profile }: Pick<Inspection, 'start' | 'profile'>) {
  const events = profile?.events ?? [];
  const first = (of: readonly ProfiledEvent[]): number => of.reduce((at, one) => Math.min(at, one.start), Infinity);
  const call = lastCallOf(model, events);
  if (call.length > 0) return { at: first(call), where: `your last call of ${model}` };
  return events.length > 0 ? { at: first(events), where: 'your first kernel' } : { at: start, where: 'your run' };
}

/** Kernels of several streams overlap, and then stand in several rows. More than these a GPU hardly has. */
const mostRows = 8;

export function remoteRows(trace: RemoteTrace, inspection: Pick<Inspection, 'start' | 'profile'>): Row[] {
  const { at } = beginningOf(trace.report.model, inspection);
  const items = trace.kernels.map((kernel): Item => ({
    kind: 'remote',
    name: kernel.name,
    start: at + kernel.start,
    end: at + kernel.start + kernel.ms,
    events: [],
    remote: { kernel, trace },
  }));
  return nested(items, mostRows).map((row) => ({ kind: 'remote', items: row, trace }));
}

/** `'Remote: NVIDIA A100-SXM4-80GB (gpu-machine), measured there'`. */
export const headingOf = (trace: RemoteTrace): string => `Remote: ${nameOf(trace)}, measured there`;

/** What a lane is, and how its place came about, in sentences. */
export function laneText(trace: RemoteTrace, inspection: Pick<Inspection, 'start' | 'profile'>): string {
  const { report, kernels, origin, isRecorded } = trace;
  const sum = kernels.reduce((total, { ms }) => total + ms, 0);
  const last = kernels.reduce((end, { start, ms }) => Math.max(end, start + ms), 0);
  const drawn = remoteRows(trace, inspection).reduce((count, { items }) => count + items.length, 0);
  const hidden = kernels.length - drawn;
  const lost = kernels.filter(({ layer }) => layer === undefined).length;
  return [
    `${nameOf(trace)}: ${counted(kernels.length, 'kernel')} of one forward pass of ${report.model}, ${formatDuration(sum)} in all, within ${formatDuration(last)}, measured there by PyTorch's profiler, ${origin}${isRecorded ? ' and therefore hatched' : ''}.`,
    `Its clock is not yours: the first kernel is drawn where ${beginningOf(report.model, inspection).where} begins.`,
    // marked_layers in src/remote/python/kernels.py
    'It waits for the GPU after each layer, so gaps are longer than in a plain run.',
    ...(hidden > 0 ? [`${counted(hidden, 'kernel')} that overlap ${mostRows} others are not drawn.`] : []),
    ...(lost > 0
      ? [
          `${lost} of them ${lost === 1 ? 'belongs' : 'belong'} to no layer, so no selection lights ${lost === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ].join(' ');
}

/** Of what is drawn as one, kernels of one remote. */
export function remoteFacts(items: readonly Item[], { trace, kernel }: NonNullable<Item['remote']>): Facts {
  const { report, kernels } = trace;
  const of = items.map((item) => item.remote!.kernel);
  const ms = of.reduce((sum, one) => sum + one.ms, 0);
  const total = kernels.reduce((sum, one) => sum + one.ms, 0);
  const times: Facts['facts'] = [
    ['starts there at', formatDuration(kernel.start)],
    [items.length > 1 ? 'take' : 'takes', formatDuration(ms)],
    ["of the remote's kernels", formatPercent(total > 0 ? ms / total : 0)],
  ];
  if (items.length > 1)
    return {
      title: `${counted(items.length, 'kernel')}; zoom in to tell them apart`,
      about: `on ${report.device.name}`,
      facts: times,
    };
  const algorithm = algorithmOfKernel(kernel.name);
  return {
    title: kernel.name,
    about: `on ${report.device.name}`,
    facts: [
      ...times,
      ['layer', kernel.layer ?? 'not known: it was started between layers'],
      ...(algorithm
        ? [
            [
              'algorithm, by its name',
              `${algorithm.algorithm}${algorithm.tensorCores ? ', tensor cores' : ''}`,
            ] as const,
          ]
        : []),
    ],
  };
}
