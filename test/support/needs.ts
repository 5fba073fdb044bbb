/**
 * @file Tests that need something of the machine: they run where it is there, and skip visibly where it is missing.
 */
import { describe, inject } from 'vitest';
import type { PrerequisiteName } from '../../src/cli/prerequisites.ts';
import { prerequisites } from '../../src/cli/prerequisites.ts';

/** `describe` for tests that need these; the group's row in scripts/groups.ts must name them too. */
export function describeWith(needs: readonly PrerequisiteName[], name: string, body: () => void): void {
  const missing = needs.filter((need) => findingOf(need).state === 'missing');
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${missing.map((need) => prerequisites[need].what).join(' and ')})`, body);
}

function findingOf(need: PrerequisiteName) {
  const finding = inject('findings')[need];
  if (!finding) throw new Error(`describeWith: '${need}' is not among the needs of this group in scripts/groups.ts`);
  return finding;
}
