/**
 * @file What is selected: one thing for the whole page, which every pane shows in its own way. A link holds it.
 */
import { signal } from '@preact/signals';
import { fail } from '../base/errors.ts';
import { say } from './language.ts';

/** What a program, its graph, and its run consist of, by the names that a run gives them. */
export const selectable = ['layer', 'node', 'kernel', 'line'] as const;

export interface Selection {
  readonly kind: (typeof selectable)[number];
  /** A layer's path, a node's or kernel's name, a line's number. */
  readonly name: string;
}

export const selection = signal<Selection | undefined>(undefined);

/** Selects a thing; what is selected already is let go. */
export function select(kind: Selection['kind'], name: string): void {
  selection.value = isSelected(kind, name) ? undefined : { kind, name };
}

export function isSelected(kind: Selection['kind'], name: string): boolean {
  const { value } = selection;
  return value?.kind === kind && value.name === name;
}

/** `'layer:conv1'`. */
export const writeSelection = ({ kind, name }: Selection): string => encodeURIComponent(`${kind}:${name}`);

const longest = 200;

export function readSelection(text: string): Selection {
  const [kind, ...rest] = text.split(':');
  const name = rest.join(':');
  const known = selectable.find((one) => one === kind);
  if (!known || name === '' || name.length > longest)
    fail(
      say({
        en: `link: '${text.slice(0, 50)}' selects nothing; write ${selectable.map((one) => `${one}:NAME`).join(', ')}`,
        zh: `链接：“${text.slice(0, 50)}”没有选中任何内容；请写 ${selectable.map((one) => `${one}:NAME`).join(', ')}`,
      }),
    );
  return { kind: known, name };
}
