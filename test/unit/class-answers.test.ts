/**
 * Intent: a student's file comes back as it was written; one that was damaged, edited, made up or made too large is
 * named with what is wrong, and none of it is obeyed by a terminal or a spreadsheet. The lesson's check is made again
 * of the recorded run, so a file cannot claim what its run does not show.
 */
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../src/class/answers.ts';
import { answersFormat, most, readAnswers, writeAnswers } from '../../src/class/answers.ts';
import type { Assignment } from '../../src/class/assignment.ts';
import {
  assignmentFormat,
  readAssignment,
  readShape,
  readShapes,
  writeAssignment,
} from '../../src/class/assignment.ts';
import type { Grade } from '../../src/class/grade.ts';
import { gradeFiles } from '../../src/class/grade.ts';
import { csvColumns, gradesCsv } from '../../src/class/table.ts';
import type { Candidate } from '../../src/dnn/choice/records.ts';
import { findingOf } from '../../src/lessons/lesson.ts';
import { lesson } from '../../src/lessons/01-which/lesson.ts';
import { candidate } from '../support/choices.ts';
import { convolution, output, runOf } from '../support/evidence.ts';

const timed = (algo: string, timeMs: number, more: Partial<Candidate> = {}): Candidate =>
  candidate(algo, { timeMs, ...more });
const behind = { slower: 0.5, interval: [0.4, 0.6], rounds: 12 } as const;
const run = runOf(
  [output('output', [1, Number.NaN, Infinity, -0.1])],
  [convolution('conv1', '4×3×32×32 * 16×3×3×3', [timed('DIRECT', 1), timed('WINOGRAD', 1.5, { behind })])],
);
const answers: Answers = {
  format: answersFormat,
  student: 'Ada Lovelace 李',
  at: '2026-11-30T12:00:00.000Z',
  lesson: 'which',
  seed: 7,
  prediction: 0,
  answer: 'The loops need no preparation.\nThree channels are few.',
  program: 'export const x = 1;\n',
  finding: findingOf(lesson, run),
  evidence: run,
  versions: { wuDNN: '0.2.0', Chrome: '140' },
};
const written = await writeAnswers(answers);
const grade = async (text: string, name = 'ada.json'): Promise<Grade> =>
  (await gradeFiles([{ name, size: text.length, text: () => Promise.resolve(text) }]))[0];
const changed = (change: (file: Record<string, unknown>) => void): string => {
  const file = JSON.parse(written) as Record<string, unknown>;
  change(file);
  return JSON.stringify(file);
};

describe("a student's file", () => {
  test('comes back as it was written, numbers that are none too', async () => {
    expect(await readAnswers(written)).toEqual({ answers });
    expect(answers.finding.verdict).toBe('holds');
  });

  test('may be formatted anew, and nothing else', async () => {
    expect(await readAnswers(JSON.stringify(JSON.parse(written)))).toEqual({ answers });
    expect((await readAnswers(changed((file) => (file['answer'] = 'Another one.')))).trouble).toMatch(/checksum/);
    expect((await readAnswers(changed((file) => (file['more'] = 1)))).trouble).toMatch(/checksum/);
    expect((await readAnswers(changed((file) => delete file['checksum']))).trouble).toMatch(/checksum/);
  });

  test.each([
    ['nothing', '', /JSON/],
    ['a list', '[]', /not a file of answers/],
    ['a program', "import { torch } from 'wudnn';", /JSON/],
    [
      'another format',
      changed((file) => (file['format'] = 'wudnn-run/1')),
      /answers\.format: expected wudnn-answers\/1/,
    ],
    ['no student', changed((file) => delete file['student']), /answers\.student: expected text/],
    ['a long answer', changed((file) => (file['answer'] = 'x'.repeat(most.answer + 1))), /above the limit of 4000/],
    ['a path for a lesson', changed((file) => (file['lesson'] = '../which')), /answers\.lesson: '\.\.\/which' is not/],
    ['no date', changed((file) => (file['at'] = 'today')), /answers\.at: 'today' is no date/],
    ['a seed that is none', changed((file) => (file['seed'] = -1)), /answers\.seed: -1 is no whole number/],
    [
      'choices that are none',
      changed((file) => (file['evidence'] = { device: 'webgpu', choices: [1] })),
      /choices\[0\]/,
    ],
    ['very much', ' '.repeat(most.file + 1), /of at most 4,194,304/],
  ])('with %s is refused with the place', async (_what, text, trouble) => {
    const read = await readAnswers(text);
    expect(read.answers).toBeUndefined();
    expect(read.trouble).toMatch(trouble);
  });

  test('cannot hold more than may be read', async () => {
    await expect(writeAnswers({ ...answers, answer: 'x'.repeat(most.answer + 1) })).rejects.toThrow(/above the limit/);
    await expect(writeAnswers({ ...answers, program: 'x'.repeat(most.program + 1) })).rejects.toThrow(
      /above the limit/,
    );
  });
});

