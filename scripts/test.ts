/**
 * @file Every check of the project in order, each counted, and one closing line that says how many passed.
 */
import { lookAround } from '../src/machine/machine.ts';
import { debianRelease, formatPrerequisite, judge, prerequisites } from '../src/machine/prerequisites.ts';
import type { CheckName, ToolName } from './checks.ts';
import { checkNames, needsOf, runGroups, runSmoke, runTools, toolNames } from './checks.ts';
import { installOnDebian } from './debian.ts';
import type { GroupName } from './groups.ts';
import { groupNames, groups } from './groups.ts';
import type { Count, Outcome } from './outcome.ts';
import { slowest, sum } from './outcome.ts';

const usage = `npm test [-- CHECK…] [--full]

Installs what is missing (on Debian, as root; elsewhere it says what to install), then runs the checks named, or all:

  ${checkNames.join(' ')}

  quick   types, lint, unit, wgsl and one smoke test of each other group: under two minutes
  --full  the sweeps run every combination; without it they are thinned, with every algorithm on every adapter

Tests that need something this machine lacks are skipped; with CI=true that is a failure.
Up to six files that fail run once more, alone; a test that passes only then is named as unsteady.
The last lines name the slowest tests and every failed one. The very last counts: N passed, N failed.
`;

const words: readonly string[] = [...checkNames, 'quick', '--full'];

/** Runs the checks that `args` name and returns the exit status. */
export async function test(args: readonly string[]): Promise<number> {
  const wrong = args.find((arg) => !words.includes(arg));
  if (wrong !== undefined) {
    const asked = wrong === '--help' || wrong === '-h';
    (asked ? process.stdout : process.stderr).write(asked ? usage : `there is no check '${wrong}'\n\n${usage}`);
    return asked ? 0 : 2;
  }
  if (args.includes('--full')) process.env.WUDNN_TEST_FULL = '1'; // test/support/combinations.ts reads it
  const named = checkNames.filter((name) => args.includes(name));
  const quick = args.includes('quick');
  const chosen = named.length > 0 && !quick ? named : checkNames;
  const missing = await prepareMachine(chosen);
  const began = performance.now();
  const ended = await runChecks(chosen, (name) => quick && !named.includes(name));
  const { text, failed } = closing(ended, process.env.CI ? missing : 0, secondsSince(began));
  console.log(text);
  return failed > 0 ? 1 : 0;
}

/** A check that has run. */
export interface CheckResult {
  readonly name: CheckName;
  readonly outcome: Outcome;
  /** Of a group, those of its files, which run side by side. */
  readonly seconds: number;
}

/** Runs the tools one by one, then the groups side by side; of a slow group its smoke test, where that is enough. */
async function runChecks(chosen: readonly CheckName[], isQuick: (name: GroupName) => boolean): Promise<CheckResult[]> {
  const ended: CheckResult[] = [];
  for (const name of toolNames.filter((tool) => chosen.includes(tool))) {
    const began = performance.now();
    ended.push({ name, outcome: await announced([name], () => runTools(name)), seconds: secondsSince(began) });
  }
  const named = groupNames.filter((group) => chosen.includes(group));
  const smoked = named.filter((group) => groups[group].smoke && isQuick(group));
  const whole = named.filter((group) => !smoked.includes(group));
  const outcomes = whole.length > 0 ? await announced(whole, () => runGroups(whole)) : [];
  ended.push(...outcomes.map((outcome, i) => ({ name: whole[i], ...outcome })));
  for (const name of smoked) ended.push({ name, ...(await announced([name], () => runSmoke(name))) });
  return ended;
}

function announced<T>(names: readonly (ToolName | GroupName)[], run: () => Promise<T>): Promise<T> {
  console.log(`\n— ${names.join(', ')}`);
  return run();
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

/** The end of the output, and how many failed: missing prerequisites count as failures. */
export function closing(
  ended: readonly CheckResult[],
  missing: number,
  seconds: number,
): { text: string; failed: number } {
  const total = sum(ended.map(({ outcome }) => outcome));
  const failed = total.failed + missing;
  const slow = slowest(total.tests, 20).map(({ name, seconds }) => `${seconds.toFixed(1).padStart(5)} s  ${name}`);
  const table = ended.map(
    ({ name, outcome, seconds }) => `${name.padEnd(8)} ${sentence(outcome)}, ${seconds.toFixed(0)} s`,
  );
  table.push(`all      ${seconds.toFixed(0)} s; files of tests run side by side, and the lines above add theirs up`);
  if (missing > 0) table.push(`missing  ${missing} of the prerequisites above; with CI set each is a failure`);
  const parts = [
    list('slowest tests', slow),
    list('unsteady tests, which failed among all others and passed when their files ran again alone', total.unsteady),
    list('failed tests', total.failures),
    table.join('\n'),
    sentence({ ...total, failed }),
  ];
  return {
    text: parts
      .map((part) => part && `\n${part}\n`)
      .join('')
      .trimEnd(),
    failed,
  };
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;

function sentence({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Finds what the checks need, installs what it can, prints all of it; returns how many are missing in the end. */
async function prepareMachine(chosen: readonly CheckName[]): Promise<number> {
  const needs = [...new Set(chosen.flatMap(needsOf))];
  const release = debianRelease();
  let reports = await judge(needs, lookAround());
  const wanted = reports.filter(({ state }) => state !== 'found');
  if (wanted.length > 0 && release && process.getuid?.() === 0) {
    installOnDebian(
      wanted.map(({ name }) => prerequisites[name]),
      release,
    );
    reports = await judge(needs, lookAround());
  }
  for (const report of reports) console.log(formatPrerequisite(report));
  return reports.filter(({ state }) => state === 'missing').length;
}
