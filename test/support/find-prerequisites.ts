/**
 * @file Runs once before a group of tests: finds what the group needs of the machine, so that its tests can run or skip.
 */
import type { TestProject } from 'vitest/node';
import type { GroupName } from '../../scripts/groups.ts';
import { groups } from '../../scripts/groups.ts';
import { lookAround } from '../../src/cli/machine.ts';
import type { PrerequisiteReport } from '../../src/cli/prerequisites.ts';
import { judge } from '../../src/cli/prerequisites.ts';

declare module 'vitest' {
  interface ProvidedContext {
    prerequisites: readonly PrerequisiteReport[];
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('prerequisites', await judge(groups[project.name as GroupName].needs, lookAround()));
}
