/**
 * @file A result card: a finished measurement, small enough for a link, with where it comes from. Whoever opens it is
 * shown it as recorded, and that the link says so.
 */
import { fail, messageOf } from '../base/errors.ts';
import { object } from '../base/form.ts';
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';
import type { EngineInfo, RecordedRace } from '../session/protocol.ts';
import { oneOfEach } from './choices.ts';
import { raceFields } from './engine/forms.ts';
import { writeJson } from '../base/json.ts';
import { say } from './language.ts';
import { pack, readPacked } from './packed.ts';

export type ResultCard = Pick<RecordedRace, 'at' | 'adapter' | 'versions' | 'choices'>;

const { at, adapter, versions, choices } = raceFields;
const card = object<ResultCard>({ at, adapter, versions, choices });

/** Characters of a link, and what they unpack to at most. */
const most = { letters: 16_000, bytes: 500_000 };

interface Measured {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly choices: readonly AlgorithmChoice[];
}

/** The card of a run; nothing where it would be too long for a link, or nothing was measured. */
export function cardOf(
  run: Measured,
  info: EngineInfo | undefined,
  versions: ResultCard['versions'],
): ResultCard | undefined {
  const name = run.choices[0]?.adapter ?? info?.adapter?.description;
  if (name === undefined || run.choices.length === 0) return undefined;
  const from = { at: new Date(run.at).toISOString(), adapter: name, versions };
  const whole = { ...from, choices: run.choices.map((choice) => shortened(choice, (lane) => lane)) };
  if (fits(whole)) return whole;
  const bare = { ...from, choices: run.choices.map((choice) => shortened(choice, withoutTerms)) };
  return fits(bare) ? bare : undefined;
}

const fits = (given: ResultCard): boolean => writeCard(given).length <= most.letters;

export const writeCard = (given: ResultCard): string => pack(writeJson(given));

export function readCard(text: string): ResultCard {
  if (text.length > most.letters)
    fail(
      say({
        en: `link: its result has ${text.length} letters, ${most.letters} at most are read`,
        zh: `链接：结果有 ${text.length} 个字母，最多读取 ${most.letters} 个`,
      }),
    );
  try {
    const read = card(readPacked(text, 'result', most.bytes), 'result');
    if (Number.isNaN(Date.parse(read.at)))
      fail(
        say({
          en: `result.at: '${read.at.slice(0, 50)}' is no date`,
          zh: `result.at：“${read.at.slice(0, 50)}”不是日期`,
        }),
      );
    return read;
  } catch (error) {
    fail(
      say({
        en: `link: its result cannot be read: ${messageOf(error)}`,
        zh: `链接：无法读取其中的结果：${messageOf(error)}`,
      }),
    );
  }
}

/** One candidate of each algorithm, as the race draws a lane for each; figures to five digits. */
function shortened(choice: AlgorithmChoice, of: (lane: Candidate) => Candidate): AlgorithmChoice {
  return { ...choice, candidates: oneOfEach(choice).map((lane) => rounded(of(lane))) };
}

const withoutTerms = ({ terms: _, ...lane }: Candidate): Candidate => lane;

function rounded<T>(value: T): T {
  if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value))
    return Number(value.toPrecision(5)) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)])) as T;
}
