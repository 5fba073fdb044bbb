/**
 * @file What the timeline says in words and numbers.
 */
import { counted, formatBytes, formatDuration, formatPercent } from '../../../base/format.ts';
import type { PhaseName } from '../../../base/phases.ts';
import type { Words } from '../../../base/words.ts';
import type { ProfiledEvent } from '../../../compile/profile-data.ts';
import type { Inspection } from '../../../session/protocol.ts';
import { say } from '../../language.ts';
import { formatRate, ratesOf } from '../rates.ts';
import type { Item, Kind, Span } from './rows.ts';
import { remoteFacts } from './remote.ts';
import { hull, phaseTimes } from './rows.ts';

export interface Facts {
  readonly title: string;
  /** What it is for. */
  readonly about?: string;
  readonly facts: readonly (readonly [term: string, value: string])[];
}

/** `'2 kernels'`. */
const countWords: Readonly<Record<Kind, (n: number) => Words>> = {
  program: (n) => ({ en: counted(n, 'run'), zh: `${n} 次运行` }),
  engine: (n) => ({ en: counted(n, 'phase'), zh: `${n} 个阶段` }),
  module: (n) => ({ en: counted(n, 'module'), zh: `${n} 个模块` }),
  operation: (n) => ({ en: counted(n, 'operation'), zh: `${n} 个运算` }),
  kernel: (n) => ({ en: counted(n, 'kernel'), zh: `${n} 个内核` }),
  remote: (n) => ({ en: counted(n, 'kernel'), zh: `${n} 个内核` }),
};

/** Of what is drawn as one: an item, or several that are too narrow to be told apart. */
export function factsOf(items: readonly Item[], { start, end, profile }: Inspection): Facts {
  const [item] = items;
  if (item.remote) return remoteFacts(items, item.remote);
  const { start: from, end: to } = hull(items);
  const times: Facts['facts'] = [
    [say({ en: 'starts at', zh: '开始于' }), formatDuration(from - start)],
    [say({ en: 'takes', zh: '耗时' }), formatDuration(to - from)],
    [say({ en: 'of the run', zh: '占本次运行' }), formatPercent((to - from) / (end - start))],
  ];
  const events = items.flatMap((one) => one.events);
  if (items.length > 1) {
    const longest = items.reduce((best, one) => (one.end - one.start > best.end - best.start ? one : best));
    const count = countWords[item.kind](items.length);
    const title = say({ en: `${count.en}; zoom in to tell them apart`, zh: `${count.zh}；放大可分辨` });
    return {
      title,
      facts: [
        ...times,
        [
          say({ en: 'the longest', zh: '其中最长' }),
          `${titleOf(longest)}, ${formatDuration(longest.end - longest.start)}`,
        ],
      ],
    };
  }
  const about = item.kind === 'kernel' ? forWhat(item.events[0]) : undefined;
  return { title: titleOf(item), about, facts: [...times, ...workOf(item, events, profile?.device?.quantumNs ?? 0)] };
}

function workOf({ kind, start, end }: Item, events: readonly ProfiledEvent[], quantumNs: number): Facts['facts'] {
  if (events.length === 0) return [];
  const { ms, bytes, flops, gbs, gflops } = ratesOf(events);
  const [first] = events;
  const kernels: Facts['facts'] =
    kind === 'kernel'
      ? []
      : [
          [
            first.device === 'cpu' ? say({ en: 'operations', zh: '运算数' }) : say({ en: 'kernels', zh: '内核数' }),
            events.length.toLocaleString('en'),
          ],
          ...(ms < (end - start) * 0.995 ? [[say({ en: 'busy for', zh: '占用' }), formatDuration(ms)] as const] : []),
        ];
  return [
    ...kernels,
    [say({ en: 'moves', zh: '搬运' }), formatBytes(bytes)],
    ...(flops > 0
      ? [
          [
            say({ en: 'computes', zh: '计算' }),
            say({ en: `${formatCount(flops)} operations`, zh: `${formatCount(flops)} 次运算` }),
          ] as const,
        ]
      : []),
    ...(ms * 1e6 < quantumNs || ms === 0
      ? [
          [
            say({ en: 'rate', zh: '速率' }),
            say({ en: 'shorter than a step of the clock', zh: '短于时钟的一格' }),
          ] as const,
        ]
      : [['GB/s', formatRate(gbs)] as const, ...(flops > 0 ? [['GFLOP/s', formatRate(gflops)] as const] : [])]),
  ];
}

