/**
 * @file The lesson that is open: its files, what the visitor predicted, and what the last run shows of it.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import { messageOf } from '../../base/errors.ts';
import { lessons } from '../../lessons/index.ts';
import type { LessonRow } from '../../lessons/index.ts';
import type { Evidence, Finding, Lesson, LessonFiles } from '../../lessons/lesson.ts';
import { findingOf } from '../../lessons/lesson.ts';
import { openPanes, showPane } from '../bench/arrangement.ts';
import { say } from '../language.ts';
import { linked, linkError } from '../opening-link.ts';
import { guest, lessonProgram, open, openProgram, text } from '../programs/program.ts';
import type { FixedSettings } from '../settings.ts';
import { fixed } from '../settings.ts';
import { engineInfo, forced, lastRun } from '../state.ts';
import { walk } from '../stepping.ts';
import { tab } from '../storage.ts';
import { filesOf } from './files.ts';
import { note, progress } from './progress.ts';

export interface OpenLesson {
  readonly row: LessonRow;
  readonly lesson: Lesson;
  readonly files: LessonFiles;
  /** What the lesson begins with: its own program, or the one that the link brings for it. */
  readonly program: string;
}

/** The lesson that was asked for, which may still be loaded. */
export const wanted = signal<string | undefined>(undefined);

export const current = signal<OpenLesson | undefined>(undefined);

/** Why the lesson that was asked for could not be loaded. */
export const trouble = signal<string | undefined>(undefined);

const programId = (id: string): string => `lesson-${id}`;

/** Opens a lesson as its beginning: its program, its panes, its switches. */
export const beginLesson = (id: string): Promise<void> => openLesson(id, true);

async function openLesson(id: string, begins: boolean): Promise<void> {
  const row = lessons.find((lesson) => lesson.id === id);
  if (!row) return;
  wanted.value = id;
  trouble.value = undefined;
  if (begins) showPane('lesson');
  try {
    const [{ lesson }, files] = await Promise.all([row.load(), filesOf(row.folder)]);
    if (wanted.value !== id) return;
    batch(() => {
      const program = (linked.lesson === id && linked.program) || files.program;
      current.value = { row, lesson, files, program };
      lessonProgram.value = { id: programId(id), title: say(row.title), text: files.program };
      if (begins) layOut(lesson, linked.lesson === id ? linked.fix : undefined);
      const wasOpen = linked.program === undefined && tab.recall('open') === programId(id);
      if (begins || wasOpen) openProgram(programId(id));
    });
    tab.remember('lesson', id);
  } catch (error) {
    if (wanted.value === id) trouble.value = messageOf(error);
  }
}

/** What its link fixes goes before what the lesson does. */
function layOut({ panes, fixed: switches = {}, walk: first }: Lesson, linkedFix: FixedSettings = {}): void {
  if (first !== undefined) walk.value = first;
  fixed.value = { ...switches, ...linkedFix };
  forced.value = [];
  for (const pane of panes) showPane(pane);
  showPane('lesson');
}

/** The lesson's program again, as it was. */
export function putProgramBack(): void {
  if (!current.value) return;
  const { row, program } = current.value;
  openProgram(guest.value?.text === program ? guest.value.id : programId(row.id));
}

/** Opens the lesson that the link names, or the one that this tab had. */
export async function openFirstLesson(): Promise<void> {
  const before = tab.recall('lesson');
  const asked = linked.lesson;
  if (asked !== undefined && !lessons.some(({ id }) => id === asked))
    linkError.value = say({
      en: `link: there is no lesson '${asked}'; there are ${lessons.map(({ id }) => id).join(', ')}`,
      zh: `链接：没有课程“${asked}”；现有 ${lessons.map(({ id }) => id).join(', ')}`,
    });
  else if (asked !== undefined) {
    showPane('lesson');
    await openLesson(asked, asked !== before && linked.program === undefined);
  } else if (before !== undefined && openPanes.value.includes('lesson')) await openLesson(before, false);
}

/** Back to the list of all. */
export function closeLesson(): void {
  current.value = wanted.value = undefined;
  tab.remember('lesson', undefined);
}

/** What the last run gives the lesson's check, and whether it was of a changed program. */
export const ran = computed<{ readonly evidence: Evidence; readonly edited: boolean } | undefined>(() => {
  const run = lastRun.value;
  const program = current.value?.program;
  if (program === undefined) return undefined;
  if (engineInfo.value?.device === 'cpu' && !current.value!.lesson.onCpu)
    return { evidence: { device: 'cpu', choices: [], outputs: [] }, edited: false };
  if (!run?.result.ok) return undefined;
  const edited = run.text !== program;
  if (edited && !(open.value.own?.origin?.text === program && run.text === text.value)) return undefined;
  const { device, choices, outputs } = run.result;
  const adapter = device === 'webgpu' ? engineInfo.value?.adapter : undefined;
  return { evidence: { device, adapter, choices, outputs }, edited };
});

/** Whether the last run was of the lesson's program, and failed. */
export const runFailed = computed(
  () => lastRun.value?.result.ok === false && lastRun.value.text === current.value?.program,
);

export const finding = computed<Finding | undefined>(() =>
  ran.value && current.value ? findingOf(current.value.lesson, ran.value.evidence) : undefined,
);

export const predicted = computed<number | undefined>(
  () => current.value && progress.value[current.value.row.id]?.predicted,
);

/** What is found is told only to those who have predicted. */
export const revealed = computed(() => (predicted.value === undefined ? undefined : finding.value));

export function predict(choice: number): void {
  if (current.value && !revealed.value) note(current.value.row.id, { predicted: choice });
}

effect(() => {
  const found = revealed.value;
  const id = current.value?.row.id;
  if (found && id !== undefined) note(id, { verdict: found.verdict });
});

export const nextLesson = computed(() => {
  const at = lessons.findIndex(({ id }) => id === current.value?.row.id);
  return at === -1 ? undefined : lessons[at + 1];
});
