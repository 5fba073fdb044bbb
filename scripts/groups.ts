/**
 * @file The groups of tests, in the order in which they run: one folder of test/ each.
 */
import type { PrerequisiteName } from '../src/machine/prerequisites.ts';

export interface Group {
  /** What its tests are allowed to need of the machine. */
  readonly needs: readonly PrerequisiteName[];
  /** What takes longer hangs, in seconds: far above what a busy machine needs, since no test may fail by its time. */
  readonly timeout: number;
  /** The part of a slow group that `npm test -- quick` runs, as arguments of Vitest. */
  readonly smoke?: readonly string[];
}

export type GroupName = 'unit' | 'wgsl' | 'engine' | 'remote' | 'browser';

export const groups: Record<GroupName, Group> = {
  unit: { needs: [], timeout: 240 },
  wgsl: { needs: [], timeout: 240 },
  engine: { needs: ['adapter'], timeout: 480, smoke: ['test/engine/nn.test.ts'] },
  remote: { needs: ['adapter', 'podman', 'python', 'sshd'], timeout: 480, smoke: ['test/remote/printed-live.test.ts'] },
  browser: {
    needs: ['adapter', 'browser', 'python', 'sshd'],
    timeout: 480,
    smoke: ['test/browser/page.test.ts', '-t', 'the first example runs'],
  },
};

export const groupNames = Object.keys(groups) as GroupName[];
