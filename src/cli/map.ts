/**
 * @file `map`: which algorithm wins where. Two sizes of a convolution vary, and each cell is the race of one shape: by
 * the model, or measured. A measured cell is kept in the plan file, so a map that was stopped goes on where it was.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import type { PlanCache } from '../dnn/choice/cache.ts';
import { candidates, planRecord } from '../dnn/choice/candidates.ts';
import { Chooser } from '../dnn/choice/choose.ts';
import { context } from '../dnn/choice/context.ts';
import { rankPlans } from '../dnn/choice/heuristics.ts';
import type { Candidate } from '../dnn/choice/records.ts';
import { defaultSettings } from '../dnn/choice/settings.ts';
import type { Problem } from '../dnn/problem.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { onlyArgument } from './arguments.ts';
import type { Axis, Cell, CrossoverMap, Entry } from './map-figures.ts';
import { csvOf, svgOf, textOf } from './map-figures.ts';
import { textStream, writeJson } from './output.ts';
import { showStatus } from './progress.ts';
import { readShaders } from './shaders.ts';
import { parseShape } from './shapes.ts';
import { planCache } from './tune.ts';

export const usage = `npm run -s wudnn -- map SHAPE --x SIZE=VALUES --y SIZE=VALUES [OPTIONS]

Shows which algorithm wins where: two sizes of a convolution vary, the others stay as in SHAPE, which is
N,C,H,W,K,R,S[,STRIDE[,PADDING]]. A SIZE is N, C, K, H (height and width), R (filter height and width; a padding that keeps
the size goes along) or STRIDE. For example:

  npm run -s wudnn -- map 1,64,56,56,64,3,3,1,1 --x C=3,8,16,32,64,128 --y R=1,3,5,7,9

By default each cell is predicted by the model. Measured cells are kept, so a map that was stopped goes on where it was.

  --measure         measure each cell
  --budget MS       wall time for each measured cell (default 2000)
  --direction NAME  forward (default), data or filter
  --dtype NAME      float32 (default) or float16
  --adapter NAME    use this adapter (the doctor lists them)
  --cache FILE      keep plans in this file; 'none' keeps nothing
  --csv FILE        write every algorithm's time in every cell
  --svg FILE        write the map as a picture
  --json FILE       write the map to a file; - is standard output
`;

const options = {
  x: { type: 'string' },
  y: { type: 'string' },
  measure: { type: 'boolean' },
  budget: { type: 'string' },
  direction: { type: 'string' },
  dtype: { type: 'string' },
  adapter: { type: 'string' },
  cache: { type: 'string' },
  csv: { type: 'string' },
  svg: { type: 'string' },
  json: { type: 'string' },
} as const;

/** More cells are slow to measure and not read. */
const mostCells = 400;

/** Where a size stands in a shape; one that stands twice varies in both places. */
const places: Readonly<Record<string, readonly number[]>> = {
  N: [0],
  C: [1],
  H: [2, 3],
  K: [4],
  R: [5, 6],
  STRIDE: [7],
};
const [filterPlace, stridePlace, paddingPlace] = [5, 7, 8];

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const base = onlyArgument('shape', positionals);
  const [x, y] = [axisOf('x', values.x), axisOf('y', values.y)];
  if (x.size === y.size) fail(`map: --x and --y both vary ${x.size}; let one vary another size`);
  if (x.values.length * y.values.length > mostCells)
    fail(`map: ${x.values.length}×${y.values.length} cells are more than ${mostCells}; give fewer values`);
  const budgetMs = Number(values.budget ?? '2000');
  if (!(budgetMs > 0)) fail(`map: --budget is '${values.budget}', not a number of milliseconds above 0`);
  const problems = y.values.map((row) =>
    x.values.map((column) => parseShape(shapeWith(base, { [x.size]: column, [y.size]: row }), values)),
  );
  provideShaders(readShaders());
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  const status = showStatus();
  try {
    const cache = planCache(values.cache);
    context.device = () => device;
    context.cache = cache;
    const cells: Cell[] = [];
    for (const [j, row] of problems.entries())
      for (const [i, problem] of row.entries()) {
        status.show(`${cells.length} of ${x.values.length * y.values.length} cells`);
        const of = values.measure
          ? measuredEntries(problem, device, cache, budgetMs)
          : predictedEntries(problem, device, cache);
        cells.push({ x: x.values[i], y: y.values[j], entries: await of });
      }
    status.end();
    const map: CrossoverMap = {
      base,
      direction: values.direction ?? 'forward',
      dtype: values.dtype ?? 'float32',
      adapter: device.adapter.description,
      software: device.adapter.software,
      source: values.measure ? 'measured' : 'predicted',
      x,
      y,
      cells,
    };
    textStream(values.json).write(textOf(map));
    if (values.csv !== undefined) await writeFile(values.csv, csvOf(map));
    if (values.svg !== undefined) await writeFile(values.svg, svgOf(map));
    await writeJson(values.json, 'wudnn-map/1', map);
    return 0;
  } finally {
    status.end();
    device.destroy();
  }
}

