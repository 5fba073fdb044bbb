/**
 * @file `tune`: measures convolutions, matrix products, poolings and attention, and keeps the choices in the plan file,
 * where programs with `benchmark` on or off find them.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { formatRough } from '../base/format.ts';
import { PlanCache } from '../dnn/choice/cache.ts';
import { candidates } from '../dnn/choice/candidates.ts';
import { Chooser } from '../dnn/choice/choose.ts';
import type { FloatType } from '../dnn/kernels/epilogue.ts';
import { mathTypes } from '../dnn/kernels/epilogue.ts';
import { rankPlans } from '../dnn/choice/heuristics.ts';
import type { Problem } from '../dnn/problem.ts';
import type { AlgorithmChoice, Candidate, MathType } from '../dnn/choice/records.ts';
import { defaultSettings } from '../dnn/choice/settings.ts';
import { isUnsteady, sourceText, verdictOf } from '../dnn/choice/verdict.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { textStream, writeJson } from './output.ts';
import { formatPlans } from './plan-list.ts';
import { PlanFile } from './plan-file.ts';
import { showStatus } from './progress.ts';
import { readShaders } from './shaders.ts';
import { parseShape, parseSuite, shapeHelp } from './shapes.ts';
import { formatBytes, formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- tune SHAPE… | --suite FILE | --list [OPTIONS]

Measures every algorithm of each shape, prints the ranking, and keeps the choice for later programs.
${shapeHelp}

  --suite FILE      read shapes from a file, one per line; # begins a comment (example: bench/resnet50.txt)
  --direction NAME  forward (default), data or filter
  --dtype NAME      float32 (default) or float16
  --math NAME       for float16: HALF (default) sums in float32, HALF_ARITHMETIC in float16
  --adapter NAME    measure on this adapter (the doctor lists them)
  --budget MS       wall time for each shape (default 10000)
  --deterministic   only deterministic algorithms
  --workspace BYTES only algorithms that need at most this much workspace
  --list            measure nothing; print what is kept
  --cache FILE      keep plans in this file; 'none' keeps nothing
  --json FILE       write the choices with all candidates to a file; - is standard output
`;

const options = {
  suite: { type: 'string' },
  direction: { type: 'string' },
  dtype: { type: 'string' },
  math: { type: 'string' },
  adapter: { type: 'string' },
  budget: { type: 'string' },
  deterministic: { type: 'boolean' },
  workspace: { type: 'string' },
  list: { type: 'boolean' },
  cache: { type: 'string' },
  json: { type: 'string' },
} as const;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.list) return list(values.cache, values.json);
  const suite =
    values.suite === undefined
      ? []
      : parseSuite(
          await readFile(values.suite, 'utf8').catch((e: unknown) =>
            fail(`tune: cannot read ${values.suite}: ${messageOf(e)}`),
          ),
          values,
        );
  const shapes = [...positionals.map((text) => parseShape(text, values)), ...suite];
  if (shapes.length === 0) fail('tune: no shape was given; see --help');
  const settings = {
    ...defaultSettings(),
    benchmark: true,
    benchmarkLimit: 0,
    deterministic: values.deterministic ?? false,
  };
  const mathType = readMathType(values.math, values.dtype);
  if (values.workspace !== undefined) settings.workspaceLimit = amount('--workspace', values.workspace);
  const budgetMs = amount('--budget', values.budget ?? '10000');
  provideShaders(readShaders());
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  try {
    const cache = planCache(values.cache);
    const chooser = new Chooser(device, settings, cache);
    chooser.settings.benchmarkBudgetMs = budgetMs;
    const status = showStatus();
    chooser.onProgress = status.show;
    const choices: AlgorithmChoice[] = [];
    for (const shape of shapes) {
      checkSize(shape, device);
      await checkTime(shape, device, cache, budgetMs);
      await chooser.choose(shape, { mathType });
      status.end();
      const [choice] = chooser.takeChoices();
      choices.push(choice);
      textStream(values.json).write(formatChoice(choice));
    }
    await writeJson(values.json, 'wudnn-tune/1', { choices });
    return 0;
  } finally {
    device.destroy();
  }
}

async function list(file: string | undefined, json: string | undefined): Promise<number> {
  const entries = await planCache(file).list();
  textStream(json).write(formatPlans(entries, Date.now()));
  await writeJson(json, 'wudnn-plans/1', { entries });
  return 0;
}

/** Throws where an operand fits no buffer of the adapter; making its numbers would take long before that is found. */
function checkSize({ operation, description, operands }: Problem, { limits }: Device): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const { role, elements, dtype } of operands) {
    const bytes = elements * (dtype === 'float16' ? 2 : 4);
    if (bytes > most)
      fail(
        `tune: ${role} of ${operation} ${description} takes ${formatBytes(bytes)}; a buffer of this adapter has at most ${formatBytes(most)}. Give a smaller shape`,
      );
  }
}

