/**
 * @file Whose a kept measurement is, in words.
 */
import type { ProgramId } from '../../engine/client.ts';
import { examplesId, importedId } from '../../engine/client.ts';

/** Whose a measurement is. */
export function ownerText(program: ProgramId): string {
  if (program === examplesId) return 'the examples';
  if (program === importedId) return 'a file';
  return program.startsWith('own ') ? 'your program' : 'a link';
}
