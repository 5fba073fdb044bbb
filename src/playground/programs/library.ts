/**
 * @file The visitor's own programs, kept in the browser under their names. Several tabs may have one open: a tab that
 * writes says which state it knew, and is told when another tab has written meanwhile.
 */
import { signal } from '@preact/signals';
import { onChangeElsewhere, visitor } from '../storage.ts';

/** What a program was before the visitor changed it. */
export interface Origin {
  readonly title: string;
  readonly text: string;
}

export interface SavedProgram {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Without one, the visitor wrote it from nothing or brought it in a file. */
  readonly origin?: Origin;
  /** Counts its states: another number, another state. */
  readonly revision: number;
}

const start = 'own:';

/** By title. */
export const saved = signal<readonly SavedProgram[]>(readAll());

onChangeElsewhere((name) => {
  if (name === undefined || name.startsWith(start)) saved.value = readAll();
});

export const savedById = (id: string): SavedProgram | undefined => saved.value.find((program) => program.id === id);

/**
 * `'full'`: the browser refuses to store it. `'changed'`: another tab has written since `program` was read; nothing was
 * overwritten.
 */
export type SaveOutcome = 'saved' | 'full' | 'changed';

/** Stores a new state of a program, which becomes its next revision. */
export function save(program: SavedProgram): SaveOutcome {
  const stored = read(program.id);
  if (stored ? stored.revision !== program.revision : program.revision > 0) return 'changed';
  const done = visitor.remember(start + program.id, JSON.stringify({ ...program, revision: program.revision + 1 }));
  if (done) saved.value = readAll();
  return done ? 'saved' : 'full';
}

export function remove(id: string): void {
  visitor.remember(start + id, undefined);
  saved.value = readAll();
}

/** A new program, not stored yet. */
export function create(title: string, text: string, origin?: Origin): SavedProgram {
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return { id, title: freeTitle(title), text, ...(origin && { origin }), revision: 0 };
}

/** The title, with a number behind it where there is one of that title already. */
export function freeTitle(title: string, except?: string): string {
  const taken = new Set(saved.value.filter(({ id }) => id !== except).map((program) => program.title));
  const wanted = title.trim().slice(0, 100) || 'Untitled';
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.has(`${wanted} ${n}`)) return `${wanted} ${n}`;
}

function readAll(): SavedProgram[] {
  const programs = visitor.names(start).map((name) => read(name.slice(start.length)));
  return programs
    .filter((program) => program !== undefined)
    .toSorted((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }));
}

/**
 * What is stored may be of another version of this page, or damaged: it is checked, and left alone where it is not a
 * program.
 */
function read(id: string): SavedProgram | undefined {
  try {
    const value = JSON.parse(visitor.recall(start + id) ?? 'null') as Partial<SavedProgram> | null;
    const { title, text, origin, revision } = value ?? {};
    if (typeof title !== 'string' || typeof text !== 'string' || typeof revision !== 'number') return undefined;
    const whole = typeof origin?.title === 'string' && typeof origin.text === 'string';
    return { id, title, text, ...(whole && { origin: { title: origin.title, text: origin.text } }), revision };
  } catch {
    return undefined;
  }
}
