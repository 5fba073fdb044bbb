/**
 * @file Students' files read in bulk: each is checked, its lesson's check is made again of the recorded run, and a row
 * says what came of it. Nothing of a file is run. Page and command line share it.
 */
import { fnv1a64 } from '../base/hash.ts';
import { plainText } from '../base/text.ts';
import type { Words } from '../base/words.ts';
import { lessons } from '../lessons/index.ts';
import type { Finding } from '../lessons/lesson.ts';
import { findingOf } from '../lessons/lesson.ts';
import type { Answers } from './answers.ts';
import { most, readAnswers } from './answers.ts';

/** What came of one file. */
export interface Grade {
  /** The file's name. */
  readonly file: string;
  /** Absent where the file is no file of answers. */
  readonly answers?: Answers;
  /** The lesson's check, made again of the recorded run; absent where it cannot be made. */
  readonly finding?: Finding;
  /** Whether the prediction is what the run confirmed; `open` where the run decides none. */
  readonly prediction?: 'right' | 'wrong' | 'open' | 'none';
  /** What is wrong with the file. */
  readonly trouble: readonly string[];
}

/** A file as it is given, whoever made it. */
export interface GivenFile {
  readonly name: string;
  readonly size: number;
  readonly text: () => Promise<string>;
}

/** So many files are read in one go. */
export const mostFiles = 1000;

/** A row for each file, in the order of students and lessons. */
export async function gradeFiles(files: readonly GivenFile[]): Promise<Grade[]> {
  const grades: Grade[] = [];
  for (const file of files) grades.push(await gradeFile(file));
  return inOrder(withCopies(grades));
}

async function gradeFile({ name, size, text }: GivenFile): Promise<Grade> {
  const file = plainText(name).slice(0, 200);
  if (size > most.file)
    return {
      file,
      trouble: [`it has ${size.toLocaleString('en')} bytes, of at most ${most.file.toLocaleString('en')}`],
    };
  const { answers, trouble } = await readAnswers(await text());
  const troubles = trouble === undefined ? [] : [trouble];
  if (!answers) return { file, trouble: troubles };
  const row = lessons.find(({ id }) => id === answers.lesson);
  if (!row) return { file, answers, trouble: [...troubles, `there is no lesson '${answers.lesson}'`] };
  try {
    const { lesson } = await row.load();
    const finding = plainFinding(findingOf(lesson, answers.evidence));
    if (finding.verdict !== answers.finding.verdict)
      troubles.push(`it says that the check ${answers.finding.verdict}, but of its run the check ${finding.verdict}`);
    return { file, answers, finding, prediction: predictionOf(answers, finding), trouble: troubles };
  } catch {
    return { file, answers, trouble: [...troubles, 'its run is none that the check can read'] };
  }
}

function predictionOf({ prediction }: Answers, finding: Finding): Grade['prediction'] {
  if (prediction === undefined) return 'none';
  if (finding.prediction === undefined) return 'open';
  return finding.prediction === prediction ? 'right' : 'wrong';
}

/** A check's sentence quotes names from the file. */
function plainFinding(finding: Finding): Finding {
  const text: Words = { en: plainText(finding.text.en), zh: plainText(finding.text.zh) };
  return { ...finding, text };
}

/** Two measured runs never agree to the last digit: who has another's times has another's run. */
function withCopies(grades: readonly Grade[]): Grade[] {
  const runs = new Map<string, Grade>();
  return grades.map((grade) => {
    const { answers } = grade;
    if (!answers || !answers.evidence.choices.some(({ candidates }) => candidates.some((c) => c.timeMs !== undefined)))
      return grade;
    const run = `${answers.lesson} ${fnv1a64(JSON.stringify(answers.evidence.choices))}`;
    const other = runs.get(run);
    if (!other) runs.set(run, grade);
    return other && other.answers!.student !== answers.student
      ? { ...grade, trouble: [...grade.trouble, `its run is that of ${other.file}, to the last digit`] }
      : grade;
  });
}

const inOrder = (grades: readonly Grade[]): Grade[] =>
  grades.toSorted(
    (a, b) =>
      (a.answers?.student ?? '￿').localeCompare(b.answers?.student ?? '￿') ||
      (a.answers?.lesson ?? '').localeCompare(b.answers?.lesson ?? '') ||
      a.file.localeCompare(b.file),
  );
