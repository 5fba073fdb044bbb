/**
 * @file How much room the page has: for panes side by side, for the editor above tabs, or for one thing after another.
 */
import { computed, signal } from '@preact/signals';

export type Room = 'wide' | 'medium' | 'narrow';

const [isWide, isNarrow] = ['(min-width: 1100px)', '(max-width: 599px)'].map((query) => {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => (matches.value = list.matches));
  return matches;
});

export const room = computed<Room>(() => (isWide.value ? 'wide' : isNarrow.value ? 'narrow' : 'medium'));
