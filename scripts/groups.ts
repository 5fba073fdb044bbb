/**
 * @file The groups of tests, in the order in which they run: one folder of test/ each.
 */
import type { PrerequisiteName } from '../src/machine/prerequisites.ts';

export interface Group {
  /** What its tests are allowed to need of the machine. */
  readonly needs: readonly PrerequisiteName[];
  /** How long one test may take, in seconds. */
  readonly timeout: number;
  /** The part of a slow group that `npm test -- quick` runs, as arguments of Vitest. */
  readonly smoke?: readonly string[];
}

export type GroupName = 'unit' | 'wgsl' | 'engine' | 'remote' | 'browser';

export const groups: Record<GroupName, Group> = {
  unit: { needs: [], timeout: 60 },
  wgsl: { needs: [], timeout: 60 },
  engine: { needs: ['adapter'], timeout: 120, smoke: ['test/engine/nn.test.ts'] },
  remote: { needs: ['adapter', 'python', 'sshd'], timeout: 120, smoke: ['test/remote/printed-live.test.ts'] },
  browser: {
    needs: ['adapter', 'browser', 'python', 'sshd'],
    timeout: 120,
    smoke: ['test/browser/page.test.ts', '-t', 'the first example runs'],
  },
};

export const groupNames = Object.keys(groups) as GroupName[];
