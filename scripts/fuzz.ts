/**
 * @file Compares random expression graphs with the machine's PyTorch until the time is up, or one graph by its seed; or
 * random calls of functions, methods and layers, with arguments of right and wrong kinds in places and by name; or
 * random chains of integer operations; or,
 * without PyTorch, random modules whose compiled calls are played with ones whose calls are recorded, forward, backward
 * and over several steps.
 *
 *     npm run fuzz -- --seconds 60
 *     npm run fuzz -- --seed 12345
 *     npm run fuzz -- --calls 10000 --seed 1
 *     npm run fuzz -- --integers 2000
 *     npm run fuzz -- --modules 500
 */
import { parseArgs } from 'node:util';
import { openAdapter } from '../src/machine/adapters.ts';
import { readShaders } from '../src/cli/shaders.ts';
import { engine } from '../src/compile/engine.ts';
import { provideShaders } from '../src/gpu/linker.ts';
import { differences } from '../test/ops/calls.ts';
import { evaluateCases } from '../test/ops/evaluate.ts';
import { integerDifferences, integerProgram } from '../test/ops/fuzz-integers.ts';
import { fuzzCase } from '../test/ops/fuzz.ts';
import { askPyTorch } from '../test/ops/golden.ts';
import { judge } from '../test/ops/judge.ts';
import { runModuleProgram } from '../test/support/fuzz-modules.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    calls: { type: 'string' },
    integers: { type: 'string' },
    modules: { type: 'string' },
  },
});
if (values.calls !== undefined) process.exit(await fuzzCalls(Number(values.calls)));
if (values.integers !== undefined) process.exit(await fuzzIntegers(Number(values.integers)));
if (values.modules !== undefined) process.exit(await fuzzModules(Number(values.modules)));

/** Graphs that go to one Python process and to one schedule. */
const batch = values.seed === undefined ? 50 : 1;
const until = performance.now() + 1000 * Number(values.seconds);

provideShaders(readShaders());
await engine.start((await openAdapter()).gpu);
let seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
let graphs = 0;
let failures = 0;
do {
  const cases = Array.from({ length: batch }, () => fuzzCase(seed++));
  if (values.seed !== undefined) console.log(cases[0].python);
  const { results: expected } = await askPyTorch(cases);
  for (const device of ['cpu', 'webgpu'] as const) {
    const results = await evaluateCases(cases, device);
    for (const complaint of cases.flatMap((c, i) => judge(c, results[i], expected[i]).complaints)) {
      failures++;
      console.error(`${device}: ${complaint}`);
    }
  }
  graphs += batch;
} while (values.seed === undefined && performance.now() < until);
console.log(
  `${graphs} graphs on the cpu reference and on ${engine.device!.adapter.description}: ${failures} tensors differ from PyTorch's`,
);
engine.device!.destroy();
process.exitCode = failures ? 1 : 0;

/** Random calls from a seed on, a thousand to one Python process; resolves to the exit status. */
async function fuzzCalls(count: number): Promise<number> {
  const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  let [answered, different] = [0, 0];
  for (let done = 0; done < count; done += 1000) {
    const result = await differences(Array.from({ length: Math.min(1000, count - done) }, (_, i) => first + done + i));
    answered += result.answered;
    different += result.found.length;
    for (const { call, text } of result.found) console.error(`${call}: ${text}`);
  }
  console.log(
    `${different || 'no'} silent difference${different > 1 ? 's' : ''} in ${count} calls from seed ${first}: ${answered} were answered, ${count - answered} refused`,
  );
  return different ? 1 : 0;
}

/** Random chains of integers from a seed on, on both devices; resolves to the exit status. */
async function fuzzIntegers(count: number): Promise<number> {
  provideShaders(readShaders());
  await engine.start((await openAdapter()).gpu);
  const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const programs = Array.from({ length: count }, (_, i) => integerProgram(first + i));
  let different = 0;
  for (const device of ['cpu', 'webgpu'] as const) {
    const { refusals, found } = await integerDifferences(programs, device);
    different += found.length;
    for (const text of found) console.error(`${device}: ${text}`);
    console.log(`${device}: ${count} chains of integers from seed ${first}; ${refusals} steps were refused`);
  }
  engine.device!.destroy();
  return different ? 1 : 0;
}

/** Random modules from a seed on, on both devices in turn; resolves to the exit status. */
async function fuzzModules(count: number): Promise<number> {
  provideShaders(readShaders());
  await engine.start((await openAdapter()).gpu);
  const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  let [played, different] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const run = await runModuleProgram(seed, seed % 2 ? 'webgpu' : 'cpu');
    if (run.played) played++;
    different += run.differences.length;
    for (const text of run.differences) console.error(text);
  }
  console.log(
    `${different || 'no'} difference${different > 1 ? 's' : ''} in ${count} modules from seed ${first}, every other one on ${engine.device!.adapter.description}: the calls of ${played} were played, those of ${count - played} recorded anew`,
  );
  engine.device!.destroy();
  return different ? 1 : 0;
}
