/**
 * @file Whose a kept measurement is, in words.
 */
import type { ProgramId } from '../../engine/client.ts';
import { examplesId, importedId } from '../../engine/client.ts';
import { say } from '../../language.ts';

/** Whose a measurement is. */
export function ownerText(program: ProgramId): string {
  if (program === examplesId) return say({ en: 'the examples', zh: '示例' });
  if (program === importedId) return say({ en: 'a file', zh: '文件' });
  return program.startsWith('own ') ? say({ en: 'your program', zh: '你的程序' }) : say({ en: 'a link', zh: '链接' });
}
