/**
 * @file The program in the editor: an example, one from elsewhere (a link, a recorded run), or one of the visitor's
 * own.
 *
 * Examples and guests never change: the first edit of one makes "Copy of …", a program of the visitor's own that is
 * stored as they type. So nothing that is written is lost, by a reload, by another choice or by another tab, and what
 * was there before it stays too.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import { say } from '../language.ts';
import { maxProgramBytes } from '../link.ts';
import { linked, linkError } from '../opening-link.ts';
import { tab, visitor } from '../storage.ts';
import type { Example } from './examples.ts';
import { examples } from './examples.ts';
import type { SavedProgram } from './library.ts';
import { create, freeTitle, remove, save, saved, savedById } from './library.ts';

/** What the editor holds: a text under a title, and whose it is. */
export interface OpenProgram {
  readonly id: string;
  readonly title: string;
  /** As it was opened. */
  readonly text: string;
  /** The visitor's own, as it was stored last. */
  readonly own?: SavedProgram;
}

const guestKey = 'guest';

/** A program from elsewhere. */
export const guest = signal<Example | undefined>(linked.program === undefined ? undefined : fromLink(linked.program));

function fromLink(program: string): Example {
  return {
    id: guestKey,
    get title() {
      return say({ en: 'The program from the link', zh: '来自链接的程序' });
    },
    text: program,
  };
}

/** The program of the lesson that is open; it is loaded with the lesson. */
export const lessonProgram = signal<Example | undefined>(undefined);

refuseUnknownExample();

/** The link was read before, and with it the language. */
function refuseUnknownExample(): void {
  const asked = linked.example;
  if (asked === undefined || examples.some(({ id }) => id === asked)) return;
  const all = examples.map(({ id }) => id).join(', ');
  linkError.value = say({
    en: `link: there is no example '${asked}'; there are ${all}`,
    zh: `链接：没有示例“${asked}”；现有 ${all}`,
  });
}

export const open = signal<OpenProgram>(first());

export const text = signal(open.value.text);

/**
 * Counts the programs that were opened: what changes the text without another count is an edit, which can be undone.
 */
export const openings = signal(0);

/** Why the text is not stored; the visitor must hear of it. */
export const unsaved = signal<string | undefined>(undefined);

/** The program that is open here was changed, or deleted, in another tab. */
export const changedElsewhere = computed(() => {
  const { own } = open.value;
  return own !== undefined && savedById(own.id)?.revision !== own.revision && unsaved.value === undefined;
});

/** The program that was deleted last, so that it can come back. */
export const deleted = signal<SavedProgram | undefined>(undefined);

/** What the open program was made of, where it is other than that now. */
export const resettable = computed(() => {
  const origin = open.value.own?.origin;
  return origin && origin.text !== text.value ? origin : undefined;
});

/** The example that the text is, unchanged: everybody's page has it. */
export const unchangedExample = computed(() => examples.find(({ text: own }) => own === text.value));

/** Whether the text is the open lesson's, unchanged: everybody's page has that too. */
export const isLessonsOwn = computed(() => lessonProgram.value?.text === text.value);

effect(() => {
  const now = text.value;
  if (now !== open.peek().text) keep(now);
});

/**
 * What is open when the page starts: what this tab had, where it is of the link that the page has; the link's; what was
 * open last.
 */
function first(): OpenProgram {
  const before = byId(tab.recall('open'));
  const asked = guest.value ?? examples.find(({ id }) => id === linked.example);
  if (!asked) return before ?? byId(visitor.recall('open')) ?? opened(examples[0]);
  return before?.own?.origin?.text === asked.text ? before : opened(asked);
}

function byId(id: string | undefined): OpenProgram | undefined {
  const own = id === undefined ? undefined : savedById(id);
  if (own) return ownOpened(own);
  const found = [guest.value, lessonProgram.value, ...examples].find((e) => e !== undefined && e.id === id);
  return found && opened(found);
}

function opened({ id, title, text: own }: Example): OpenProgram {
  return { id, title, text: own };
}

function ownOpened(own: SavedProgram): OpenProgram {
  return { id: own.id, title: own.title, text: own.text, own };
}

function show(program: OpenProgram): void {
  batch(() => {
    unsaved.value = undefined;
    open.value = program;
    text.value = program.text;
    openings.value++;
  });
  rememberChoice(program);
}

/** What a link alone opens is no choice of the visitor's. */
function rememberChoice({ id }: OpenProgram): void {
  if (id === guestKey) return;
  tab.remember('open', id);
  visitor.remember('open', id);
}

