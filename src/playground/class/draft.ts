/**
 * @file The link that a teacher makes: a lesson, what is hidden, the seed; and for the lesson of the own kernel an
 * assignment, whose hidden shapes are in a file and in no link.
 */
import { computed, signal } from '@preact/signals';
import { messageOf } from '../../base/errors.ts';
import type { Language } from '../../base/words.ts';
import { columnOf } from '../../base/words.ts';
import type { Assignment } from '../../class/assignment.ts';
import { assignmentFormat, readShapes, writeAssignment } from '../../class/assignment.ts';
import type { Direction } from '../../dnn/choice/records.ts';
import { lessons, ownKernel } from '../../lessons/index.ts';
import { language, say } from '../language.ts';
import type { Control } from '../link.ts';
import { writeLink } from '../link.ts';
import { saveFile } from '../save.ts';
import { pageAddress } from '../share.ts';
import type { Beginning } from './program.ts';
import { assignmentProgram } from './program.ts';

export interface Draft {
  readonly lesson: string;
  /** Absent: the teacher's own. */
  readonly lang?: Language;
  /** As it is typed; empty leaves it to the program. */
  readonly seed: string;
  readonly hide: readonly Control[];
  readonly title: string;
  readonly direction: Direction;
  readonly visible: string;
  /** One shape a line. */
  readonly hidden: string;
  readonly begins: Beginning;
}

/** Students of a lesson write no links, and compare with remotes of theirs in no class. */
export const draft = signal<Draft>({
  lesson: lessons[0].id,
  seed: '0',
  hide: ['example', 'compare', 'comparison', 'link', 'settings'],
  title: '',
  direction: 'forward',
  visible: '2,8,16,16,16,3,3,1,1',
  hidden: '1,3,7,9,5,3,3,2,1\n2,4,8,8,8,1,1\n1,2,6,5,4,3,2,1,2,2',
  begins: 'plainest',
});

export function change(more: Partial<Draft>): void {
  draft.value = { ...draft.value, ...more };
}

export const isAssignment = computed(() => draft.value.lesson === ownKernel);

/** Hard to guess, since it stands for shapes that students do not know. */
const assignmentId = `kernel-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** What cannot be hidden from students: the lesson itself. What always is: this pane. */
export const isFixed = (control: Control): boolean => control === 'lesson' || control === 'class';

/** The students' link, or why there is none yet. */
export const link = computed<{ readonly address?: string; readonly trouble?: string }>(() => {
  const { lesson, lang = language.value, seed, hide } = draft.value;
  try {
    const task = isAssignment.value ? taskOf(draft.value, lang) : {};
    if (!/^\d{0,15}$/.test(seed))
      return {
        trouble: say({
          en: `seed: '${seed}' is no whole number of at least 0`,
          zh: `种子：“${seed}”不是不小于 0 的整数`,
        }),
      };
    const hash = writeLink({
      lesson,
      lang,
      ...task,
      hide: ['class', ...hide],
      ...(seed !== '' && { fix: { seed: Number(seed) } }),
    });
    return { address: pageAddress(`#${hash}`) };
  } catch (error) {
    return { trouble: messageOf(error) };
  }
});

function taskOf(of: Draft, lang: Language): { readonly program: string; readonly assignment: string } {
  const { title, direction, visible, begins } = of;
  readShapes(of.hidden);
  const column = columnOf(lang);
  const heading = title.trim() || lessons.find(({ id }) => id === ownKernel)!.title[column];
  return {
    program: assignmentProgram({ title: heading, direction, shape: visible, begins }, column),
    assignment: assignmentId,
  };
}

/** Saves the shapes, for `wudnn grade`. */
export function saveAssignment(): void {
  const { title, direction, visible, hidden } = draft.value;
  const assignment: Assignment = {
    format: assignmentFormat,
    id: assignmentId,
    ...(title.trim() !== '' && { title: title.trim().slice(0, 100) }),
    direction,
    visible,
    hidden: readShapes(hidden),
  };
  saveFile(`${assignmentId}.json`, new TextEncoder().encode(writeAssignment(assignment)), 'application/json');
}
