/**
 * @file A remote's kernels as rows of the timeline, under ours and on their scale, and what is said of them. The remote
 * has a clock of its own, so where its pass begins on ours is a choice: where our side began to run the same.
 */
import { counted, formatDuration, formatPercent } from '../../../base/format.ts';
import { algorithmOfKernel } from '../../../compare/kernel-names.ts';
import type { ProfiledEvent } from '../../../compile/profile-data.ts';
import type { Inspection } from '../../../session/protocol.ts';
import { say } from '../../language.ts';
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
  if (call.length > 0)
    return { at: first(call), where: { en: `your last call of ${model}`, zh: `你最近一次调用 ${model}` } };
  return events.length > 0
    ? { at: first(events), where: { en: 'your first kernel', zh: '你的第一个内核' } }
    : { at: start, where: { en: 'your run', zh: '你的运行' } };
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
export const headingOf = (trace: RemoteTrace): string =>
  say({ en: `Remote: ${nameOf(trace)}, measured there`, zh: `远端：${nameOf(trace)}，在那里测得` });

/** What a lane is, and how its place came about, in sentences. */
export function laneText(trace: RemoteTrace, inspection: Pick<Inspection, 'start' | 'profile'>): string {
  const { report, kernels, origin, isRecorded } = trace;
  const sum = kernels.reduce((total, { ms }) => total + ms, 0);
  const last = kernels.reduce((end, { start, ms }) => Math.max(end, start + ms), 0);
  const drawn = remoteRows(trace, inspection).reduce((count, { items }) => count + items.length, 0);
  const hidden = kernels.length - drawn;
  const lost = kernels.filter(({ layer }) => layer === undefined).length;
  const what = { en: counted(kernels.length, 'kernel'), zh: `${kernels.length} 个内核` };
  const [all, within] = [formatDuration(sum), formatDuration(last)];
  const { where } = beginningOf(report.model, inspection);
  const hatched = isRecorded ? { en: ' and therefore hatched', zh: '，因此画成斜线' } : { en: '', zh: '' };
  return [
    say({
      en: `${nameOf(trace)}: ${what.en} of one forward pass of ${report.model}, ${all} in all, within ${within}, measured there by PyTorch's profiler, ${origin}${hatched.en}.`,
      zh: `${nameOf(trace)}：${report.model} 一次前向传播的 ${what.zh}，合计 ${all}，跨度 ${within}，由那里的 PyTorch 性能分析器测得（${origin}）${hatched.zh}。`,
    }),
    say({
      en: `Its clock is not yours: the first kernel is drawn where ${where.en} begins.`,
      zh: `它的时钟与你的不同：第一个内核画在${where.zh}开始之处。`,
    }),
    // marked_layers in src/remote/python/kernels.py
    say({
      en: 'It waits for the GPU after each layer, so gaps are longer than in a plain run.',
      zh: '它在每层之后等待 GPU，所以空隙比普通运行长。',
    }),
    ...(hidden > 0
      ? [
          say({
            en: `${counted(hidden, 'kernel')} that overlap ${mostRows} others are not drawn.`,
            zh: `有 ${hidden} 个内核与 ${mostRows} 个以上的内核重叠，未画出。`,
          }),
        ]
      : []),
    ...(lost > 0
      ? [
          say({
            en: `${lost} of them ${lost === 1 ? 'belongs' : 'belong'} to no layer, so no selection lights ${lost === 1 ? 'it' : 'them'}.`,
            zh: `其中 ${lost} 个不属于任何层，选中时不会亮起。`,
          }),
        ]
      : []),
  ].join(say({ en: ' ', zh: '' }));
}

/** Of what is drawn as one, kernels of one remote. */
export function remoteFacts(items: readonly Item[], { trace, kernel }: NonNullable<Item['remote']>): Facts {
  const { report, kernels } = trace;
  const of = items.map((item) => item.remote!.kernel);
  const ms = of.reduce((sum, one) => sum + one.ms, 0);
  const total = kernels.reduce((sum, one) => sum + one.ms, 0);
  const times: Facts['facts'] = [
    [say({ en: 'starts there at', zh: '在那里开始于' }), formatDuration(kernel.start)],
    [items.length > 1 ? say({ en: 'take', zh: '耗时' }) : say({ en: 'takes', zh: '耗时' }), formatDuration(ms)],
    [say({ en: "of the remote's kernels", zh: '占远端内核' }), formatPercent(total > 0 ? ms / total : 0)],
  ];
  if (items.length > 1)
    return {
      title: say({
        en: `${counted(items.length, 'kernel')}; zoom in to tell them apart`,
        zh: `${items.length} 个内核；放大可分辨`,
      }),
      about: say({ en: `on ${report.device.name}`, zh: `在 ${report.device.name} 上` }),
      facts: times,
    };
  const algorithm = algorithmOfKernel(kernel.name);
  return {
    title: kernel.name,
    about: say({ en: `on ${report.device.name}`, zh: `在 ${report.device.name} 上` }),
    facts: [
      ...times,
      [
        say({ en: 'layer', zh: '层' }),
        kernel.layer ?? say({ en: 'not known: it was started between layers', zh: '未知：在两层之间启动' }),
      ],
      ...(algorithm
        ? [
            [
              say({ en: 'algorithm, by its name', zh: '算法（按名称）' }),
              `${algorithm.algorithm}${algorithm.tensorCores ? say({ en: ', tensor cores', zh: '，张量核心' }) : ''}`,
            ] as const,
          ]
        : []),
    ],
  };
}
