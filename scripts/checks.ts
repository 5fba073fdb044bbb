/**
 * @file The checks: the type check counts as one, the linter and the formatter as one each, a group of tests as many as
 * it has.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrerequisiteName } from '../src/machine/prerequisites.ts';
import type { GroupName } from './groups.ts';
import { groupNames, groups } from './groups.ts';
import type { GroupOutcome, Outcome, Report } from './outcome.ts';
import { outcomeOfTool, outcomesOfRun, sum } from './outcome.ts';

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

/** Runs groups side by side, in one run: what waits in one leaves the processor to another. */
export const runGroups = (chosen: readonly GroupName[]): Promise<GroupOutcome[]> => vitest(chosen, []);

/** Runs the smoke test of a slow group alone. */
export const runSmoke = async (group: GroupName): Promise<GroupOutcome> =>
  (await vitest([group], groups[group].smoke ?? []))[0];

/** `selection` is a file, or a file and a test's name behind `-t`. */
async function vitest(chosen: readonly GroupName[], selection: readonly string[]): Promise<GroupOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-test-'));
  const file = join(folder, 'report.json');
  const projects = chosen.flatMap((group) => ['--project', group]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = await runTool('vitest', ['run', ...projects, ...selection, ...reporters]);
  const outcomes = outcomesOfRun(chosen, readReport(file), status);
  rmSync(folder, { recursive: true });
  return outcomes;
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
