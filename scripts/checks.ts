/**
 * @file The checks: the type check counts as one, the linter and the formatter as one each, a group of tests as many as
 * it has.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PrerequisiteName } from '../src/machine/prerequisites.ts';
import { temporaryFolder } from '../src/machine/temporary.ts';
import type { GroupName } from './groups.ts';
import { groupNames, groups } from './groups.ts';
import type { GroupOutcome, Outcome, Report } from './outcome.ts';
import { filesToRepeat, outcomeOfTool, outcomesOfRun, sum } from './outcome.ts';

export type ToolName = 'types' | 'lint';
export type CheckName = ToolName | GroupName;

export const toolNames: readonly ToolName[] = ['types', 'lint'];
export const checkNames: readonly CheckName[] = [...toolNames, ...groupNames];

export function needsOf(check: CheckName): readonly PrerequisiteName[] {
  return check === 'types' || check === 'lint' ? [] : groups[check].needs;
}

/** Runs a check that has no tests of its own; its output goes to ours. */
export async function runTools(check: ToolName): Promise<Outcome> {
  if (check === 'types') return tool('tsc', ['-b']);
  return sum([await tool('oxlint', ['--deny-warnings']), await tool('oxfmt', ['--check'])]);
}

const tool = async (name: string, args: readonly string[]): Promise<Outcome> =>
  outcomeOfTool(name, await runTool(name, args));

/**
 * Runs groups side by side, in one run: what waits in one leaves the processor to another. The few files that fail run
 * once more, alone: a fault fails again, and what passes then is told as unsteady.
 */
export async function runGroups(chosen: readonly GroupName[]): Promise<GroupOutcome[]> {
  const { status, report } = await vitest(chosen, []);
  const files = report ? filesToRepeat(report) : [];
  if (files.length === 0) return outcomesOfRun(chosen, report, status);
  console.log(`\n— once more, alone: ${files.join(', ')}`);
  const again = await vitest(chosen, files, { VITEST_MAX_WORKERS: '1' }); // projects obey no option of this kind
  return outcomesOfRun(chosen, again.report && report, again.status, again.report);
}

/** Runs the smoke test of a slow group alone. */
export async function runSmoke(group: GroupName): Promise<GroupOutcome> {
  const { status, report } = await vitest([group], groups[group].smoke ?? []);
  return outcomesOfRun([group], report, status)[0];
}

/** `selection` is files, or a file and a test's name behind `-t`. */
async function vitest(
  chosen: readonly GroupName[],
  selection: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; report: Report | undefined }> {
  const folder = await temporaryFolder('wudnn-test-report');
  const file = join(folder, 'report.json');
  const projects = chosen.flatMap((group) => ['--project', group]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = await runTool('vitest', ['run', ...projects, ...selection, ...reporters], env);
  const report = readReport(file);
  rmSync(folder, { recursive: true });
  return { status, report };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // the run died before it wrote one; its own output says why
  }
}

/** Runs a tool of node_modules/.bin for an hour at most; `null` when it did not end by itself. */
function runTool(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', name), args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
      timeout: 3_600_000,
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
