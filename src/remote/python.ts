/**
 * @file The Python sources beside this file, as text: by Vite's glob in the page, from the disk in Node.
 */
import { fail } from '../base/errors.ts';

/** What is used of Node's, whose types the page does not see. */
declare const process: { getBuiltinModule(id: 'node:fs'): { readFileSync(url: URL, encoding: 'utf8'): string } };

/** Node runs this file as it is, without Vite, and then `import.meta.env` does not exist. */
const read: (name: string) => string | undefined = import.meta.env ? fromBundle() : fromDisk();

/** The text of `python/<name>`. */
export function pythonSource(name: string): string {
  return read(name) ?? fail(`python: there is no source python/${name}`);
}

function fromBundle(): (name: string) => string | undefined {
  const sources = import.meta.glob<string>('./python/*.py', { query: '?raw', import: 'default', eager: true });
  return (name) => sources[`./python/${name}`];
}

function fromDisk(): (name: string) => string {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return (name) => readFileSync(new URL(`./python/${name}`, import.meta.url), 'utf8');
}
