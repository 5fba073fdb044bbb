/**
 * @file Computed bytes and operations over measured time.
 */
import type { ProfiledEvent } from '../../compile/profile-data.ts';

export interface Rates {
  /** How long they took together, without what lies between them, in milliseconds. */
  readonly ms: number;
  readonly bytes: number;
  readonly flops: number;
  /** Bytes a nanosecond. */
  readonly gbs: number;
  /** Operations a nanosecond. */
  readonly gflops: number;
}

type Worked = Pick<ProfiledEvent, 'start' | 'end' | 'bytes' | 'flops'>;

export function ratesOf(events: readonly Worked[]): Rates {
  const sum = (of: (event: Worked) => number): number => events.reduce((total, event) => total + of(event), 0);
  const ms = sum(({ start, end }) => end - start);
  const bytes = sum((event) => event.bytes);
  const flops = sum((event) => event.flops);
  return { ms, bytes, flops, gbs: bytes / (ms * 1e6), gflops: flops / (ms * 1e6) };
}

/** Three digits. */
export const formatRate = (rate: number): string =>
  Number.isFinite(rate) ? Number(rate.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 }) : '–';
