/**
 * @file Writes the published schemas into public/, from the values that the code checks with:
 * `npx tsx scripts/write-schemas.ts`.
 */
import { writeFileSync } from 'node:fs';
import { recordedSchema } from '../src/remote/recorded-run.ts';
import { reportSchema } from '../src/remote/report.ts';

const published: Readonly<Record<string, object>> = {
  'report.schema.json': reportSchema,
  'recorded.schema.json': recordedSchema,
};

for (const [name, schema] of Object.entries(published)) {
  writeFileSync(new URL(`../public/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
