/**
 * @file The visitor's answers to the open lesson, saved as a file for whoever teaches.
 */
import { computed, signal } from '@preact/signals';
import { messageOf } from '../../base/errors.ts';
import { wudnnVersion } from '../../base/version.ts';
import { answersFormat, most, writeAnswers } from '../../class/answers.ts';
import { browserVersion } from '../engine/browser-version.ts';
import { linked } from '../opening-link.ts';
import { text } from '../programs/program.ts';
import { saveFile } from '../save.ts';
import { fixed } from '../settings.ts';
import { lastRun } from '../state.ts';
import { visitor } from '../storage.ts';
import { current, predicted, ran, revealed } from './lesson.ts';
import { note, progress } from './progress.ts';

/** As the visitor typed it last, in any lesson. */
export const student = signal(visitor.recall('student') ?? '');

export function nameStudent(name: string): void {
  student.value = name.slice(0, most.student);
  visitor.remember('student', student.value || undefined);
}

/** To the open lesson's question, in the visitor's own words. */
export const answer = computed(() => (current.value && progress.value[current.value.row.id]?.answer) ?? '');

export function writeAnswer(words: string): void {
  if (current.value) note(current.value.row.id, { answer: words.slice(0, most.answer) });
}

/** Why the answers could not be saved. */
export const saveTrouble = signal<string | undefined>(undefined);

/** Saves what was predicted, run and found. */
export async function saveAnswers(): Promise<void> {
  const [lesson, run, finding] = [current.value, ran.value, revealed.value];
  if (!lesson || !run || !finding) return;
  const { id } = lesson.row;
  const name = student.value.trim();
  const { seed } = fixed.value;
  const isAssigned = linked.lesson === id && linked.assignment !== undefined;
  try {
    const written = await writeAnswers({
      format: answersFormat,
      student: name,
      at: new Date(lastRun.value?.at ?? Date.now()).toISOString(),
      lesson: id,
      ...(isAssigned && { assignment: linked.assignment }),
      ...(seed !== undefined && { seed }),
      ...(predicted.value !== undefined && { prediction: predicted.value }),
      answer: answer.value,
      program: lastRun.value?.text ?? text.value,
      finding,
      evidence: run.evidence,
      versions: { wuDNN: wudnnVersion, ...browserVersion() },
    });
    saveFile(fileName(id, name), new TextEncoder().encode(written), 'application/json');
    saveTrouble.value = undefined;
  } catch (error) {
    saveTrouble.value = messageOf(error);
  }
}

/** `'wudnn-which-Ada_Lovelace.json'`. */
const fileName = (lesson: string, name: string): string =>
  `${['wudnn', lesson, name.replaceAll(/[^\p{L}\p{N}]+/gu, '_').slice(0, 60)].filter(Boolean).join('-')}.json`;
