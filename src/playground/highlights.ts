/**
 * @file What the selection lights in the last run. Each pane lights its own, and the editor the lines.
 */
import { computed } from '@preact/signals';
import type { Highlight } from './counterparts.ts';
import { highlightOf, noHighlight } from './counterparts.ts';
import { inspection } from './inspection.ts';
import { selection } from './selection.ts';

export const highlight = computed<Highlight>(() =>
  selection.value && inspection.value ? highlightOf(selection.value, inspection.value) : noHighlight,
);
