/**
 * @file What a command gives: text for people, and JSON for programs, which `--json -` writes to standard output with
 * nothing else there.
 */
import { writeFile } from 'node:fs/promises';
import { toJson } from '../compare/export/json.ts';

/** Where text for people goes, given what `--json` says. */
export function textStream(json: string | undefined): NodeJS.WriteStream {
  return json === '-' ? process.stderr : process.stdout;
}

/**
 * Writes JSON that says its format, `'wudnn-run/1'`: the number rises where a field changes its meaning. Nothing where
 * no file is named.
 */
export async function writeJson(file: string | undefined, format: string, value: object): Promise<void> {
  if (file === undefined) return;
  const text = `${toJson({ format, ...value })}\n`;
  if (file === '-') await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  else await writeFile(file, text);
}
