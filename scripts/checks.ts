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
import type { Outcome, Report } from './outcome.ts';
import { outcomeOfGroup, outcomeOfTool, sum } from './outcome.ts';

export type CheckName = 'types' | 'lint' | GroupName;

export const checkNames: readonly CheckName[] = ['types', 'lint', ...groupNames];

export function needsOf(check: CheckName): readonly PrerequisiteName[] {
  return check === 'types' || check === 'lint' ? [] : groups[check].needs;
}

/** Runs one check, or of a slow group its smoke test alone; its output goes to ours. */
export async function runCheck(check: CheckName, smoke = false): Promise<Outcome> {
  if (check === 'types') return tool('tsc', ['-b']);
  if (check === 'lint') return sum([await tool('oxlint', ['--deny-warnings']), await tool('oxfmt', ['--check'])]);
  return runGroup(check, smoke ? (groups[check].smoke ?? []) : []);
}

const tool = async (name: string, args: readonly string[]): Promise<Outcome> =>
  outcomeOfTool(name, await runTool(name, args));

/** `selection` is a file, or a file and a test's name behind `-t`. */
async function runGroup(group: GroupName, selection: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = await runTool('vitest', ['run', '--project', group, ...selection, ...reporters]);
  const outcome = outcomeOfGroup(group, readReport(file), status);
  rmSync(folder, { recursive: true });
  return outcome;
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
