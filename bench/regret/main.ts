/**
 * @file Regret: how much slower than the best of an exhaustive measurement are the picks of find and of the heuristics,
 * over many shapes?
 *
 * For each shape find runs with its usual budget, then every candidate is verified and all are timed for long. The
 * heuristics are asked in mode A (the model alone) and in mode B, which knows what find measured of the shapes before
 * this one. Then the picks and the best run side by side in many rounds, and the median of their paired ratios is the
 * regret: on a machine that has other things to do, ratios of times from different minutes would say nothing. What find
 * cost is told in units of the best kernel's time, and with the shares of its parts: a short kernel makes that number
 * large, since compiling takes what it takes.
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../../src/base/errors.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { formatTable } from '../../src/cli/table.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { candidateId, candidates } from '../../src/dnn/choice/candidates.ts';
import { rankPlans } from '../../src/dnn/choice/heuristics.ts';
import { measure } from '../../src/dnn/choice/measure.ts';
import { ratesOf } from '../../src/dnn/model/rates.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import type { PhaseTimes } from '../../src/dnn/choice/stopwatch.ts';
import { median } from '../../src/dnn/tuner/paired.ts';
import { timeInRounds, typical } from '../../src/dnn/tuner/rounds.ts';
import type { VerifiedCandidate } from '../../src/dnn/tuner/rounds.ts';
import { Workbench } from '../../src/dnn/tuner/workbench.ts';
import { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { suites } from './suites.ts';

const usage = `npm run bench -- regret [--op NAME] [--adapter NAME] [--shapes N] [--mflop N] [--budget MS] [--json FILE]

  --op NAME       ${Object.keys(suites).join(', ')}, or all of them one after the other; conv if not given
  --adapter NAME  the doctor lists them
  --shapes N      how many shapes of an operation, 64 if not given
  --mflop N       operations of the largest shape, in millions; 40 if not given
  --budget MS     of find, for each shape; 5000 if not given
  --json FILE     write the rates, and every shape with all candidates, to a file
`;

/** Rounds of the exhaustive measurement, and of the comparison. */
const rounds = 31;

/** A sample of the judgement lasts at least this, in nanoseconds, and ten steps of the clock. */
const sampleNs = 2e6;

interface Row {
  readonly shape: string;
  readonly candidates: number;
  readonly best: string;
  readonly bestMs: number;
  readonly find: number;
  readonly pickFind: string;
  readonly getA: number;
  readonly pickA: string;
  readonly getB: number;
  /** Find's wall time over the best kernel's time, and what that time went into. */
  readonly cost: number;
  readonly costMs: number;
  readonly spentMs: Readonly<PhaseTimes>;
  /** Exhaustive milliseconds by plan, and what the model alone expected. */
  readonly times: Readonly<Record<string, { readonly ms: number; readonly modelMs?: number }>>;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      op: { type: 'string' },
      adapter: { type: 'string' },
      shapes: { type: 'string' },
      mflop: { type: 'string' },
      budget: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { op = 'conv' } = values;
  const names = Object.keys(suites) as (keyof typeof suites)[];
  const chosen = names.filter((name) => op === 'all' || op === name);
  if (chosen.length === 0) fail(`there is no operation '${op}'; there are ${names.join(', ')}, all`);
  const [shapes, mflop, budgetMs] = [
    amount('--shapes', values.shapes ?? '64'),
    amount('--mflop', values.mflop ?? '40'),
    amount('--budget', values.budget ?? '5000'),
  ];
  provideShaders(readShaders());
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  const cache = new PlanCache();
  const rows: Row[] = [];
  try {
    const rates = await ratesOf(device, cache);
    for (const name of chosen) {
      const problems = suites[name](shapes, mflop * 1e6);
      if (problems.length === 0) fail(`no shape of ${name} has at most ${mflop} million operations; raise --mflop`);
      process.stdout.write(
        `${device.adapter.description}, ${problems.length} shapes of ${name}, find's budget ${budgetMs} ms, load average ${loadavg()[0].toFixed(1)}\n\n`,
      );
      const own: Row[] = [];
      for (const problem of problems) {
        own.push(await regret(device, problem, budgetMs, cache));
        process.stdout.write(lineOf(own.at(-1)!));
        if (values.json !== undefined)
          await writeFile(
            values.json,
            `${JSON.stringify({ adapter: device.adapter, clock: device.clock, rates, budgetMs, rows: [...rows, ...own] }, null, 1)}\n`,
          );
      }
      process.stdout.write(`\n${summary(own)}load average ${loadavg()[0].toFixed(1)}\n\n`);
      rows.push(...own);
    }
  } finally {
    device.destroy();
  }
}

function amount(name: string, text: string): number {
  const value = Number(text);
  return value > 0 ? value : fail(`${name} is '${text}', not a number above 0`);
}

function lineOf({ shape, best, bestMs, find, pickFind, getA, pickA, getB, cost, costMs, spentMs }: Row): string {
  return `${shape}: best ${best} ${bestMs.toPrecision(3)} ms, find ${find.toFixed(3)} (${pickFind}), get A ${getA.toFixed(2)} (${pickA}), get B ${getB.toFixed(2)}, find cost ${cost.toFixed(0)} runs (${describeCost(costMs, spentMs)})\n`;
}

