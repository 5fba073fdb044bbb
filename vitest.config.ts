/**
 * @file The groups of tests as Vitest's projects: `npx vitest run --project unit`, or all of them by `npm test`.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { groupNames, groups } from './scripts/groups.ts';
import { LongestFirst } from './scripts/longest-first.ts';

/** Two more than there are processors, since many tests wait for a server or a browser; more would only crowd. */
const maxWorkers = Math.min(availableParallelism() + 2, 4);

const env = {
  OMP_NUM_THREADS: '1', // files run side by side, and PyTorch's threads wait for one another busily
};

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    maxWorkers,
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 120_000, interval: 50 } }, // what a test waits for comes, only later on a busy machine
    projects: groupNames.map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        globalSetup: ['test/support/find-prerequisites.ts'],
        environment: 'node',
        pool: 'forks' as const, // Dawn's environment variables reach a process, not a thread
        env,
        testTimeout: groups[name].timeout * 1000,
        hookTimeout: groups[name].timeout * 1000,
      },
    })),
  },
});