const forWhat = ({ operation, layers }: ProfiledEvent): string =>
  layers.length > 0
    ? say({ en: `${operation} in ${layers.at(-1)!.name}`, zh: `${layers.at(-1)!.name} 中的 ${operation}` })
    : operation;

const scales = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** `'3.54 M'`. */
function formatCount(n: number): string {
  const scale = scales.find(([size]) => n >= size);
  return scale ? `${Number((n / scale[0]).toPrecision(3))}${scale[1]}` : String(n);
}

/** Where the time of the run went, in a sentence. */
export function summaryOf(inspection: Inspection): string {
  const { start, end, profile } = inspection;
  const phases = phaseTimes(inspection).map(([name, ms]) => ({
    en: `${formatDuration(ms)} ${name}`,
    zh: `${phaseWords[name].zh} ${formatDuration(ms)}`,
  }));
  const took = formatDuration(end - start);
  const parts = { en: listed(phases.map(({ en }) => en)), zh: phases.map(({ zh }) => zh).join('，') };
  const run = say(
    phases.length > 0
      ? { en: `The run took ${took}: ${parts.en}.`, zh: `这次运行用时 ${took}：${parts.zh}。` }
      : { en: `The run took ${took}.`, zh: `这次运行用时 ${took}。` },
  );
  const events = profile?.events ?? [];
  if (events.length === 0) return run;
  const left = profile!.leftOut;
  const rest =
    left > 0 ? say({ en: ` ${counted(left, 'further one')} did not fit.`, zh: `另有 ${left} 个放不下。` }) : '';
  const count = countWords[events[0].device === 'cpu' ? 'operation' : 'kernel'](events.length);
  const time = formatDuration(ratesOf(events).ms);
  return say({ en: `${run} ${count.en} took ${time}.${rest}`, zh: `${run}${count.zh}用时 ${time}。${rest}` });
}

/** What the engine is busy with. */
export const phaseWords: Readonly<Record<PhaseName, Words>> = {
  planning: { en: 'planning', zh: '规划' },
  'choosing algorithms': { en: 'choosing algorithms', zh: '选择算法' },
  compiling: { en: 'compiling', zh: '编译' },
  'reading back': { en: 'reading back', zh: '读回' },
};

/** A phase is called so in every language; all else has the name that the program gave it. */
export const titleOf = ({ phase, name }: Pick<Item, 'phase' | 'name'>): string =>
  phase ? say(phaseWords[phase]) : name;

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** What the clock cannot tell. */
export function clockText({ profile }: Inspection): string | undefined {
  const device = profile?.device;
  if (!device) return undefined;
  const step = formatDuration(device.quantumNs / 1e6);
  return device.clock === 'timestamp-query'
    ? say({
        en: `Timestamps step by ${step}: what is shorter cannot be told.`,
        zh: `时间戳的刻度为 ${step}，更短的时间无法分辨。`,
      })
    : say({
        en: `The clock steps by ${step}: what is shorter cannot be told.`,
        zh: `时钟的刻度为 ${step}，更短的时间无法分辨。`,
      });
}

/** From the first kernel to the last. */
export function kernelSpan({ profile }: Inspection): Span | undefined {
  const events = profile?.events ?? [];
  return events.length > 0 ? hull(events) : undefined;
}
