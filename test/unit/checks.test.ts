/**
 * @file The closing line of `npm test` counts every failure, and apt's sources are read as apt reads them.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countReport } from '../../scripts/checks.ts';
import type { Report } from '../../scripts/checks.ts';
import { backportsSource, parseSources } from '../../scripts/debian.ts';
import { groupNames } from '../../scripts/groups.ts';
import { capture } from '../../src/machine/programs.ts';

describe('a group of tests counts', () => {
  const report: Report = {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: [{}] }],
  };
  const broken = { status: 'failed', assertionResults: [] };

  test('its tests', () => {
    expect(countReport(report, 0)).toEqual({ passed: 7, failed: 0, skipped: 2 });
    expect(countReport({ ...report, numFailedTests: 3 }, 1)).toEqual({ passed: 7, failed: 3, skipped: 2 });
  });

  test('a file that does not load as a failure', () => {
    expect(countReport({ ...report, numFailedTests: 1, testResults: [broken, broken] }, 1).failed).toBe(3);
  });

  test('a bad end without a failed test as a failure', () => {
    expect(countReport(report, 1).failed).toBe(1);
    expect(countReport(report, null).failed).toBe(1);
    expect(countReport(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test('npm test closes with one line that counts, and its status is that something failed', async () => {
  const { status, stdout } = await capture(process.execPath, ['scripts/test.mjs', 'lint'], 60);
  const [, failed] = /\n\d+ passed, (\d+) failed\n$/.exec(stdout) ?? [];
  expect(failed).toBeDefined();
  expect(status).toBe(failed === '0' ? 0 : 1);
}, 60_000);

test('npm test refuses a check that does not exist', async () => {
  const { status, stderr } = await capture(process.execPath, ['scripts/test.mjs', 'unti'], 60);
  expect(status).toBe(2);
  expect(stderr).toContain("there is no check 'unti'");
}, 60_000);

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
