/**
 * @file Regret: how much slower than the best of an exhaustive measurement are the picks of find and of get, over many shapes?
 *
 * For each shape find runs with its usual budget, then every candidate is verified and all race for long. Get is asked in
 * mode A (the model alone) and in mode B, which knows what find measured of the shapes before this one. Exhaustive times
 * judge all three. What find cost is told in units of the best kernel's time.
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openAdapter } from '../../src/cli/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { formatTable } from '../../src/cli/table.ts';
import { PlanCache } from '../../src/dnn/cache.ts';
import { candidates, planName } from '../../src/dnn/candidates.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { rankPlans } from '../../src/dnn/get.ts';
import { measure } from '../../src/dnn/measure.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import { median, race, typical } from '../../src/dnn/tuner/race.ts';
import type { Racer } from '../../src/dnn/tuner/race.ts';
import { Workbench } from '../../src/dnn/tuner/workbench.ts';
import { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { regretShapes } from './shapes.ts';

const usage = `npm run bench -- regret [--adapter NAME] [--shapes N] [--mflop N] [--budget MS] [--json FILE]

  --adapter NAME  the doctor lists them
  --shapes N      how many shapes, 64 if not given
  --mflop N       operations of the largest shape, in millions; 40 if not given
  --budget MS     of find, for each shape; 3000 if not given
  --json FILE     write every shape with all candidates to a file
`;

/** Rounds of the exhaustive race. */
const rounds = 31;

interface Row {
  readonly shape: string;
  readonly candidates: number;
  readonly best: string;
  readonly bestMs: number;
  readonly find: number;
  readonly getA: number;
  readonly getB: number;
  readonly pickA: string;
  /** Find's wall time over the best kernel's time. */
  readonly cost: number;
  /** Exhaustive milliseconds by plan, and what the model alone expected. */
  readonly times: Readonly<Record<string, { readonly ms: number; readonly modelMs?: number }>>;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { adapter: { type: 'string' }, shapes: { type: 'string' }, mflop: { type: 'string' }, budget: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  provideShaders(readShaders());
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  const shapes = regretShapes(Number(values.shapes ?? 64), Number(values.mflop ?? 40) * 1e6);
  const budgetMs = Number(values.budget ?? 3000);
  const cache = new PlanCache();
  const rows: Row[] = [];
  process.stdout.write(`${device.adapter.description}, ${shapes.length} shapes, find's budget ${budgetMs} ms, load average ${loadavg()[0].toFixed(1)}\n\n`);
  try {
    for (const desc of shapes) {
      const row = await regret(device, convProblem(desc), budgetMs, cache);
      rows.push(row);
      process.stdout.write(`${row.shape}: best ${row.best} ${row.bestMs.toPrecision(3)} ms, find ${row.find.toFixed(3)}, get A ${row.getA.toFixed(2)} (${row.pickA}), get B ${row.getB.toFixed(2)}, find cost ${row.cost.toFixed(0)} runs\n`);
      if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ adapter: device.adapter, clock: device.clock, budgetMs, rows }, null, 1)}\n`);
    }
  } finally {
    device.destroy();
  }
  process.stdout.write(`\n${summary(rows)}load average ${loadavg()[0].toFixed(1)}\n`);
}

async function regret(device: Device, problem: Problem, budgetMs: number, cache: PlanCache): Promise<Row> {
  const { plans } = candidates(problem, device);
  const [byModel, byHistory] = [await rankPlans(problem, plans, device, cache, 'A'), await rankPlans(problem, plans, device, cache, 'B')];
  const found = await measure(device, problem, byModel, { budgetMs });
  const times = await exhaustive(device, problem, plans);
  const best = plans.reduce((a, b) => (times.get(b)! < times.get(a)! ? b : a));
  const over = (plan: Plan): number => times.get(plan)! / times.get(best)!;
  const record = { operation: problem.operation, direction: problem.direction, descriptor: problem.description, chosen: '', chosenConfig: '', source: 'measured', adapter: device.adapter.description, software: device.adapter.software, candidates: found.candidates } as const;
  await cache.record({ key: problem.key, choice: record, tuningMs: found.tuningMs, gainMs: 0, measured: 0, used: 0 });
  return {
    shape: `${problem.direction} ${problem.description}`,
    candidates: plans.length,
    best: nameOf(best),
    bestMs: times.get(best)! / 1e6,
    find: over(found.plan!),
    getA: over(byModel[0].plan),
    getB: over(byHistory[0].plan),
    pickA: nameOf(byModel[0].plan),
    cost: (found.tuningMs * 1e6) / times.get(best)!,
    times: Object.fromEntries(byModel.map(({ plan, predictedMs }) => [nameOf(plan), { ms: times.get(plan)! / 1e6, modelMs: predictedMs }])),
  };
}

/** Nanoseconds of every plan; infinite where it is wrong or fails. */
async function exhaustive(device: Device, problem: Problem, plans: readonly Plan[]): Promise<Map<Plan, number>> {
  const bench = await Workbench.open(device, problem, plans);
  const times = new Map<Plan, number>(plans.map((plan) => [plan, Infinity]));
  try {
    const racers: Racer[] = [];
    for (const id of plans.keys()) {
      try {
        await bench.compile(id);
        const { wrong } = await bench.verify(id);
        const [firstNs] = wrong === undefined ? await bench.time([{ racer: id, repeats: 1 }]) : [0];
        if (wrong === undefined) racers.push({ id, firstNs });
      } catch (error) {
        process.stdout.write(`${nameOf(plans[id])} on ${problem.description}: ${String(error)}\n`);
      }
    }
    const { laps } = await race(bench, racers, { deadline: Infinity, maxRounds: rounds });
    laps.forEach(({ samples }, r) => times.set(plans[racers[r].id], typical(samples)));
    return times;
  } finally {
    bench.close();
  }
}

const nameOf = ({ algorithm, config }: Plan): string => planName(algorithm.name, config);

function summary(rows: readonly Row[]): string {
  const at = (values: number[], q: number): string => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))].toFixed(3);
  const line = (name: string, values: number[], goal: string): string[] => [name, median(values).toFixed(3), at(values, 0.95), Math.max(...values).toFixed(3), goal];
  return formatTable(['pick of', 'median', '95th', 'worst', 'aim: median, 95th'], [
    line('find', rows.map((r) => r.find), '1.02, 1.10'),
    line('get, mode A', rows.map((r) => r.getA), '1.15, 2'),
    line('get, mode B', rows.map((r) => r.getB), '1.15, 2'),
    line("find's cost in runs of the best", rows.map((r) => r.cost), ''),
  ]);
}
