/**
 * @file `npm test`: installs what is missing as far as it can, then runs every check and counts.
 */
import { allowTypeScript, requireNode, requirePackages } from './packages.mjs';

requireNode();
requirePackages();
await allowTypeScript();
const { test } = await import('./test.ts');
process.exitCode = await test(process.argv.slice(2));
