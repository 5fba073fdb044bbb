/**
 * @file Light or dark: the system's choice, until the visitor makes another.
 */
import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './storage.ts';

export type Theme = 'light' | 'dark';

const query = matchMedia('(prefers-color-scheme: dark)');
const system = signal<Theme>(query.matches ? 'dark' : 'light');
query.addEventListener('change', () => (system.value = query.matches ? 'dark' : 'light'));

const recalled = recall('theme');
const chosen = signal<Theme | undefined>(recalled === 'light' || recalled === 'dark' ? recalled : undefined);

export const theme = computed<Theme>(() => chosen.value ?? system.value);

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

/** Switches to the other theme; choosing the system's own means following the system again. */
export function toggleTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  chosen.value = next === system.value ? undefined : next;
  remember('theme', chosen.value);
}
