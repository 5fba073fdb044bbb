/**
 * Intent: `wudnn grade` reads students' files in bulk and says of each what came of it; a student's kernel is verified
 * again on shapes that the student never saw. Files are strangers': their programs are not run, a kernel that never
 * ends or that only running would tell is named, and what is broken makes the exit status 1.
 */
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Answers } from '../../src/class/answers.ts';
import { answersFormat, writeAnswers } from '../../src/class/answers.ts';
import type { Assignment } from '../../src/class/assignment.ts';
import { assignmentFormat, writeAssignment } from '../../src/class/assignment.ts';
import type { Evidence } from '../../src/lessons/lesson.ts';
import { findingOf } from '../../src/lessons/lesson.ts';
import { lesson } from '../../src/lessons/18-own-kernel/lesson.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { candidate } from '../support/choices.ts';
import type { CommandResult } from '../support/command.ts';
import { wudnn } from '../support/command.ts';
import { convolution, runOf } from '../support/evidence.ts';
import { describeWith } from '../support/needs.ts';

const program = readFileSync('src/lessons/18-own-kernel/program.ts', 'utf8');

/** A program as a student sends it; what it does besides must not happen. */
const hostile = (kernel: string, rest = ''): string =>
  `import { dnn } from 'wudnn';
import { writeFileSync } from 'node:fs';
writeFileSync(process.env.PLANTED!, 'it ran');
const group: number = 32 * 2;
const header = '@compute @workgroup_size(GROUP)';
const wgsl = ${kernel};
dnn.customConvolution('mine', wgsl, {
  workgroupSize: group,
  workgroups: ({ N, K, P, Q }) => { const all = N * K * P * Q; return Math.ceil(all / group); },
});
${rest}`;

const bindings = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
\${header}
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {`;

/** What each student's program is, and what is to be said of its kernel. */
const students = {
  Right: [program.replace("|| 'it knows no groups'", "|| 'it knows no groups' // mine"), /right, 3 of 3/],
  Simple: [hostile(`\`${bindings} if (gid.x < N * K * P * Q) { y[gid.x] = 0.0; } }\``), /wrong, 0 of 3/],
  Strideless: [program.replaceAll(' * STRIDE_H', '').replaceAll(' * STRIDE_W', ''), /wrong, 1 of 3/],
  Template: [hostile('dnn.convolutionTemplate()'), /unchanged, 3 of 3/],
  Endless: [
    hostile(`\`${bindings} var i = 0u; while (gid.x + 1u > 0u) { i += 1u; if (i == 0u) { y[0] = 1.0; } } }\``),
    /wrong, 0 of 3/,
  ],
  Computed: [hostile('process.argv[2]'), /cannot/],
  None: ['export const x = 1;', /cannot/],
  Broken: ['const const;', /cannot/],
} as const;

/** Of a run of its own: no two runs take the same time. */
const evidenceOf = (student: string): Evidence => {
  const timeMs = 2 + student.charCodeAt(0) / 1000 + student.length / 10_000;
  const own = candidate('mine', { own: true, timeMs, maxError: 0, tolerance: 1e-5 });
  return runOf([], [convolution('', '1×3×8×8 * 4×3×3×3', [candidate('DIRECT', { timeMs: 1 }), own])]);
};
const assignment: Assignment = {
  format: assignmentFormat,
  id: 'winter-1',
  direction: 'forward',
  visible: '1,3,8,8,4,3,3,1,1',
  hidden: ['2,2,9,7,3,3,3,2,1', '1,3,6,6,2,2,2,2'],
};

describeWith(['adapter'], 'wudnn grade', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-grade-'));
  const at = (name: string): string => join(folder, name);
  const planted = at('planted.txt');

  async function answersOf(student: string, text: string): Promise<string> {
    const evidence = evidenceOf(student);
    const answers: Answers = {
      format: answersFormat,
      student,
      at: '2026-11-30T12:00:00.000Z',
      lesson: 'own-kernel',
      assignment: 'winter-1',
      prediction: 2,
      answer: student === 'None' ? '' : 'Other shapes.',
      program: text,
      finding: findingOf(lesson, evidence),
      evidence,
      versions: {},
    };
    return writeAnswers(answers);
  }
  const grade = (...args: string[]): Promise<CommandResult> => wudnn(['grade', ...args], { env: { PLANTED: planted } });
  const rowOf = ({ stdout }: CommandResult, student: string): string =>
    stdout.split('\n').find((line) => line.startsWith(student)) ?? '';

  let graded: CommandResult;
  beforeAll(async () => {
    for (const [student, [text]] of Object.entries(students))
      writeFileSync(at(`${student}.json`), await answersOf(student, text));
    writeFileSync(at('assignment.json'), writeAssignment(assignment));
    symlinkSync('/dev/zero', at('link.json'));
    const { name } = await openTestAdapter();
    const asked = ['--assignment', at('assignment.json'), '--adapter', name, '--csv', at('grades.csv')];
    graded = await grade(folder, ...asked, '--json', at('grades.out'));
  });

  test.each(Object.entries(students))('%s: the kernel is told by the shapes it never saw', (student, [, kernel]) => {
    expect(rowOf(graded, student)).toMatch(kernel);
    expect(rowOf(graded, student)).toMatch(/own-kernel +right +holds/);
  });

  test('says why a kernel is not right, and at which shape', () => {
    expect(graded.stdout).toMatch(
      /Strideless's kernel is wrong: on 2,2,9,7,3,3,3,2,1: .*first wrong output is y\[0, 0, /,
    );
    expect(graded.stdout).toMatch(/Endless's kernel is wrong: on 1,3,8,8,4,3,3,1,1: the kernel did not end within/);
    expect(graded.stdout).toMatch(/Computed's kernel is cannot|only running the program would tell/);
    expect(graded.stdout).toMatch(/its program brings no kernel for forward/);
  });

  test('runs no program, follows no link, and is at rest when all files are whole', () => {
    expect(existsSync(planted)).toBe(false);
    expect(graded.status).toBe(0);
    expect(graded.stdout).not.toContain('link.json');
    expect(graded.stdout).toContain(`${Object.keys(students).length} files, all in order`);
  });

  test('writes rows for programs and spreadsheets', () => {
    const csv = readFileSync(at('grades.csv'), 'utf8');
    expect(csv.split('\r\n').length).toBe(Object.keys(students).length + 2);
    expect(csv).toMatch(/\r\nRight,own-kernel,winter-1,right,holds,yes,"right, 3 of 3",Some GPU,no,/);
    const { format, files } = JSON.parse(readFileSync(at('grades.out'), 'utf8')) as { format: string; files: object[] };
    expect(format).toBe('wudnn-grade/1');
    expect(files).toContainEqual(
      expect.objectContaining({ student: 'Right', kernel: { verdict: 'right', right: 3, of: 3 } }),
    );
    expect(JSON.stringify(files)).not.toContain('candidates');
  });

  test('a broken file is named, and makes the exit status 1', async () => {
    const text = readFileSync(at('Right.json'), 'utf8');
    writeFileSync(at('edited.txt'), text.replace('Other shapes.', 'Other words.'));
    writeFileSync(at('none.txt'), 'hello');
    const { status, stdout } = await grade(at('Right.json'), at('edited.txt'), at('none.txt'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^edited\.txt: its checksum does not fit/m);
    expect(stdout).toMatch(/^none\.txt: .*JSON/m);
    expect(stdout).toContain('3 files, 2 with something wrong');
    const missing = await grade(at('missing.json'));
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/^wudnn grade: cannot read .*missing/)]);
  });
});
