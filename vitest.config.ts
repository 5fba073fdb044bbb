/**
 * @file The groups of tests, in the order in which `npm test` runs them. A test belongs to the group that its folder names.
 */
import { defineConfig } from 'vitest/config';

const seconds = 1000;

/** `alone`: one test file at a time, for what measures time or drives a whole browser. */
interface Group {
  readonly name: string;
  readonly timeout: number;
  readonly alone?: boolean;
}

const groups: readonly Group[] = [
  { name: 'unit', timeout: 10 * seconds },
  { name: 'wgsl', timeout: 60 * seconds },
  { name: 'engine', timeout: 120 * seconds },
  { name: 'remote', timeout: 120 * seconds },
  { name: 'browser', timeout: 120 * seconds, alone: true },
];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    maxWorkers: 2,
    projects: groups.map(({ name, timeout, alone }) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        environment: 'node',
        pool: 'forks' as const,
        fileParallelism: !alone,
        testTimeout: timeout,
        hookTimeout: timeout,
      },
    })),
  },
});
