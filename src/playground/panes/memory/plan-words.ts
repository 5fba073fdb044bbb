/**
 * @file The plan cache in words.
 */
import { counted, formatDay } from '../../../base/format.ts';
import type { ProgramId } from '../../engine/client.ts';
import { examplesId, importedId } from '../../engine/client.ts';

/** Whose a measurement is. */
export function ownerText(program: ProgramId): string {
  if (program === examplesId) return 'the examples';
  if (program === importedId) return 'a file';
  return program.startsWith('own ') ? 'your program' : 'a link';
}

const minute = 60_000;

/** How long ago something was measured; beyond two days, the day. */
export function ageText(measured: number, now: number): string {
  const minutes = Math.floor((now - measured) / minute);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${counted(minutes, 'minute')} ago`;
  if (minutes < 48 * 60) return `${counted(Math.floor(minutes / 60), 'hour')} ago`;
  return formatDay(measured);
}
