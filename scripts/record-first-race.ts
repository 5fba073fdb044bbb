/**
 * @file Records the race of the first example on this machine's adapter, for those who have not pressed Run yet.
 *
 *     npx tsx scripts/record-first-race.ts [ADAPTER]
 */
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { fail } from '../src/base/errors.ts';
import { openSession } from '../src/cli/session.ts';
import { engine } from '../src/compile/engine.ts';
import { PlanCache } from '../src/dnn/choice/cache.ts';
import type { RecordedRace } from '../src/session/protocol.ts';

const program = readFileSync('src/playground/examples/1-simple-cnn.ts', 'utf8');
const [adapter] = process.argv.slice(2);
const { session, info, close } = await openSession(adapter);
engine.plans = new PlanCache(); // what was measured before is measured again
const result = await session.run(program, { console: () => {}, progress: () => {} });
if (!result.ok) fail(`the example failed: ${result.error.message}`);
const version = (createRequire(import.meta.url)('webgpu/package.json') as { version: string }).version;
const { description, software } = info.adapter ?? fail('there is no adapter to record on');
const race: RecordedRace = {
  format: 'wudnn-race/1',
  program,
  at: new Date().toISOString(),
  adapter: software ? `${description}, a software adapter` : description,
  versions: { node: process.versions.node, webgpu: version },
  command: ['npx tsx scripts/record-first-race.ts', adapter].filter(Boolean).join(' '),
  choices: result.choices,
};
writeFileSync('public/first-race.json', `${JSON.stringify(race, null, 1)}\n`);
close();
process.exit(0);
