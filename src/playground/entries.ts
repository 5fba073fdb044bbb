/**
 * @file Console entries on their way to the page: gathered for some milliseconds, so that a program that prints in a
 * loop costs the page one update a step of the screen and not one a line.
 */
import type { ConsoleEntry } from '../session/protocol.ts';
import { say } from './language.ts';
import { entries } from './state.ts';

const gatherMs = 30;
/** Nobody reads a longer text here, and laying it out takes seconds. */
const longest = 10_000;

let pending: ConsoleEntry[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function addEntry(entry: ConsoleEntry): void {
  pending.push(cut(entry));
  timer ??= setTimeout(flushEntries, gatherMs);
}

/** Shows at once what has been gathered. */
export function flushEntries(): void {
  clearTimeout(timer);
  timer = undefined;
  if (pending.length > 0) entries.value = added(entries.value, pending);
  pending = [];
}

export function clearEntries(): void {
  pending = [];
  flushEntries();
  entries.value = [];
}

function cut(entry: ConsoleEntry): ConsoleEntry {
  const more = entry.text.length - longest;
  return more > 0
    ? {
        ...entry,
        text: say({
          en: `${entry.text.slice(0, longest)}… ${more.toLocaleString('en')} more characters`,
          zh: `${entry.text.slice(0, longest)}… 另有 ${more.toLocaleString('en')} 个字符`,
        }),
      }
    : entry;
}

/** Entries behind the others; one with values takes the place of the one that announced it. */
function added(before: readonly ConsoleEntry[], more: readonly ConsoleEntry[]): ConsoleEntry[] {
  const all = [...before];
  for (const entry of more) {
    const at = entry.id === undefined ? -1 : all.findLastIndex(({ id }) => id === entry.id);
    if (at === -1) all.push(entry);
    else all[at] = entry;
  }
  return all;
}
