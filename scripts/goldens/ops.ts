/**
 * @file Makes the golden files of the operations with the machine's PyTorch.
 *
 *     npx tsx scripts/goldens/ops.ts [family…]
 */
import { mkdirSync } from 'node:fs';
import { fail } from '../../src/base/errors.ts';
import { families } from '../../test/ops/cases/index.ts';
import { askPyTorch, writeGoldens } from '../../test/ops/golden.ts';

const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!(name in families)) fail(`ops: there is no family ${name}; known are ${Object.keys(families).join(', ')}`);
mkdirSync('test/golden/ops', { recursive: true });
for (const [family, cases] of Object.entries(families)) {
  if (wanted.length && !wanted.includes(family)) continue;
  const { torch, results } = await askPyTorch(cases);
  console.log(
    `${family}: ${cases.length} cases by PyTorch ${torch}, ${writeGoldens(family, cases, torch, results)} bytes`,
  );
}
