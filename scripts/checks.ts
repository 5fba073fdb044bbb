/**
 * @file The checks: the type check counts as one, the linter and the formatter as one each, a group of tests as many as it has.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrerequisiteName } from '../src/machine/prerequisites.ts';
import type { GroupName } from './groups.ts';
import { groupNames, groups } from './groups.ts';

export type CheckName = 'types' | 'lint' | GroupName;

export const checkNames: readonly CheckName[] = ['types', 'lint', ...groupNames];

export const isCheck = (name: string): boolean => (checkNames as readonly string[]).includes(name);

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export const none: Readonly<Count> = { passed: 0, failed: 0, skipped: 0 };

export function needsOf(check: CheckName): readonly PrerequisiteName[] {
  return check === 'types' || check === 'lint' ? [] : groups[check].needs;
}

/** Runs one check; its output goes to ours. */
export async function runCheck(check: CheckName): Promise<Count> {
  if (check === 'types') return once(await runTool('tsc', ['-b']));
  if (check === 'lint')
    return sum(once(await runTool('oxlint', ['--deny-warnings'])), once(await runTool('oxfmt', ['--check'])));
  return runGroup(check);
}

const sum = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const once = (status: number | null): Count => (status === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 });

async function runGroup(group: GroupName): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-test-'));
  const file = join(folder, 'report.json');
  const status = await runTool('vitest', [
    'run',
    '--project',
    group,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const count = countReport(readReport(file), status);
  rmSync(folder, { recursive: true });
  return count;
}

/** What is read of the report that Vitest writes, in Jest's format. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** A file that fails before its first test is one failure, and so is a run that fails in no test or leaves no report. */
export function countReport(report: Report | undefined, status: number | null): Count {
  if (!report) return { ...none, failed: 1 };
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // the run died before it wrote one; its own output says why
  }
}

/** Runs a tool of node_modules/.bin for forty minutes at most; `null` when it did not end by itself. */
function runTool(name: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', name), args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      timeout: 2_400_000,
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
