/**
 * @file What the visitor fixes for the next runs, whatever the program says: as in `torch.backends.cudnn`, by the same
 * names.
 */
import { computed, signal } from '@preact/signals';
import type { RunOptions } from '../session/protocol.ts';

export type FixedSettings = NonNullable<RunOptions['fixed']>;

/** Absent: as the program says. */
export const fixed = signal<FixedSettings>({});

export function fix<Name extends keyof FixedSettings>(name: Name, value: FixedSettings[Name] | undefined): void {
  const { [name]: _, ...others } = fixed.value;
  fixed.value = value === undefined ? (others as FixedSettings) : { ...others, [name]: value };
}

export const fixedCount = computed(() => Object.keys(fixed.value).length);
