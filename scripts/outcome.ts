/**
 * @file What came of a check: how many tests passed, failed and were skipped, which failed, and how long each took.
 */
import { relative, sep } from 'node:path';

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TimedTest {
  /** `'test/engine/gemm.test.ts › gemm on llvmpipe › 3×5 by 5×7'` */
  readonly name: string;
  readonly seconds: number;
}

export interface Outcome extends Count {
  /** What failed, each by its name and the first line of its error. */
  readonly failures: readonly string[];
  /** Those that failed among all others, and passed when their files ran again alone. */
  readonly unsteady: readonly string[];
  readonly tests: readonly TimedTest[];
}

/** What is read of the report that Vitest writes, in Jest's format. */
export interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  /** Its path. */
  readonly name: string;
  readonly status: string;
  readonly message: string;
  /** In milliseconds. */
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly TestReport[];
}

interface TestReport {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  /** In milliseconds; none where the test did not run. */
  readonly duration?: number | null;
  readonly failureMessages: readonly string[] | null;
}

const empty: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [], tests: [] };

/** The outcome of a tool that has no tests of its own. */
export function outcomeOfTool(name: string, status: number | null): Outcome {
  return status === 0 ? { ...empty, passed: 1 } : { ...empty, failed: 1, failures: [name] };
}

/** More than these fail for one reason, which a second run would only repeat. */
const mostRepeated = 6;

/** The paths of the files to run again alone: those that failed, where they are few. */
export function filesToRepeat({ testResults }: Report): string[] {
  const failed = testResults.filter((file) => failuresIn(file).length > 0).map(pathOf);
  return failed.length > mostRepeated ? [] : failed;
}

/** The outcome of a group that ran, and for how long its files ran, those side by side added up. */
export interface GroupOutcome {
  readonly outcome: Outcome;
  readonly seconds: number;
}

/**
 * What came of each group that ran together with others, and of the files that ran `again`, which count as they did
 * then. A file that fails before its first test is one failure; a run that fails in no test, or leaves no report, is
 * one of its first group.
 */
export function outcomesOfRun(
  groups: readonly string[],
  report: Report | undefined,
  status: number | null,
  again: Report = { testResults: [] },
): GroupOutcome[] {
  const outcomes = groups.map((group) => outcomeOfGroup(group, report?.testResults ?? [], again.testResults));
  if (status === 0 && report) return outcomes;
  if (report && outcomes.some(({ outcome }) => outcome.failed > 0)) return outcomes;
  const complaint = report ? 'the run failed, though no test did' : 'the run ended without a report';
  const [{ outcome, seconds }, ...others] = outcomes;
  return [
    { outcome: sum([outcome, { ...empty, failed: 1, failures: [`${groups.join(', ')}: ${complaint}`] }]), seconds },
    ...others,
  ];
}

function outcomeOfGroup(group: string, all: readonly FileReport[], again: readonly FileReport[]): GroupOutcome {
  const first = all.filter((file) => pathOf(file).startsWith(`test/${group}/`));
  const files = first.map((file) => again.find(({ name }) => name === file.name) ?? file);
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ file, test })));
  const failures = files.flatMap(failuresIn);
  const passed = tests.filter(({ test }) => test.status === 'passed').length;
  return {
    outcome: {
      passed,
      failed: failures.length,
      skipped: tests.filter(({ test }) => test.status !== 'passed' && test.status !== 'failed').length,
      failures,
      unsteady: first.flatMap((file, i) => (file === files[i] ? [] : mendedIn(file, files[i]))),
      tests: tests.map(({ file, test }) => ({ name: nameOf(file, test), seconds: (test.duration ?? 0) / 1000 })),
    },
    seconds: files.reduce((sum, { startTime, endTime }) => sum + (endTime - startTime) / 1000, 0),
  };
}

export function sum(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (a, b) => ({
      passed: a.passed + b.passed,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
      failures: [...a.failures, ...b.failures],
      unsteady: [...a.unsteady, ...b.unsteady],
      tests: [...a.tests, ...b.tests],
    }),
    empty,
  );
}

export function slowest(tests: readonly TimedTest[], count: number): TimedTest[] {
  return tests.toSorted((a, b) => b.seconds - a.seconds).slice(0, count);
}

function failuresIn(file: FileReport): string[] {
  const failed = file.assertionResults.filter(isFailed);
  if (file.status === 'failed' && failed.length === 0) return [`${pathOf(file)}: ${firstLine(file.message)}`];
  return failed.map((test) => failureOf(file, test));
}

/** What failed at first and passed then. */
function mendedIn(first: FileReport, again: FileReport): string[] {
  const passed = new Set(again.assertionResults.filter(isPassed).map((test) => nameOf(again, test)));
  const failed = first.assertionResults.filter(isFailed);
  if (failed.length === 0) return again.status === 'passed' ? failuresIn(first) : [];
  return failed.filter((test) => passed.has(nameOf(first, test))).map((test) => failureOf(first, test));
}

const isPassed = ({ status }: TestReport): boolean => status === 'passed';

const isFailed = ({ status }: TestReport): boolean => status === 'failed';

const failureOf = (file: FileReport, test: TestReport): string =>
  `${nameOf(file, test)}: ${firstLine(test.failureMessages?.[0] ?? '')}`;

const nameOf = (file: FileReport, { ancestorTitles, title }: TestReport): string =>
  [pathOf(file), ...ancestorTitles, title].join(' › ');

const pathOf = ({ name }: FileReport): string => relative('.', name).replaceAll(sep, '/');

const firstLine = (text: string): string => text.trim().split('\n')[0].slice(0, 200);
