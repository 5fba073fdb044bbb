/**
 * @file Kernels under the roofline: how many operations they do for each byte, how fast they were, and what the lower
 * of the two ceilings would allow.
 */
import type { Words } from '../../../base/words.ts';
import { formatPercent } from '../../../base/format.ts';
import { groupBy } from '../../../base/group-by.ts';
import type { Ceilings, ProfileData, ProfiledEvent } from '../../../compile/profile-data.ts';
import { say } from '../../language.ts';
import type { Rates } from '../rates.ts';
import { ratesOf } from '../rates.ts';

/** Where work over time lies under two ceilings. */
export interface Bound {
  /** Bytes a nanosecond. */
  readonly gbs: number;
  /** Operations a nanosecond. */
  readonly gflops: number;
  /** Operations a byte; 0 where it only moves data. */
  readonly intensity: number;
  /** The ceiling that is lower for it. */
  readonly bound: 'memory' | 'arithmetic';
  /** Its rate, of what that ceiling allows. */
  readonly reached: number;
}

/** A kernel with the same work in each call. */
export interface Point extends Rates, Bound {
  readonly name: string;
  /** What it computes: `'conv2d+relu'`. */
  readonly operation: string;
  readonly calls: number;
  /** Of the time of all kernels. */
  readonly share: number;
  /** A call is shorter than the clock's step, so its rate is none. */
  readonly untold: boolean;
  readonly events: readonly ProfiledEvent[];
}

export interface Roofline {
  readonly ceilings: Ceilings;
  /** The longest first. */
  readonly computing: readonly Point[];
  /** They have no operations, as a copy. */
  readonly moving: readonly Point[];
}

/** Absent where no device was profiled, or its ceilings are not known. */
export function rooflineOf({ events, device, ceilings }: ProfileData): Roofline | undefined {
  const kernels = events.filter((event) => event.device === 'webgpu');
  if (!ceilings || kernels.length === 0) return undefined;
  const groups = groupBy(kernels, ({ name, bytes, flops }) => `${name} ${bytes} ${flops}`);
  const all = ratesOf(kernels).ms;
  const points = [...groups.values()]
    .map((group) => pointOf(group, all, ceilings, device?.quantumNs ?? 0))
    .toSorted((a, b) => b.ms - a.ms);
  return {
    ceilings,
    computing: points.filter(({ flops }) => flops > 0),
    moving: points.filter(({ flops }) => flops === 0),
  };
}

function pointOf(events: readonly ProfiledEvent[], all: number, ceilings: Ceilings, quantumNs: number): Point {
  const [{ name, operation }] = events;
  const rates = ratesOf(events);
  return {
    ...rates,
    ...boundBy(rates, ceilings),
    name,
    operation,
    calls: events.length,
    share: all > 0 ? rates.ms / all : 0,
    untold: rates.ms === 0 || (rates.ms * 1e6) / events.length < quantumNs,
    events,
  };
}

type Two = Pick<Ceilings, 'flops' | 'bytes'>;

/** `ms`: how long it took. */
export function boundBy({ flops, bytes, ms }: Pick<Rates, 'flops' | 'bytes' | 'ms'>, ceilings: Two): Bound {
  const [gbs, gflops, intensity] = [bytes / (ms * 1e6), flops / (ms * 1e6), flops / bytes];
  const bound = intensity < ridgeOf(ceilings) ? 'memory' : 'arithmetic';
  const reached = bound === 'memory' ? gbs / ceilings.bytes : gflops / ceilings.flops;
  return { gbs, gflops, intensity, bound, reached };
}

/** Operations a byte from which on arithmetic is the lower ceiling. */
export const ridgeOf = ({ flops, bytes }: Two): number => flops / bytes;

export const boundWords: Readonly<Record<Bound['bound'], Words>> = {
  memory: { en: 'memory', zh: '访存' },
  arithmetic: { en: 'arithmetic', zh: '计算' },
};

/** Where the time goes, and whether that could be better, in a sentence. */
export function summaryOf({ computing, moving }: Roofline): string {
  const [top] = [...computing, ...moving].toSorted((a, b) => b.ms - a.ms);
  const share = formatPercent(top.share);
  const where = { en: `${share} of the kernels' time goes to ${top.name}`, zh: `内核时间的 ${share} 花在 ${top.name}` };
  if (top.untold)
    return say({
      en: `${where.en}, but each call is shorter than a step of the clock, so its rate is not known.`,
      zh: `${where.zh}，但每次调用都短于时钟的一格，速率无从得知。`,
    });
  const bound = boundWords[top.bound];
  if (top.reached <= 1) {
    const reached = formatPercent(top.reached);
    return say({
      en: `${where.en}: it reaches ${reached} of what this adapter's ${bound.en} allows.`,
      zh: `${where.zh}：达到此适配器${bound.zh}上限的 ${reached}。`,
    });
  }
  const more = formatPercent(top.reached - 1);
  const why =
    top.bound === 'memory'
      ? { en: 'its operands may lie in a cache', zh: '操作数可能在缓存中' }
      : { en: 'its algorithm may do fewer operations than the direct method', zh: '其算法的运算量可能少于直接法' };
  return say({
    en: `${where.en}: it reaches ${more} more than what this adapter's ${bound.en} allows; ${why.en}.`,
    zh: `${where.zh}：超出此适配器${bound.zh}上限 ${more}；${why.zh}。`,
  });
}
