/**
 * @file Numbers as page and command line write them.
 */

import type { Language } from './words.ts';
import { inLanguage } from './words.ts';

/** Four significant digits, in powers of ten where plain digits would be long. */
export function formatNumber(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '-∞';
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e5 || size < 1e-4)) return x.toExponential(2);
  return Number(x.toPrecision(4)).toString();
}

/** A value of a list whose values shall stand in line: four decimals. */
export function formatElement(x: number): string {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || (size !== 0 && (size >= 1e5 || size < 1e-4))) return formatNumber(x);
  return Number.isInteger(x) ? String(x) : x.toFixed(4);
}

/** An error: two digits are all that it has to say; a dash where it is not known. */
export function formatError(x: number | undefined): string {
  if (x === undefined) return '–';
  return x === 0 || !Number.isFinite(x) ? formatNumber(x) : x.toExponential(1);
}

/** `'1 kernel'`, `'2 kernels'`. */
export const counted = (n: number, noun: string, plural = `${noun}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? noun : plural}`;

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let size = bytes / 1024;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${Number(size.toPrecision(3))} ${units[unit]}`;
}

/** Floating-point operations: `'3.6 MFLOP'`. */
export function formatFlops(flops: number): string {
  const units = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'];
  let [size, unit] = [flops, 0];
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${Number(size.toPrecision(3))} ${units[unit]}`;
}

/** A time in milliseconds, for columns: three decimals. */
export function formatMs(ms: number): string {
  return ms.toFixed(3);
}

/** A time in milliseconds that is known to one digit. */
export function formatRough(ms: number): string {
  return String(Number(ms.toPrecision(1)));
}

/** A time on its own, in the unit that suits it. */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${Number((ms * 1000).toPrecision(3))} µs`;
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  return `${Number((ms / 1000).toPrecision(3))} s`;
}

/** The day, `'29 November 2026'`; in milliseconds since 1970. */
export const formatDay = (at: number, language: Language = 'en'): string =>
  new Date(at).toLocaleDateString(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

const minute = 60_000;

/** How long ago something was, `'3 hours ago'`; beyond two days, the day. */
export function formatAge(at: number, now: number, language: Language = 'en'): string {
  const minutes = Math.floor((now - at) / minute);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return formatDay(at, language);
  const words =
    minutes < 1
      ? { en: 'just now', zh: '刚刚' }
      : minutes < 120
        ? { en: `${counted(minutes, 'minute')} ago`, zh: `${minutes} 分钟前` }
        : { en: `${counted(hours, 'hour')} ago`, zh: `${hours} 小时前` };
  return inLanguage(words, language);
}

/** The hour of the day, `'14:32:05'`. */
export function formatHour(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

export function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}

export function formatSizes(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
