/**
 * @file The link that this page was opened with. Another link in the same tab opens the page anew.
 */
import { signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import './chosen-language.ts';
import { language } from './language.ts';
import type { Control, LinkedState } from './link.ts';
import { readLink } from './link.ts';

/** Why the link could not be read. */
export const linkError = signal<string | undefined>(undefined);

/** What the link says; empty without one. */
export const linked: LinkedState = read();
if (linked.lang) language.value = linked.lang;

/** Whether the link leaves a control out. */
export function isHidden(control: Control): boolean {
  return linked.hide?.includes(control) ?? false;
}

addEventListener('hashchange', () => location.reload());

function read(): LinkedState {
  try {
    return readLink(location.hash) ?? {};
  } catch (error) {
    linkError.value = messageOf(error);
    return {};
  }
}
