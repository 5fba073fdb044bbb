/**
 * @file A student's answers to a lesson as one file: what was predicted, what the run showed, the program, and the
 * answer in the student's own words. A file comes from anybody, so it is bounded and checked when it is read. Its
 * checksum shows damage and careless edits; who wants to forge a file can compute another one.
 */
import { sha256Of } from '../base/checksum.ts';
import { messageOf } from '../base/errors.ts';
import type { Form } from '../base/form.ts';
import { boolean, finite, list, object, oneOf, optional, record, text } from '../base/form.ts';
import { readJson, writeJson } from '../base/json.ts';
import { plainText } from '../base/text.ts';
import type { Words } from '../base/words.ts';
import type { Evidence, Finding } from '../lessons/lesson.ts';
import { device, line, name, output, race } from '../session/forms.ts';

export const answersFormat = 'wudnn-answers/1';

/** Of texts in characters, of a file in bytes. */
export const most = { student: 100, answer: 4000, program: 100_000, file: 4 * 2 ** 20 };

export interface Answers {
  readonly format: typeof answersFormat;
  /** As the student typed it. */
  readonly student: string;
  /** When the run ended, as ISO 8601 writes it. */
  readonly at: string;
  /** A lesson's id. */
  readonly lesson: string;
  /** The assignment that the link named. */
  readonly assignment?: string;
  /** What the run's random numbers were made to start from; absent where the program said. */
  readonly seed?: number;
  /** Which of the lesson's predictions, from 0. */
  readonly prediction?: number;
  /** To the lesson's last question, in the student's own words; empty where none was given. */
  readonly answer: string;
  /** The text that ran. */
  readonly program: string;
  /** What the lesson's check said of the run. */
  readonly finding: Finding;
  /** What it said that of. */
  readonly evidence: Evidence;
  /** What computed, by component. */
  readonly versions: Readonly<Record<string, string>>;
}

const words = object<Words>({ en: line, zh: line });
const date: Form<string> = (value, at) => {
  const given = text(40)(value, at);
  if (Number.isNaN(Date.parse(given))) throw new Error(`${at}: '${given}' is no date`);
  return given;
};
export const idForm: Form<string> = (value, at) => {
  const given = text(50)(value, at);
  if (!/^[a-z0-9-]+$/.test(given)) throw new Error(`${at}: '${given}' is not made of a–z, 0–9 and -`);
  return given;
};
const wholeForm: Form<number> = (value, at) => {
  const given = finite(value, at);
  if (!Number.isSafeInteger(given) || given < 0) throw new Error(`${at}: ${given} is no whole number of at least 0`);
  return given;
};

const answersForm = object<Answers>({
  format: oneOf(answersFormat),
  student: text(most.student),
  at: date,
  lesson: idForm,
  assignment: optional(idForm),
  seed: optional(wholeForm),
  prediction: optional(wholeForm),
  answer: text(most.answer),
  program: text(most.program),
  finding: object<Finding>({
    verdict: oneOf('holds', 'fails', 'cannot'),
    by: oneOf('measured', 'modelled', 'computed'),
    text: words,
    prediction: optional(wholeForm),
  }),
  evidence: object<Evidence>({
    device,
    adapter: optional(object<NonNullable<Evidence['adapter']>>({ description: name, software: boolean })),
    choices: list(race, 1000),
    outputs: list(output, 1000),
  }),
  versions: record(name, 20),
});

/** The file's text, with its checksum as the last field; throws where the answers are beyond what a file may hold. */
export async function writeAnswers(answers: Answers): Promise<string> {
  const kept = answersForm(answers, 'answers');
  const compact = writeJson(kept);
  const whole = { ...(JSON.parse(compact) as object), checksum: await sumOf(compact) };
  const written = `${JSON.stringify(whole, null, 1)}\n`;
  if (written.length > most.file) throw new Error(tooLong(written.length));
  return written;
}

export interface ReadAnswers {
  /** Absent where the text is no file of answers. */
  readonly answers?: Answers;
  /** What is wrong with the file. */
  readonly trouble?: string;
}

/** Reads a file's text, whoever wrote it. Never throws. Texts come without what a terminal or a page would obey. */
export async function readAnswers(written: string): Promise<ReadAnswers> {
  if (written.length > most.file) return { trouble: tooLong(written.length) };
  try {
    const whole: unknown = JSON.parse(written);
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
      return { trouble: 'it is not a file of answers' };
    const { checksum, ...body } = whole as Record<string, unknown>;
    const compact = JSON.stringify(body);
    const answers = answersForm(readJson(compact), 'answers');
    const plain = { ...answers, student: plainLine(answers.student), answer: plainText(answers.answer) };
    return checksum === (await sumOf(compact))
      ? { answers: plain }
      : { answers: plain, trouble: 'its checksum does not fit: it was damaged, or changed after it was saved' };
  } catch (error) {
    return { trouble: plainLine(messageOf(error)).slice(0, 500) };
  }
}

const plainLine = (given: string): string => plainText(given).replaceAll(/\s+/g, ' ').trim();

const sumOf = (compact: string): Promise<string> => sha256Of(new TextEncoder().encode(compact));

const tooLong = (length: number): string =>
  `it has ${length.toLocaleString('en')} characters, of at most ${most.file.toLocaleString('en')}`;
