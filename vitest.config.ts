/**
 * @file The groups of tests as Vitest's projects: `npx vitest run --project unit`, or all of them by `npm test`.
 */
import { defineConfig } from 'vitest/config';
import { groupNames, groups } from './scripts/groups.ts';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    maxWorkers: 2,
    projects: groupNames.map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        globalSetup: ['test/support/find-prerequisites.ts'],
        environment: 'node',
        pool: 'forks' as const, // Dawn's environment variables reach a process, not a thread
        testTimeout: groups[name].timeout * 1000,
        hookTimeout: groups[name].timeout * 1000,
      },
    })),
  },
});
