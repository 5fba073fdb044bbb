/**
 * @file `grade`: students' files of answers in bulk. Each is checked, its lesson's check is made again of the recorded
 * run, and a kernel of its own is verified on the assignment's shapes. No program of a file is run.
 */
import { lstat, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { counted } from '../base/format.ts';
import type { Assignment } from '../class/assignment.ts';
import { readAssignment } from '../class/assignment.ts';
import type { GivenFile } from '../class/grade.ts';
import { gradeFiles, mostFiles } from '../class/grade.ts';
import type { Graded } from '../class/table.ts';
import { gradesCsv, isAnswered, kernelText } from '../class/table.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { KernelGrader } from './grade-kernel.ts';
import { textStream, writeJson } from './output.ts';
import { showStatus } from './progress.ts';
import { readShaders } from './shaders.ts';
import { formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- grade FILE… | FOLDER [OPTIONS]

Reads the files that students saved in the Lesson pane, of a folder those that end in .json, and prints a row for each: the
prediction, the lesson's check made again of the recorded run, whether the question was answered, and the adapter. A file's program
is never run. The exit status is 1 if something is wrong with a file.

  --assignment FILE  verify the students' kernels on the shapes of this assignment; may be given more than once
  --adapter NAME     verify on this adapter (the doctor lists them)
  --csv FILE         write the rows with the answers for a spreadsheet; - is standard output
  --json FILE        write the rows with the answers to a file; - is standard output
`;

const options = {
  assignment: { type: 'string', multiple: true },
  adapter: { type: 'string' },
  csv: { type: 'string' },
  json: { type: 'string' },
} as const;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (positionals.length === 0) fail('expected files or a folder; see --help');
  const paths = values.assignment ?? [];
  const assignments = await Promise.all(paths.map(assignmentIn));
  const grades = await withKernels(await gradeFiles(await filesIn(positionals, paths)), assignments, values.adapter);
  const out = values.csv === '-' ? process.stderr : textStream(values.json);
  out.write(tableOf(grades));
  if (values.csv === '-') process.stdout.write(gradesCsv(grades));
  else if (values.csv !== undefined) await writeFile(values.csv, gradesCsv(grades));
  await writeJson(values.json, 'wudnn-grade/1', { files: grades.map(shortened) });
  return grades.some(({ trouble }) => trouble.length > 0) ? 1 : 0;
}

async function assignmentIn(path: string): Promise<Assignment> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => fail(`cannot read ${path}: ${messageOf(error)}`));
  return readAssignment(text);
}

/** The files as they are named, and of each folder what ends in `.json`; links are not followed. */
async function filesIn(paths: readonly string[], leftOut: readonly string[]): Promise<GivenFile[]> {
  const skipped = new Set(leftOut.map((path) => resolve(path)));
  const files: GivenFile[] = [];
  for (const path of paths) {
    const found = await lstat(path).catch((error: unknown) => fail(`cannot read ${path}: ${messageOf(error)}`));
    const inside = found.isDirectory() ? (await readdir(path)).filter((name) => name.endsWith('.json')) : undefined;
    for (const one of inside?.toSorted().map((name) => join(path, name)) ?? [path]) {
      const { size, ...kind } = await sizeOf(one);
      if (inside && (!kind.isFile || skipped.has(resolve(one)))) continue;
      if (!kind.isFile) fail(`${one} is no file`);
      files.push({ name: basename(one), size, text: () => readFile(one, 'utf8') });
    }
  }
  if (files.length > mostFiles) fail(`there are ${files.length} files, of at most ${mostFiles}; name fewer`);
  return files.length > 0 ? files : fail(`there is no file that ends in .json in ${paths.join(', ')}`);
}

async function sizeOf(path: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const found = await lstat(path);
  return { size: found.size, isFile: found.isFile() };
}

/** Of files that name one of the assignments, whether their kernels are right. */
async function withKernels(
  grades: readonly Graded[],
  assignments: readonly Assignment[],
  adapter: string | undefined,
): Promise<Graded[]> {
  const status = showStatus();
  provideShaders(readShaders());
  const grader = new KernelGrader(async () => Device.open((await openAdapter(adapter)).gpu));
  try {
    const graded: Graded[] = [];
    for (const [i, grade] of grades.entries()) {
      const { answers } = grade;
      const assignment = assignments.find(({ id }) => id === answers?.assignment);
      if (assignment) status.show(`verifying kernels, ${i + 1} of ${grades.length} files`);
      graded.push(answers && assignment ? { ...grade, kernel: await grader.grade(answers, assignment) } : grade);
    }
    return graded;
  } finally {
    status.end();
    grader.close();
  }
}

function tableOf(grades: readonly Graded[]): string {
  const hasKernels = grades.some(({ kernel }) => kernel);
  const head = ['student', 'lesson', 'prediction', 'check', 'answered', ...(hasKernels ? ['kernel'] : []), 'adapter'];
  const rows = grades.map(({ file, answers, finding, prediction = '', kernel }) => {
    const { adapter, device } = answers?.evidence ?? {};
    return [
      answers?.student.slice(0, 40) ?? `(${file.slice(0, 38)})`,
      answers?.lesson ?? '',
      prediction,
      finding?.verdict ?? '',
      answers ? (isAnswered(answers.answer) ? 'yes' : 'no') : '',
      ...(hasKernels ? [kernel ? kernelText(kernel) : ''] : []),
      adapter ? `${adapter.description.slice(0, 40)}${adapter.software ? ' (software)' : ''}` : (device ?? ''),
    ];
  });
  const wrong = grades.flatMap(({ file, trouble, kernel, answers }) => [
    ...trouble.map((what) => `${file}: ${what}`),
    ...(kernel?.reason === undefined ? [] : [`${answers!.student}'s kernel is ${kernel.verdict}: ${kernel.reason}`]),
  ]);
  const broken = grades.filter(({ trouble }) => trouble.length > 0).length;
  const sum = `${counted(grades.length, 'file')}, ${broken === 0 ? 'all in order' : `${broken} with something wrong`}`;
  return `${formatTable(head, rows)}\n${[...wrong, sum].map((line) => `${line}\n`).join('')}`;
}

/** Without the run and the program, which are in the file itself. */
function shortened({ answers, ...grade }: Graded): object {
  if (!answers) return grade;
  const { evidence, program: _, finding: recorded, ...told } = answers;
  return { ...told, adapter: evidence.adapter, recorded: recorded.verdict, ...grade };
}
