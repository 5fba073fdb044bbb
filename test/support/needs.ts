/**
 * @file Tests that need something of the machine: they run where it is there, and skip visibly where it is missing.
 */
import { describe, inject } from 'vitest';
import { fail } from '../../src/base/errors.ts';
import type { PrerequisiteName } from '../../src/machine/prerequisites.ts';

/** `describe` for tests that need these; the group's row in scripts/groups.ts must name them too. */
export function describeWith(needs: readonly PrerequisiteName[], name: string, body: () => void | Promise<void>): void {
  const missing = needs.map(reportOf).filter(({ state }) => state === 'missing');
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${missing.map(({ what }) => what).join(' and ')})`, body);
}

function reportOf(need: PrerequisiteName) {
  return (
    inject('prerequisites').find(({ name }) => name === need) ??
    fail(`describeWith: '${need}' is not among the needs of this group in scripts/groups.ts`)
  );
}
