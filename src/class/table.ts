/**
 * @file Grades as rows: of a table for people, and of CSV for a spreadsheet.
 */
import { toCsv } from '../compare/export/csv.ts';
import type { Grade } from './grade.ts';

/** What a kernel of a student's own came to on an assignment's shapes. */
export interface KernelGrade {
  /** `unchanged`: it is the kernel that the assignment began with. */
  readonly verdict: 'right' | 'wrong' | 'unchanged' | 'cannot';
  /** Shapes on which it is right, and of how many. */
  readonly right: number;
  readonly of: number;
  /** Why it is not right. */
  readonly reason?: string;
}

/** A grade, with its kernel where there is an assignment for it. */
export type Graded = Grade & { readonly kernel?: KernelGrade };

/** `'3 of 4'`. */
export const kernelText = ({ verdict, right, of }: KernelGrade): string =>
  verdict === 'cannot' ? verdict : `${verdict}, ${right} of ${of}`;

export const csvColumns = [
  'student',
  'lesson',
  'assignment',
  'prediction',
  'check',
  'answered',
  'kernel',
  'adapter',
  'software',
  'date',
  'seed',
  'finding',
  'answer',
  'kernel reason',
  'trouble',
  'file',
] as const;

/** A row a file; texts that a spreadsheet would take for formulas are made harmless. */
export function gradesCsv(grades: readonly Graded[]): string {
  const rows = grades.map(({ file, answers, finding, prediction, kernel, trouble }) => {
    const { adapter } = answers?.evidence ?? {};
    return [
      answers?.student,
      answers?.lesson,
      answers?.assignment,
      prediction,
      finding?.verdict,
      answers && (isAnswered(answers.answer) ? 'yes' : 'no'),
      kernel && kernelText(kernel),
      answers && (adapter?.description ?? 'cpu reference'),
      adapter && (adapter.software ? 'yes' : 'no'),
      answers?.at,
      answers?.seed,
      finding?.text.en,
      answers?.answer,
      kernel?.reason,
      trouble.join('; '),
      file,
    ];
  });
  return toCsv(csvColumns, rows);
}

export const isAnswered = (answer: string): boolean => answer.trim() !== '';
