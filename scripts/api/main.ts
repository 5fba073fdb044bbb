/**
 * @file Prints the API reference, `node --import tsx scripts/api/main.ts`.
 */
import { readFileSync } from 'node:fs';
import { hover } from './docstrings.ts';
import { apiPage } from './page.ts';

const styles = ['../../src/playground/styles/base.css', './api.css']
  .map((path) => readFileSync(new URL(path, import.meta.url), 'utf8'))
  .join('\n');
process.stdout.write(apiPage(hover().docstrings(), styles));
