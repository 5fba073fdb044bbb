/**
 * @file Students' files that the teacher has given to the page, as rows. They stay in the page, and are gone with it.
 */
import { signal } from '@preact/signals';
import type { Grade } from '../../class/grade.ts';
import { gradeFiles, mostFiles } from '../../class/grade.ts';
import { gradesCsv } from '../../class/table.ts';
import { saveFile } from '../save.ts';

export const grades = signal<readonly Grade[]>([]);

export const reading = signal(false);

/** Of the files that were given last, so many were too many. */
export const leftOut = signal(0);

/** Reads files in the place of those before. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  reading.value = true;
  try {
    leftOut.value = Math.max(0, files.length - mostFiles);
    grades.value = await gradeFiles(
      files.slice(0, mostFiles).map((file) => ({ name: file.name, size: file.size, text: () => file.text() })),
    );
  } finally {
    reading.value = false;
  }
}

export const saveCsv = (): void =>
  saveFile('class.csv', new TextEncoder().encode(`\uFEFF${gradesCsv(grades.value)}`), 'text/csv');