export function openProgram(id: string): void {
  const program = byId(id);
  if (program) show(program);
}

/** Shows a program from elsewhere. */
export function showGuest(title: string, program: string): void {
  guest.value = { id: guestKey, title, text: program };
  openProgram(guestKey);
}

/**
 * Stores the text: as the next state of the open program, or as a copy where that is not the visitor's or was changed
 * in another tab. A copy that is again what it was made of is not kept.
 */
function keep(now: string): void {
  const { own, title, text: before } = open.peek();
  const source = own?.origin?.text === now && /^Copy of | 的副本$/.test(own.title) ? sourceOf(now) : undefined;
  if (own && source && savedById(own.id)?.revision === own.revision) {
    remove(own.id);
    open.value = opened(source);
    rememberChoice(open.value);
  } else if (!own || store({ ...own, text: now }) === 'changed')
    store(create(copyOf(title), now, own?.origin ?? { title, text: before }));
}

function copyOf(title: string): string {
  const of = title.replace(/^Copy of | 的副本$/g, '');
  return say({ en: `Copy of ${of}`, zh: `${of} 的副本` });
}

/** The example or guest with this text. */
function sourceOf(own: string | undefined): Example | undefined {
  return [guest.peek(), lessonProgram.peek(), ...examples].find((e) => e !== undefined && e.text === own);
}

function store(program: SavedProgram): ReturnType<typeof save> {
  const outcome = save(program);
  if (outcome === 'changed') return outcome;
  batch(() => {
    unsaved.value =
      outcome === 'full'
        ? say({
            en: 'The browser refuses to store this program. Save it to a file, or delete programs that you no longer need.',
            zh: '浏览器拒绝保存此程序。请保存到文件，或删除不再需要的程序。',
          })
        : undefined;
    open.value = ownOpened(savedById(program.id) ?? program);
  });
  rememberChoice(open.value);
  return outcome;
}

/** Adds a program of the visitor's own and opens it. */
function addProgram(title: string, content: string): void {
  show(ownOpened(create(title, content)));
  store(open.value.own!);
}

/** Opens the program of a file. */
export async function addFile(file: File): Promise<void> {
  const content = file.size > maxProgramBytes ? '' : await file.text();
  const wrong =
    file.size > maxProgramBytes
      ? say({ en: `is larger than ${maxProgramBytes / 1000} kB`, zh: `大于 ${maxProgramBytes / 1000} kB` })
      : content.includes('\0') || content.includes('\uFFFD')
        ? say({ en: 'is not a text file', zh: '不是文本文件' })
        : undefined;
  if (wrong)
    linkError.value = say({
      en: `file: '${file.name.slice(0, 100)}' ${wrong}; choose a TypeScript program`,
      zh: `文件：“${file.name.slice(0, 100)}”${wrong}；请选择 TypeScript 程序`,
    });
  else addProgram(file.name.replace(/\.[cm]?[jt]s$/, ''), content);
}

/** A program of the visitor's own with this text, to go on with while the one that is open stays as it is. */
export function copyProgram(): void {
  const { own, title, text: before } = open.value;
  store(create(copyOf(title), text.value, own?.origin ?? { title, text: before }));
}

export function renameProgram(title: string): void {
  const { own } = open.value;
  if (own) store({ ...own, text: text.value, title: freeTitle(title, own.id) });
}

/** Deletes the visitor's program that is open and opens what it was made of, or the first example. */
export function deleteProgram(): void {
  const { own } = open.value;
  if (!own) return;
  remove(own.id);
  batch(() => {
    deleted.value = own;
    show(opened(sourceOf(own.origin?.text) ?? examples[0]));
  });
}

export function undoDelete(): void {
  const back = deleted.value;
  deleted.value = undefined;
  if (!back) return;
  show(ownOpened({ ...back, revision: 0 }));
  store(open.value.own!);
}

/** Gives the text back that the program was made of. In the editor that is one edit, which can be undone. */
export function resetProgram(): void {
  if (resettable.value) text.value = resettable.value.text;
}

/** Takes the state that another tab has stored; where that tab deleted it, what is here is stored again. */
export function takeElsewhere(): void {
  const { own } = open.value;
  const theirs = own && savedById(own.id);
  if (theirs) show(ownOpened(theirs));
  else if (own) store({ ...own, revision: 0 });
}

/** What the list of programs offers: from elsewhere, the lesson's, the examples, the visitor's own. */
export const listed = computed(() => ({ guest: guest.value, lesson: lessonProgram.value, examples, own: saved.value }));