function describeCost(ms: number, { compile, verify, time }: Readonly<PhaseTimes>): string {
  const parts = Object.entries({
    compiling: compile,
    verifying: verify,
    timing: time,
    'operands and reference': ms - compile - verify - time,
  });
  return `${(ms / 1000).toFixed(1)} s: ${parts.map(([name, part]) => `${name} ${((100 * part) / ms).toFixed(0)}%`).join(', ')}`;
}

async function regret(device: Device, problem: Problem, budgetMs: number, cache: PlanCache): Promise<Row> {
  const { plans } = candidates(problem, device);
  const [byModel, byHistory] = [
    await rankPlans(problem, plans, device, cache, 'A'),
    await rankPlans(problem, plans, device, cache, 'B'),
  ];
  const found = await measure(device, problem, byModel, { budgetMs });
  const record = {
    operation: problem.operation,
    direction: problem.direction,
    descriptor: problem.description,
    candidateId: '',
    chosen: '',
    chosenConfig: '',
    source: 'measured',
    adapter: device.adapter.description,
    software: device.adapter.software,
    candidates: found.candidates,
  } as const;
  await cache.record({ key: problem.key, choice: record, tuningMs: found.tuningMs, gainMs: 0, measured: 0, used: 0 });
  const bench = await Workbench.open(device, problem, plans);
  try {
    const times = await exhaustive(bench, problem, plans);
    const picks = [found.plan!, byModel[0].plan, byHistory[0].plan].map((plan) => plans.indexOf(plan));
    const { best, bestNs, over } = await comparePicks(bench, times, [times.indexOf(Math.min(...times)), ...picks]);
    const [find, getA, getB] = picks.map(over);
    return {
      shape: `${problem.direction} ${problem.description}`,
      candidates: plans.length,
      best: nameOf(plans[best]),
      bestMs: bestNs / 1e6,
      find,
      pickFind: nameOf(found.plan!),
      getA,
      pickA: nameOf(byModel[0].plan),
      getB,
      cost: (found.tuningMs * 1e6) / bestNs,
      costMs: found.tuningMs,
      spentMs: found.spentMs,
      times: Object.fromEntries(
        byModel.map(({ plan, predictedMs }) => [
          nameOf(plan),
          { ms: times[plans.indexOf(plan)] / 1e6, modelMs: predictedMs },
        ]),
      ),
    };
  } finally {
    bench.close();
  }
}

/** Nanoseconds of every plan; infinite where it is wrong or fails. */
async function exhaustive(bench: Workbench, problem: Problem, plans: readonly Plan[]): Promise<number[]> {
  const times = plans.map(() => Infinity);
  const candidates: VerifiedCandidate[] = [];
  for (const id of plans.keys()) {
    try {
      await bench.compile(id);
      const { wrong } = await bench.verify(id);
      if (wrong !== undefined) continue;
      const [expectedNs] = await bench.time([{ candidate: id, repeats: 1 }]);
      candidates.push({ id, expectedNs });
    } catch (error) {
      process.stdout.write(`${nameOf(plans[id])} on ${problem.description}: ${messageOf(error)}\n`);
    }
  }
  const { results } = await timeInRounds(bench, candidates, { deadline: Infinity, maxRounds: rounds });
  results.forEach(({ typicalNs }, r) => (times[candidates[r].id] = typicalNs));
  return times;
}

/**
 * Runs a few side by side; the fastest of them, and how much slower each is: the median of the ratios in the same
 * rounds.
 */
async function comparePicks(
  bench: Workbench,
  times: readonly number[],
  plans: readonly number[],
): Promise<{ best: number; bestNs: number; over: (plan: number) => number }> {
  const few = [...new Set(plans)];
  const wanted = Math.max(sampleNs, 10 * bench.quantumNs);
  const samples = new Map<number, number[]>(few.map((plan) => [plan, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? few : few.toReversed();
    const ns = await bench.time(
      order.map((plan) => ({ candidate: plan, repeats: Math.max(1, Math.ceil(wanted / times[plan])) })),
    );
    order.forEach((plan, i) => samples.get(plan)!.push(ns[i]));
  }
  const best = few.reduce((a, b) => (typical(samples.get(b)!) < typical(samples.get(a)!) ? b : a));
  const over = (plan: number): number =>
    Math.max(1, median(samples.get(plan)!.map((ns, round) => ns / samples.get(best)![round])));
  return { best, bestNs: typical(samples.get(best)!), over };
}

const nameOf = candidateId;

function summary(rows: readonly Row[]): string {
  const at = (values: number[], q: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
  const line = (name: string, values: number[], digits: number, goal: string): string[] => [
    name,
    ...[median(values), at(values, 0.95), Math.max(...values)].map((v) => v.toFixed(digits)),
    goal,
  ];
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const spent = {
    compile: sum((r) => r.spentMs.compile),
    verify: sum((r) => r.spentMs.verify),
    time: sum((r) => r.spentMs.time),
  };
  const table = formatTable(
    ['pick of', 'median', '95th', 'worst', 'aim: median, 95th'],
    [
      line(
        'find',
        rows.map((r) => r.find),
        3,
        '1.02, 1.10',
      ),
      line(
        'get, mode A',
        rows.map((r) => r.getA),
        3,
        '1.15, 2',
      ),
      line(
        'get, mode B',
        rows.map((r) => r.getB),
        3,
        '1.15, 2',
      ),
      line(
        "find's cost in runs of the best",
        rows.map((r) => r.cost),
        0,
        '',
      ),
    ],
  );
  return `${table}all of find: ${describeCost(
    sum((r) => r.costMs),
    spent,
  )}\n`;
}
