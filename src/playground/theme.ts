/**
 * @file Light or dark: the link's choice or the system's, until the visitor makes another.
 */
import { computed, effect, signal } from '@preact/signals';
import { linked } from './opening-link.ts';
import { visitor } from './storage.ts';

export type Theme = 'light' | 'dark';

const query = matchMedia('(prefers-color-scheme: dark)');
const system = signal<Theme>(query.matches ? 'dark' : 'light');
query.addEventListener('change', () => (system.value = query.matches ? 'dark' : 'light'));

/** What holds where the visitor has chosen nothing. */
const standard = computed<Theme>(() => linked.theme ?? system.value);

const recalled = visitor.recall('theme');
const chosen = signal<Theme | undefined>(recalled === 'light' || recalled === 'dark' ? recalled : undefined);

export const theme = computed<Theme>(() => chosen.value ?? standard.value);

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

/** Switches to the other theme; choosing what holds anyway means following that again. */
export function toggleTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  chosen.value = next === standard.value ? undefined : next;
  visitor.remember('theme', chosen.value);
}
