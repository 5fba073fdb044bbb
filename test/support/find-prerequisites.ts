/**
 * @file Runs once before a group of tests: finds what the group needs of the machine, so that its tests can run or skip.
 */
import type { TestProject } from 'vitest/node';
import type { GroupName } from '../../scripts/groups.ts';
import { groups } from '../../scripts/groups.ts';
import { lookAround } from '../../src/cli/machine.ts';
import type { Finding, PrerequisiteName } from '../../src/cli/prerequisites.ts';
import { judgeAll } from '../../src/cli/prerequisites.ts';

declare module 'vitest' {
  interface ProvidedContext {
    findings: Partial<Record<PrerequisiteName, Finding>>;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('findings', await judgeAll(groups[project.name as GroupName].needs, lookAround()));
}
