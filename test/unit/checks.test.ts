/**
 * @file The closing line of `npm test` counts every failure, and apt's sources are read as apt reads them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backportsSource, parseSources } from '../../scripts/debian.ts';
import { closing } from '../../scripts/test.ts';
import { groupNames, groups } from '../../scripts/groups.ts';
import { longest } from '../../scripts/longest-first.ts';
import type { Outcome, Report } from '../../scripts/outcome.ts';
import { filesToRepeat, outcomeOfTool, outcomesOfRun, slowest, sum } from '../../scripts/outcome.ts';
import { capture } from '../../src/machine/programs.ts';

describe('groups of tests that ran together', () => {
  const outcomeOf = (status: string) => ({
    ancestorTitles: ['outer', 'inner'],
    title: 'adds',
    status,
    duration: 1500,
    failureMessages: ['AssertionError: expected 1 to be 2\n    at a.test.ts:7:3'],
  });
  const fileOf = (path: string, ...statuses: string[]) => ({
    name: resolve(path),
    status: statuses.includes('failed') ? 'failed' : 'passed',
    message: '',
    startTime: 1000,
    endTime: 3500,
    assertionResults: statuses.map(outcomeOf),
  });
  const ran = (status: number | null, ...testResults: Report['testResults']) =>
    outcomesOfRun(['unit', 'wgsl'], { testResults }, status).map(({ outcome }) => outcome);
  const unit = fileOf('test/unit/a.test.ts', 'passed', 'skipped', 'todo', 'passed');
  const wgsl = fileOf('test/wgsl/b.test.ts', 'passed');
  const failing = fileOf('test/unit/a.test.ts', 'passed', 'failed');
  const broken = { ...fileOf('test/unit/a.test.ts'), status: 'failed', message: 'Error: no such module' };
  const counts = ({ passed, failed, skipped }: Outcome): number[] => [passed, failed, skipped];

  test('count their own tests', () => {
    expect(ran(0, unit, wgsl, unit).map(counts)).toEqual([
      [4, 0, 4],
      [1, 0, 0],
    ]);
    expect(ran(1, failing, wgsl).map(counts)).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ]);
  });

  test('name each failed test by its file and full name, and say why it failed', () => {
    expect(ran(1, failing)[0].failures).toEqual([
      'test/unit/a.test.ts › outer › inner › adds: AssertionError: expected 1 to be 2',
    ]);
  });

  test('count a file that does not load as a failure', () => {
    const [{ failed, failures }] = ran(1, broken, broken);
    expect(failed).toBe(2);
    expect(failures[0]).toBe('test/unit/a.test.ts: Error: no such module');
  });

  test('count a bad end without a failed test as one failure', () => {
    for (const [first, second] of [
      ran(1, unit, wgsl),
      ran(null, unit, wgsl),
      outcomesOfRun(['unit', 'wgsl'], undefined, 0).map(({ outcome }) => outcome),
    ]) {
      expect([first.failed, second.failed]).toEqual([1, 0]);
      expect(first.failures).toEqual([expect.stringContaining('unit, wgsl: the run')]);
    }
  });

  test('count what ran again as it did then, and tell what passed only then', () => {
    const again = (second: typeof failing): Outcome[] =>
      outcomesOfRun(['unit', 'wgsl'], { testResults: [failing, wgsl] }, 0, { testResults: [second] }).map(
        ({ outcome }) => outcome,
      );
    const [better] = again(fileOf('test/unit/a.test.ts', 'passed', 'passed'));
    expect(counts(better)).toEqual([2, 0, 0]);
    expect(better.unsteady).toEqual(['test/unit/a.test.ts › outer › inner › adds: AssertionError: expected 1 to be 2']);
    const [same] = again(fileOf('test/unit/a.test.ts', 'failed'));
    expect(counts(same)).toEqual([0, 1, 0]);
    expect(same.unsteady).toEqual([]);
  });

  test('run again where few files failed', () => {
    expect(filesToRepeat({ testResults: [failing, wgsl, broken] })).toEqual(Array(2).fill('test/unit/a.test.ts'));
    expect(filesToRepeat({ testResults: [wgsl] })).toEqual([]);
    expect(filesToRepeat({ testResults: Array(7).fill(failing) })).toEqual([]);
  });

  test('know their slowest tests, and for how long their files ran', () => {
    const { tests } = ran(0, wgsl)[1];
    expect(tests).toEqual([{ name: 'test/wgsl/b.test.ts › outer › inner › adds', seconds: 1.5 }]);
    const [quick, slow] = [{ ...tests[0], seconds: 0.1 }, tests[0]];
    expect(slowest([quick, slow, quick], 2)).toEqual([slow, quick]);
    const report = { testResults: [unit, wgsl, unit] };
    expect(outcomesOfRun(['unit', 'wgsl'], report, 0).map(({ seconds }) => seconds)).toEqual([5, 2.5]);
  });
});

test('the totals of a run are the sums of its checks', () => {
  const total = sum([outcomeOfTool('tsc', 0), outcomeOfTool('oxlint', 1)]);
  expect(total).toMatchObject({ passed: 1, failed: 1, failures: ['oxlint'] });
});

describe('npm test closes', () => {
  const outcome = {
    passed: 2,
    failed: 0,
    skipped: 1,
    failures: [],
    unsteady: [],
    tests: [{ name: 'a.test.ts › adds', seconds: 1.25 }],
  };

  test('with the slowest tests, a line for each check and one that counts', () => {
    const { text, failed } = closing([{ name: 'unit', outcome, seconds: 3.4 }], 0, 20.3);
    expect(failed).toBe(0);
    expect(text).toBe(
      '\nslowest tests:\n    1.3 s  a.test.ts › adds\n\nunit     2 passed, 0 failed, 1 skipped, 3 s\nall      20 s; files of tests run side by side, and the lines above add theirs up\n\n2 passed, 0 failed, 1 skipped',
    );
  });

  test('with the unsteady ones, which are no failures', () => {
    const { text, failed } = closing(
      [{ name: 'unit', outcome: { ...outcome, unsteady: ['b: late'] }, seconds: 3 }],
      0,
      3,
    );
    expect(failed).toBe(0);
    expect(text).toMatch(/unsteady tests, which failed among .* alone:\n {2}b: late\n/);
  });

  test('with the failed ones just above the counts, and counts what the machine lacks', () => {
    const bad = { ...outcome, failed: 1, failures: ['a.test.ts › adds: expected 1 to be 2'], tests: [] };
    const { text, failed } = closing([{ name: 'unit', outcome: bad, seconds: 3 }], 1, 3);
    expect(failed).toBe(2);
    expect(text).toMatch(/^\nfailed tests:\n {2}a\.test\.ts › adds: expected 1 to be 2\n\nunit {5}2 passed/);
    expect(text).toMatch(/missing {2}1 of the prerequisites.*\n\n2 passed, 2 failed, 1 skipped$/);
  });
});

test('npm test refuses a check that does not exist', async () => {
  const { status, stderr } = await capture(process.execPath, ['scripts/test.mjs', 'unti'], 60);
  expect(status).toBe(2);
  expect(stderr).toContain("there is no check 'unti'");
});

test('the smoke tests of npm test -- quick exist, one for each slow group', () => {
  const slow = groupNames.filter((group) => groups[group].needs.length > 0);
  expect(groupNames.filter((group) => groups[group].smoke)).toEqual(slow);
  for (const group of slow) {
    const [file, , name = ''] = groups[group].smoke!;
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(name);
  }
});

test('the files that go first exist', () => {
  expect(longest.filter((name) => !existsSync(`test/${name}.test.ts`))).toEqual([]);
});

test('every test file lies in the folder of a group, so that none is left out', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => /\.test\.tsx?$/.test(file));
  expect(files.filter((file) => !groupNames.some((group) => file.startsWith(`${group}/`)))).toEqual([]);
});

describe('the source of backports', () => {
  const stanzas = [
    '# a comment\nTypes: deb\n# another\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: /keys.gpg',
    'Types: deb\nURIs: http://mirror/security\nSuites: bookworm-security\nComponents: main',
    'Enabled: no\nTypes: deb\nURIs: http://off/debian\nSuites: trixie\nComponents: main',
  ].join('\n\n');
  const written =
    'Types: deb\nURIs: http://mirror/debian\nSuites: bookworm-backports\nComponents: main\nSigned-By: /keys.gpg\n';

  test('comes from the same archive and key as the release', () => {
    expect(backportsSource(parseSources(stanzas, true), 'bookworm')).toBe(written);
  });

  test('is derived from one-line entries too', () => {
    const lines =
      '#deb http://off/ bookworm main\ndeb-src http://mirror/debian bookworm main\ndeb [arch=amd64 signed-by=/keys.gpg] http://mirror/debian bookworm main\n';
    expect(backportsSource(parseSources(lines, false), 'bookworm')).toBe(written);
  });

  test('is refused where nothing says which archive the release comes from', () => {
    expect(() => backportsSource(parseSources(stanzas, true), 'trixie')).toThrow(
      'no source under /etc/apt names the suite trixie',
    );
  });

  test('is found again in what was written', () => {
    expect(parseSources(written, true)).toEqual([
      { uris: 'http://mirror/debian', suites: ['bookworm-backports'], signedBy: '/keys.gpg' },
    ]);
  });
});