describe('a grade', () => {
  test('says what the run shows, and whether the prediction was right', async () => {
    expect(await grade(written)).toMatchObject({
      file: 'ada.json',
      finding: { verdict: 'holds' },
      prediction: 'right',
      trouble: [],
    });
    const other = await writeAnswers({ ...answers, prediction: 3 });
    expect(await grade(other)).toMatchObject({ prediction: 'wrong', trouble: [] });
    const { prediction: _, ...none } = answers;
    expect(await grade(await writeAnswers(none))).toMatchObject({ prediction: 'none' });
  });

  test('is made of the run, not of what the file claims', async () => {
    const slow = runOf([], [convolution('conv1', 'a', [timed('DIRECT', 2, { behind }), timed('GEMM', 1)])]);
    const forged = await writeAnswers({ ...answers, evidence: slow }); // with a checksum that fits
    expect(await grade(forged)).toMatchObject({
      finding: { verdict: 'fails' },
      trouble: [expect.stringMatching(/says that the check holds, but of its run the check fails/)],
    });
  });

  test('of a file that is none says so, and of a lesson that there is not', async () => {
    expect(await grade('no file', 'b.json')).toEqual({ file: 'b.json', trouble: [expect.stringMatching(/JSON/)] });
    const unknown = await writeAnswers({ ...answers, lesson: 'witch' });
    expect(await grade(unknown)).toMatchObject({ trouble: ["there is no lesson 'witch'"] });
    const [large] = await gradeFiles([
      { name: 'large.json', size: most.file + 1, text: () => Promise.reject(new Error('it was read')) },
    ]);
    expect(large.trouble).toEqual([expect.stringMatching(/bytes, of at most/)]);
  });

  test("tells who has another's run", async () => {
    const files = [written, await writeAnswers({ ...answers, student: 'Bob' })];
    const grades = await gradeFiles(
      files.map((text, i) => ({ name: `${i}.json`, size: text.length, text: () => Promise.resolve(text) })),
    );
    expect(grades.map(({ trouble }) => trouble)).toEqual([[], ['its run is that of 0.json, to the last digit']]);
  });

  test('is shown without what a terminal or a spreadsheet would obey', async () => {
    const escape = String.fromCharCode(27);
    const bad = await writeAnswers({ ...answers, student: `=cmd()${escape}[31m\nx`, answer: '@SUM(A1)' });
    const graded = await grade(bad, `${escape}]0;title`);
    expect(graded.answers!.student).toBe('=cmd() x');
    const csv = gradesCsv([{ ...graded, kernel: { verdict: 'right', right: 4, of: 4 } }]);
    expect(csv.split('\r\n')[0]).toBe(csvColumns.join(','));
    expect(csv).toMatch(/\r\n'=cmd\(\) x,which,,right,holds,yes,"right, 4 of 4",Some GPU,no,/);
    expect(csv).toContain("'@SUM(A1)");
    expect(csv).not.toContain(escape);
  });
});

describe('an assignment', () => {
  const assignment: Assignment = {
    format: assignmentFormat,
    id: 'winter-1',
    direction: 'forward',
    visible: '1,3,8,8,4,3,3,1,1',
    hidden: ['2,4,9,7,6,3,2,2,1', '1,4,8,8,4,1,1,1,0,1,2'],
  };

  test('is read as it was written', () => expect(readAssignment(writeAssignment(assignment))).toEqual(assignment));

  test('has shapes that make a convolution of a size for a class', () => {
    expect(readShape('2,4,9,7,6,3,2,2,1')).toMatchObject({ N: 2, stride: 2, padding: 1, dilation: 1, P: 5, Q: 4 });
    expect(readShapes(' 1,3,8,8,4,3,3\n\n1, 3, 8, 8, 4, 3, 3, 1, 1 ')).toEqual([
      '1,3,8,8,4,3,3',
      '1, 3, 8, 8, 4, 3, 3, 1, 1',
    ]);
    for (const [shape, reason] of [
      ['1,3,8', /7 to 11 whole numbers/],
      ['1,3,8,8,4,3,x', /7 to 11 whole numbers/],
      ['0,3,8,8,4,3,3', /has a 0/],
      ['1,3,8,8,4,9,9', /larger than its padded image/],
      ['1,3,8,8,4,3,3,1,1,1,2', /do not divide into 2 groups/],
      ['64,512,512,512,512,3,3', /more than 16,777,216 elements/],
      ['16,512,32,32,512,7,7', /multiplications/],
    ] as const)
      expect(() => readShape(shape)).toThrow(reason);
    expect(() => readShapes('1,3,8,8,4,3,3\n'.repeat(21))).toThrow(/there are 21, of at most 20/);
    const wrong = writeAssignment({ ...assignment, hidden: ['1'] });
    expect(() => readAssignment(wrong)).toThrow(/shape: '1' is not/);
    expect(() => readAssignment('{')).toThrow(/not JSON/);
  });
});
