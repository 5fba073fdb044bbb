/**
 * @file The order in which files of tests run. All groups share one queue; a run ends when its last file ends, so the
 * longest begin, and files that mostly wait run beside files that mostly compute.
 */
import { relative, sep } from 'node:path';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Files that take more than half a minute on two processors, roughly the longest first. */
export const longest: readonly string[] = [
  'engine/lessons',
  'browser/lessons',
  'engine/epilogue',
  'engine/epilogue-pool',
  'engine/ops',
  'engine/conv-fft',
  'engine/conv-winograd',
  'remote/transports',
  'browser/hostile',
  'remote/compare-command',
  'browser/remotes',
  'remote/network',
  'browser/compare',
  'engine/memory',
  'browser/page',
  'engine/non-finite',
  'engine/pool-unfused',
  'engine/own-convolution',
  'browser/export',
  'remote/conv-breadth',
  'browser/static-site',
  'engine/conv-forward',
  'browser/tuner',
  'engine/conv-backward-data',
  'remote/training',
  'engine/conv-backward-filter',
  'remote/start',
  'remote/extremes',
  'remote/compare',
];

/** The groups whose files are short go last: they even out how long the workers take. */
const order = ['remote', 'browser', 'engine', 'wgsl', 'unit'];

export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const at = longest.indexOf(nameOf(file.moduleId));
      return at < 0 ? longest.length + order.indexOf(file.project.name) : at;
    };
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
  }
}

/** `'engine/gemm'` of `/…/test/engine/gemm.test.ts`. */
const nameOf = (path: string): string =>
  relative('test', path)
    .replaceAll(sep, '/')
    .replace(/\.test\.tsx?$/, '');
