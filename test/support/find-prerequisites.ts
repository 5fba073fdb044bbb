/**
 * @file Runs once before a group of tests: finds what the group needs of the machine, so that its tests can run or
 * skip, and none of them looks again; and gives the group a folder for caches of its own.
 */
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { GroupName } from '../../scripts/groups.ts';
import { groups } from '../../scripts/groups.ts';
import { builtSite } from '../../src/bridge/built-site.ts';
import { lookAround } from '../../src/machine/machine.ts';
import type { PrerequisiteReport } from '../../src/machine/prerequisites.ts';
import { judge } from '../../src/machine/prerequisites.ts';
import type { Python } from '../../src/machine/pythons.ts';
import { temporaryFolder } from '../../src/machine/temporary.ts';

declare module 'vitest' {
  interface ProvidedContext {
    prerequisites: readonly PrerequisiteReport[];
    /** Those that import torch, where the group needs one. Each import takes seconds. */
    pythons: readonly Python[];
  }
}

const ownCache = 'wudnn-test-cache';

export default async function setup(project: TestProject): Promise<() => void> {
  const { needs } = groups[project.name as GroupName];
  const machine = lookAround();
  project.provide('prerequisites', await judge(needs, machine));
  const pythons = needs.includes('python') ? await machine.pythons() : [];
  project.provide('pythons', pythons);
  if (pythons.length > 0) process.env.WUDNN_PYTHON ??= pythons[0].path; // what the tests start asks this one alone
  if (needs.includes('browser')) await builtSite(); // files that run side by side find it built
  return ownCaches();
}

/**
 * Whatever a test starts keeps its measured plans apart from the user's; all groups of a run share the folder. Mesa's
 * compiled shaders stay where they are, since they say nothing of wuDNN.
 */
async function ownCaches(): Promise<() => void> {
  if (process.env.XDG_CACHE_HOME?.includes(ownCache)) return () => {};
  const folder = await temporaryFolder(ownCache); // and those of killed runs go
  const { XDG_CACHE_HOME: before = join(homedir(), '.cache'), MESA_SHADER_CACHE_DIR: mesa = before } = process.env;
  Object.assign(process.env, { XDG_CACHE_HOME: folder, MESA_SHADER_CACHE_DIR: mesa });
  return () => {
    process.env.XDG_CACHE_HOME = before;
    rmSync(folder, { recursive: true, force: true });
  };
}
