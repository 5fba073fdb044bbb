/**
 * @file Every check of the project in order, each counted, and one closing line that says how many passed.
 */
import { lookAround } from '../src/machine/machine.ts';
import { debianRelease, formatPrerequisite, judge, prerequisites } from '../src/machine/prerequisites.ts';
import type { CheckName, Count } from './checks.ts';
import { checkNames, isCheck, needsOf, none, runCheck } from './checks.ts';
import { installOnDebian } from './debian.ts';

const usage = `npm test [-- CHECK…]

Installs what is missing (on Debian, as root; elsewhere it says what to install), then runs the checks named, or all:

  ${checkNames.join(' ')}

Tests that need something this machine lacks are skipped; with CI=true that is a failure.
The last line counts: N passed, N failed.
`;

/** Runs the checks that `args` name and returns the exit status. */
export async function test(args: readonly string[]): Promise<number> {
  const wrong = args.find((arg) => !isCheck(arg));
  if (wrong !== undefined) {
    const asked = wrong === '--help' || wrong === '-h';
    (asked ? process.stdout : process.stderr).write(asked ? usage : `there is no check '${wrong}'\n\n${usage}`);
    return asked ? 0 : 2;
  }
  const chosen = args.length > 0 ? checkNames.filter((name) => args.includes(name)) : checkNames;
  const missing = await prepareMachine(chosen);
  const total = { ...none };
  const table: string[] = [];
  for (const name of chosen) {
    console.log(`\n— ${name}`);
    const started = performance.now();
    const count = await runCheck(name);
    table.push(`${name.padEnd(8)} ${sentence(count)}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += count[key];
  }
  if (process.env.CI) total.failed += missing;
  console.log(`\n${table.join('\n')}`);
  if (process.env.CI && missing > 0)
    console.log(`missing  ${missing} of the prerequisites above; with CI set each is a failure`);
  console.log(`\n${sentence(total)}`);
  return total.failed > 0 ? 1 : 0;
}

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
