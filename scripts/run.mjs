/**
 * @file Runs a TypeScript program of the project on a fresh clone too: `node scripts/run.mjs FILE ARGUMENTS`.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allowTypeScript, requireNode, requirePackages } from './packages.mjs';

requireNode();
requirePackages();
await allowTypeScript();
process.argv.splice(1, 1); // the program finds its arguments where it would without this one
await import(pathToFileURL(resolve(process.argv[1])).href);