function axisOf(name: string, text: string | undefined): Axis {
  if (text === undefined) return fail(`map: give --${name}, a size and its values: --${name} C=8,16,32`);
  const [, size, list] = /^([A-Z]+)=([\d,]+)$/.exec(text) ?? [];
  if (size === undefined) return fail(`map: --${name} is '${text}'; write a size and its values: --${name} C=8,16,32`);
  if (!Object.hasOwn(places, size))
    return fail(`map: --${name} varies '${size}'; there are ${Object.keys(places).join(', ')}`);
  const values = list.split(',').map(Number);
  if (values.some((value) => !(value >= 1))) return fail(`map: --${name} is '${text}'; every value is at least 1`);
  return { size, values };
}

/** The shape with other sizes. Where the padding kept an odd filter's image as large as it was, it still does. */
export function shapeWith(base: string, sizes: Readonly<Record<string, number>>): string {
  if (!/^\d+(,\d+){6,10}$/.test(base))
    return fail(`map: SHAPE is '${base}'; write a convolution as N,C,H,W,K,R,S[,STRIDE[,PADDING]]`);
  const shape = base.split(',').map(Number);
  const keepsSize = shape[paddingPlace] === (shape[filterPlace] - 1) / 2;
  for (const [size, value] of Object.entries(sizes)) for (const place of places[size]) shape[place] = value;
  if (keepsSize && 'R' in sizes) shape[paddingPlace] = Math.floor(sizes.R / 2);
  return Array.from(shape, (value, place) => value ?? (place === stridePlace ? 1 : 0)).join(',');
}

async function predictedEntries(problem: Problem, device: Device, cache: PlanCache): Promise<Entry[]> {
  const { plans } = candidates(problem, device);
  const ranked = await rankPlans(problem, plans, device, cache, 'A');
  return bestOfEach(
    ranked.map(({ plan, predictedMs }) => ({ ...planRecord(problem, plan), status: 'not tried', predictedMs })),
    ({ predictedMs }) => predictedMs,
  );
}

async function measuredEntries(problem: Problem, device: Device, cache: PlanCache, budgetMs: number): Promise<Entry[]> {
  const settings = { ...defaultSettings(), benchmark: true, benchmarkBudgetMs: budgetMs };
  const chooser = new Chooser(device, settings, cache);
  await chooser.choose(problem);
  const [{ candidates: raced }] = chooser.takeChoices();
  return bestOfEach(raced, ({ timeMs }) => timeMs);
}

/** The best configuration of each algorithm that has a time, the fastest first. */
function bestOfEach(raced: readonly Candidate[], timeOf: (candidate: Candidate) => number | undefined): Entry[] {
  const best = new Map<string, Entry>();
  for (const candidate of raced) {
    const ms = timeOf(candidate);
    const { algo, config } = candidate;
    if (ms !== undefined && ms < (best.get(algo)?.ms ?? Infinity)) best.set(algo, { algo, config, ms });
  }
  return [...best.values()].toSorted((a, b) => a.ms - b.ms);
}
