/**
 * @file Runs once before a group of tests: finds what the group needs of the machine, so that its tests can run or skip, and
 * gives the group a folder for caches of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { GroupName } from '../../scripts/groups.ts';
import { groups } from '../../scripts/groups.ts';
import { lookAround } from '../../src/machine/machine.ts';
import type { PrerequisiteReport } from '../../src/machine/prerequisites.ts';
import { judge } from '../../src/machine/prerequisites.ts';

declare module 'vitest' {
  interface ProvidedContext {
    prerequisites: readonly PrerequisiteReport[];
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  project.provide('prerequisites', await judge(groups[project.name as GroupName].needs, lookAround()));
  return ownCaches();
}

/** Whatever a test starts keeps its measured plans apart from the user's. Mesa's compiled shaders stay where they are, since they say nothing of wuDNN. */
function ownCaches(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-test-cache-'));
  const { XDG_CACHE_HOME: before = join(homedir(), '.cache'), MESA_SHADER_CACHE_DIR: mesa = before } = process.env;
  Object.assign(process.env, { XDG_CACHE_HOME: folder, MESA_SHADER_CACHE_DIR: mesa });
  return () => {
    process.env.XDG_CACHE_HOME = before;
    rmSync(folder, { recursive: true, force: true });
  };
}
