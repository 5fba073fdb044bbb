/**
 * @file From one time to another, in milliseconds.
 */
import { formatMs } from '../../../base/format.ts';
import { say } from '../../language.ts';

/** `'1.204 to 1.350'`. */
export const rangeText = (from: number, to: number): string =>
  say({ en: `${formatMs(from)} to ${formatMs(to)}`, zh: `${formatMs(from)} 至 ${formatMs(to)}` });
