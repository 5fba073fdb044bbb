/**
 * @file `explain`: why an algorithm is expected to be the best for a problem: the ranked list with the terms of every
 * estimate, and what was measured before.
 */
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import { candidates as candidatesOf, planRecord } from '../dnn/choice/candidates.ts';
import { context } from '../dnn/choice/context.ts';
import type { HeuristicMode } from '../dnn/choice/heuristics.ts';
import { rankPlans } from '../dnn/choice/heuristics.ts';
import type { Rates } from '../dnn/model/rates.ts';
import { ratesOf } from '../dnn/model/rates.ts';
import type { Candidate } from '../dnn/choice/records.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { onlyArgument } from './arguments.ts';
import { readShaders } from './shaders.ts';
import { parseShape, shapeHelp } from './shapes.ts';
import { formatTable } from './table.ts';
import { formatChoice, planCache } from './tune.ts';
import { textStream, writeJson } from './output.ts';

export const usage = `npm run -s wudnn -- explain SHAPE [OPTIONS]

Ranks the algorithms of a problem without running them. Prints each estimate term by term, the adapter's measured rates, why some
algorithms cannot run, and earlier measurements.
${shapeHelp}

  --mode NAME       A: the model alone; B (default): corrected by what was measured; FALLBACK: what runs everywhere
  --direction NAME  forward (default), data or filter
  --dtype NAME      float32 (default) or float16
  --adapter NAME    rank for this adapter (the doctor lists them)
  --cache FILE      read measured plans from this file; 'none' reads nothing
  --json FILE       write rates and candidates to a file; - is standard output
`;

const options = {
  mode: { type: 'string' },
  direction: { type: 'string' },
  dtype: { type: 'string' },
  adapter: { type: 'string' },
  cache: { type: 'string' },
  json: { type: 'string' },
} as const;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const shape = onlyArgument('shape', positionals);
  const { mode = 'B' } = values;
  if (!['A', 'B', 'FALLBACK'].includes(mode)) fail(`explain: there is no mode '${mode}'; there are A, B, FALLBACK`);
  const problem = parseShape(shape, values);
  provideShaders(readShaders());
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  try {
    context.device = () => device;
    context.cache = planCache(values.cache);
    const rates = await ratesOf(device, context.cache);
    const { plans, excluded } = candidatesOf(problem, device);
    const ranked = await rankPlans(problem, plans, device, context.cache, mode as HeuristicMode);
    const candidates = [
      ...ranked.map(({ plan, predictedMs, terms }): Candidate => ({
        ...planRecord(problem, plan),
        status: 'not tried',
        predictedMs,
        terms,
      })),
      ...excluded,
    ];
    const measured = (await context.cache.list()).filter(
      ({ key, choice }) => key.startsWith(problem.key) && choice.adapter === device.adapter.description,
    );
    textStream(values.json).write(
      `${problem.operation} ${problem.direction}  ${problem.description}\n${device.adapter.description}\n\n`,
    );
    textStream(values.json).write(
      `Probes\n${formatRates(rates)}\nEstimates, mode ${mode}\n${candidates.map(formatEstimate).join('')}`,
    );
    for (const { choice } of measured) textStream(values.json).write(`\nMeasured before\n${formatChoice(choice)}`);
    await writeJson(values.json, 'wudnn-explain/1', {
      rates,
      candidates,
      measured: measured.map(({ choice }) => choice),
    });
    return 0;
  } finally {
    device.destroy();
  }
}

function formatRates({
  fma,
  exponential,
  load,
  load4,
  shared,
  memory,
  barrier,
  move,
  launchNs,
  workgroupNs,
  saturation,
  lanes,
  quantumNs,
}: Rates): string {
  const rows: [string, number, string][] = [
    ['multiply-adds, float32', fma.f32, 'G/s'],
    ['multiply-adds, float32 in fours', fma.f32x4, 'G/s'],
    ['exponentials', exponential, 'G/s'],
    ['cached reads', load, 'G/s'],
    ['cached reads in fours', load4, 'G/s'],
    ['workgroup memory', shared, 'G/s'],
    ['memory', memory, 'GB/s'],
    ['barriers of one invocation', barrier, 'G/s'],
    ['rearranged elements', move, 'G/s'],
    ['a launch', launchNs / 1000, 'µs'],
    ['a workgroup', workgroupNs, 'ns'],
    ['workgroups that saturate the device', saturation, ''],
    ['invocations in step', lanes, ''],
    ['step of the clock', quantumNs, 'ns'],
  ];
  if (fma.f16 !== undefined)
    rows.splice(
      2,
      0,
      ['multiply-adds, float16', fma.f16, 'G/s'],
      ['multiply-adds, float16 in fours', fma.f16x4!, 'G/s'],
    );
  return formatTable(
    ['rate', 'measured', 'unit'],
    rows.map(([name, value, unit]) => [name, value.toPrecision(3), unit]),
  );
}

function formatEstimate({ algo, config, status, reason, predictedMs, terms = [] }: Candidate, i: number): string {
  const name = [algo, config].filter(Boolean).join(', ');
  if (status === 'not supported') return `  –  ${name}: ${reason}\n`;
  if (predictedMs === undefined) return `${String(i + 1).padStart(3)}  ${name}\n`;
  const parts = terms.map(
    ({ name: term, ms, detail }) => `       ${term.padEnd(17)} ${ms.toPrecision(3).padStart(9)} ms  ${detail}\n`,
  );
  return `${String(i + 1).padStart(3)}  ${name}: ${predictedMs.toPrecision(3)} ms\n${parts.join('')}`;
}
