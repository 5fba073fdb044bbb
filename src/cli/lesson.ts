/**
 * @file `lesson`: lists the lessons, or runs one on an adapter and prints what it shows.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import type { Language } from '../base/words.ts';
import { columnOf, inLanguage, isLanguage, languages } from '../base/words.ts';
import { lessons, threadAddress } from '../lessons/index.ts';
import type { Finding, Lesson } from '../lessons/lesson.ts';
import { findingOf } from '../lessons/lesson.ts';
import { textStream, writeJson } from './output.ts';
import { openProgram, printerBeside, runShown } from './program.ts';

export const usage = `npm run -s wudnn -- lesson [NAME] [OPTIONS]

Without a name, lists the lessons. With one, runs the lesson's program and prints what this machine shows of the lesson's claim:
that it holds, that it fails, or why it cannot be shown here. The exit status is 1 if it fails, or if the program does.

  --adapter NAME   run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --language NAME  ${languages.join(' or ')} (default: en)
  --text           print the lesson's text too, as Markdown
  --json FILE      write the finding to a file; with - to standard output
`;

const folder = fileURLToPath(new URL('../lessons/', import.meta.url));

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      adapter: { type: 'string' },
      language: { type: 'string' },
      text: { type: 'boolean' },
      json: { type: 'string' },
    },
  });
  const language = languageOf(values.language);
  if (positionals.length === 0) {
    process.stdout.write(list(language));
    return 0;
  }
  if (positionals.length > 1) fail(`expected one lesson, got ${positionals.length}; see --help`);
  const row =
    lessons.find(({ id }) => id === positionals[0]) ??
    fail(`there is no lesson ${positionals[0]}; there are ${lessons.map(({ id }) => id).join(', ')}`);
  const { lesson } = await row.load();
  const out = textStream(values.json);
  out.write(
    `${inLanguage(row.title, language)}\n${row.threads.map((thread) => `  ${threadAddress(thread)}\n`).join('')}\n`,
  );
  if (values.text) out.write(`${readFileSync(join(folder, row.folder, `${columnOf(language)}.md`), 'utf8')}\n`);
  const finding = await find(lesson, join(folder, row.folder, 'program.ts'), values);
  if (!finding) return 1;
  out.write(`\n${finding.verdict} (${finding.by}): ${inLanguage(finding.text, language)}\n`);
  await writeJson(values.json, 'wudnn-lesson/1', { lesson: row.id, finding });
  return finding.verdict === 'fails' ? 1 : 0;
}

/** Nothing where the program failed, which was told. */
async function find(
  lesson: Lesson,
  program: string,
  { adapter, json }: { readonly adapter?: string; readonly json?: string },
): Promise<Finding | undefined> {
  const opened = await openProgram(program, adapter);
  try {
    const { device, adapter: info } = opened.info;
    if (device === 'cpu' && !lesson.onCpu) return findingOf(lesson, { device, choices: [], outputs: [] });
    const result = await runShown(opened, program, printerBeside(json), { fixed: lesson.fixed });
    return result.ok ? findingOf(lesson, { ...result, adapter: info }) : undefined;
  } finally {
    opened.close();
  }
}

function languageOf(name = 'en'): Language {
  return isLanguage(name) ? name : fail(`there is no language ${name}; there are ${languages.join(', ')}`);
}

function list(language: Language): string {
  const width = Math.max(...lessons.map(({ id }) => id.length));
  return lessons.map(({ id, title }) => `${id.padEnd(width)}  ${inLanguage(title, language)}\n`).join('');
}
