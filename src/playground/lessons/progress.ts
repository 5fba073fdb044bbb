/**
 * @file How far the visitor is with each lesson, kept across visits.
 */
import { signal } from '@preact/signals';
import { most } from '../../class/answers.ts';
import type { Finding } from '../../lessons/lesson.ts';
import { visitor } from '../storage.ts';

export interface Progress {
  /** The prediction, from 0. */
  readonly predicted?: number;
  /** What the last run showed after the prediction. */
  readonly verdict?: Finding['verdict'];
  /** To the last question, in the visitor's own words. */
  readonly answer?: string;
}

const key = 'lessons';

export const progress = signal<Readonly<Record<string, Progress>>>(readProgress(visitor.recall(key)));

export function note(lesson: string, more: Progress): void {
  const before = progress.value[lesson] ?? {};
  const now = { ...before, ...more };
  if (now.predicted === before.predicted && now.verdict === before.verdict && now.answer === before.answer) return;
  progress.value = { ...progress.value, [lesson]: now };
  visitor.remember(key, JSON.stringify(progress.value));
}

/** What was kept; another version of the page may have kept it, so what is not of this form is left out. */
export function readProgress(text: string | undefined): Record<string, Progress> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).map(([lesson, one]: [string, unknown]) => {
        const { predicted, verdict, answer } = (one ?? {}) as Record<keyof Progress, unknown>;
        return [
          lesson,
          {
            ...(Number.isInteger(predicted) && { predicted: predicted as number }),
            ...(typeof answer === 'string' && { answer: answer.slice(0, most.answer) }),
            ...((verdict === 'holds' || verdict === 'fails' || verdict === 'cannot') && { verdict }),
          },
        ];
      }),
    );
  } catch {
    return {};
  }
}
