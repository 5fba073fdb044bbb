/**
 * @file What the remotes of the last comparison tell of their kernels: each a trace of one forward pass, or why there
 * is none. A report is a stranger's text, so it is held against its schema before anything of it is shown.
 */
import { computed } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { RemoteComparison } from '../compare/types.ts';
import type { ProfiledEvent } from '../compile/profile-data.ts';
import type { Report } from '../remote/report.ts';
import { checkReport } from '../remote/report.ts';
import type { Highlight } from './counterparts.ts';
import { say } from './language.ts';
import type { Comparison } from './state.ts';
import { comparison, lastRun } from './state.ts';

/** A kernel as the remote's profiler saw it, in milliseconds since the start of its first. */
export interface RemoteKernel {
  readonly name: string;
  readonly start: number;
  readonly ms: number;
  /** By the path that selections have; absent where it was started between layers. */
  readonly layer?: string;
}

export interface RemoteTrace extends Pick<RemoteComparison, 'remote' | 'origin'> {
  readonly report: Report;
  /** In the order of their start. */
  readonly kernels: readonly RemoteKernel[];
  /** Kept from another day: drawn hatched. */
  readonly isRecorded: boolean;
}

export interface Untraced extends Pick<RemoteComparison, 'remote'> {
  /** A sentence. */
  readonly reason: string;
}

export interface RemoteTraces {
  readonly traces: readonly RemoteTrace[];
  readonly untraced: readonly Untraced[];
}

/** Of a comparison, for the run of a program; none where it compared another program. */
export function tracesOf(compared: Pick<Comparison, 'sides' | 'text'>, program: string | undefined): RemoteTraces {
  const all = compared.sides.map((side) => traceOf(side, compared.text === program));
  return {
    traces: all.flatMap((one) => ('kernels' in one ? one : [])),
    untraced: all.flatMap((one) => ('reason' in one ? one : [])),
  };
}

function traceOf({ remote, origin, given }: RemoteComparison, isOfProgram: boolean): RemoteTrace | Untraced {
  const without = (reason: string): Untraced => ({ remote, reason });
  if (!isOfProgram)
    return without(
      say({ en: 'it was compared with an earlier program. Compare again.', zh: '对比的是先前的程序。请重新对比。' }),
    );
  let report: Report;
  try {
    report = checkReport(given.report);
  } catch (error) {
    return without(
      say({ en: `its report cannot be read: ${messageOf(error)}`, zh: `无法读取它的报告：${messageOf(error)}` }),
    );
  }
  const { device, model, kernels = [] } = report;
  if (kernels.length === 0)
    return without(
      device.type === 'cpu'
        ? say({
            en: `it ran PyTorch on a CPU, ${device.name}. Only kernels of a CUDA GPU are traced.`,
            zh: `它在 CPU（${device.name}）上运行 PyTorch。只能追踪 CUDA GPU 的内核。`,
          })
        : say({ en: 'its report lists no kernels.', zh: '它的报告没有列出内核。' }),
    );
  return {
    remote,
    origin,
    report,
    isRecorded: origin.startsWith('recorded'),
    kernels: kernels
      .map(({ name, start_ms: start, time_ms: ms, layer }): RemoteKernel => ({
        name,
        start,
        ms,
        // A model without parts is its own layer; here it has its class as its path.
        ...(layer !== undefined && { layer: layer === '' ? model : layer }),
      }))
      .toSorted((a, b) => a.start - b.start),
  };
}

/** `'NVIDIA A100-SXM4-80GB (gpu-machine)'`; a remote that has its device in its name is told by that. */
export const nameOf = ({ remote, report }: Pick<RemoteTrace, 'remote' | 'report'>): string =>
  remote.includes(report.device.name) ? remote : `${report.device.name} (${remote})`;

/** The kernels of the model's last call here: a job is made of that call, so it is the same work. */
export function lastCallOf(model: string, events: readonly ProfiledEvent[]): readonly ProfiledEvent[] {
  const call = events.findLast(({ layers }) => layers[0]?.name === model)?.layers[0].call;
  return call === undefined ? [] : events.filter(({ layers }) => layers[0]?.call === call);
}

/** Of the last comparison; nothing before the first. */
export const remoteTraces = computed<RemoteTraces | undefined>(
  () => comparison.value && tracesOf(comparison.value, lastRun.value?.text),
);

/** Whether what is selected on the page lights a kernel there: by its layer, which has the same name on both sides. */
export const isRemoteLit = ({ layer }: RemoteKernel, { layers }: Highlight): boolean =>
  layer !== undefined && layers.has(layer);