/** Throws where a single run of the likely best would outlast the budget: nobody could stop it. */
async function checkTime(shape: Problem, device: Device, cache: PlanCache, budgetMs: number): Promise<void> {
  const { plans } = candidates(shape, device);
  const [best] = plans.length > 0 ? await rankPlans(shape, plans, device, cache) : [];
  const { predictedMs = 0 } = best ?? {};
  if (predictedMs > budgetMs) {
    fail(
      `tune: one run of ${shape.operation} ${shape.description} is expected to take ${(predictedMs / 1000).toPrecision(2)} s, more than the budget of ${budgetMs / 1000} s; give a smaller shape, or a larger --budget in milliseconds`,
    );
  }
}

/** The plan cache over a file: the default one, the one named, or none. */
export function planCache(file: string | undefined): PlanCache {
  return new PlanCache({
    store: file === 'none' ? undefined : new PlanFile(file),
    onTrouble: (text) => process.stderr.write(`${text}\n`),
  });
}

export function formatChoice(choice: AlgorithmChoice): string {
  const { operation, direction, descriptor, chosen, chosenConfig, clock, adapter, software, candidates } = choice;
  const clocks =
    clock === undefined
      ? ''
      : `, by ${clock.kind === 'wall' ? 'wall time' : 'timestamp queries'} in steps of ${clock.quantumNs} ns`;
  const head = `${operation} ${direction}  ${descriptor}\n${adapter}${software ? ' (software: times say nothing about a GPU)' : ''}${clocks}\n`;
  const best = `chosen: ${[chosen, chosenConfig].filter(Boolean).join(', ')} (${sourceText(choice)})\n`;
  return `${head}${best}${formatTable(
    ['algorithm', 'configuration', 'ms', '±', 'n', 'predicted', 'workspace', 'error', 'NaN reaches', 'result'],
    candidates.map((c) => row(choice, c)),
  )}\n`;
}

function row(choice: AlgorithmChoice, c: Candidate): string[] {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined ? '' : value.toPrecision(digits);
  const { text, detail } = verdictOf(choice, c);
  return [
    c.algo,
    c.config,
    c.timeMs === undefined ? '' : isUnsteady(c) ? formatRough(c.timeMs) : number(c.timeMs, 4),
    c.spread === undefined || c.samples === 1 ? '' : `${(50 * c.spread).toFixed(0)}%`,
    String(c.samples ?? ''),
    number(c.predictedMs, 3),
    formatBytes(c.memory),
    c.maxError === undefined ? '' : c.maxError.toExponential(1),
    c.spreads ? `its ${c.spreads}` : 'its outputs',
    detail === undefined ? text : `${text}: ${detail}`,
  ];
}

function readMathType(name: string | undefined, dtype = 'float32'): MathType | undefined {
  const known = mathTypes({ dtype: dtype as FloatType });
  if (name === undefined || known.includes(name as MathType)) return name as MathType | undefined;
  return fail(
    `tune: there is no --math ${name} of ${dtype}; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`,
  );
}

function amount(name: string, text: string): number {
  const value = Number(text);
  return value >= 0 ? value : fail(`tune: ${name} is '${text}', not a number of 0 or more`);
}
