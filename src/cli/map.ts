/**
 * @file `map`: which algorithm wins where. Two sizes of a convolution vary, and each cell is the race of one shape: by
 * the model, or measured. A measured cell is kept in the plan file, so a map that was stopped goes on where it was.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import { context } from '../dnn/choice/context.ts';
import { csvOf, svgOf, textOf } from '../crossover/figures.ts';
import type { Axis, Cell, CrossoverMap } from '../crossover/map.ts';
import { axisNames, checkAxes, entriesOf, isAxisName, sizesWith, variedBy } from '../crossover/map.ts';
import { raceOf } from '../dnn/choice/race.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { onlyArgument } from './arguments.ts';
import { textStream, writeJson } from './output.ts';
import { showStatus } from './progress.ts';
import { readShaders } from './shaders.ts';
import { parseShape } from './shapes.ts';
import { planCache } from './tune.ts';

export const usage = `npm run -s wudnn -- map SHAPE --x SIZE=VALUES --y SIZE=VALUES [OPTIONS]

Shows which algorithm wins where: two sizes of a convolution vary, the others stay as in SHAPE, which is
N,C,H,W,K,R,S[,STRIDE[,PADDING]]. A SIZE is N, C, K, H (height and width), R (filter height and width; a padding that keeps
the size goes along), STRIDE, or DTYPE (float32, float16). For example:

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

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const base = onlyArgument('shape', positionals);
  const [x, y] = [axisOf('x', values.x), axisOf('y', values.y)];
  checkAxes(x, y);
  const budgetMs = Number(values.budget ?? '2000');
  if (!(budgetMs > 0)) fail(`map: --budget is '${values.budget}', not a number of milliseconds above 0`);
  const source = values.measure ? 'measured' : 'predicted';
  const problems = y.values.map((row) =>
    x.values.map((column) => {
      const { sizes, dtype = values.dtype } = variedBy([x.size, column], [y.size, row]);
      return parseShape(shapeWith(base, sizes), { ...values, ...(dtype !== undefined && { dtype }) });
    }),
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
        const race = await raceOf(problem, device, cache, values.measure ? budgetMs : undefined);
        cells.push({ x: x.values[i], y: y.values[j], entries: entriesOf(race, source) });
      }
    status.end();
    const map: CrossoverMap = {
      base,
      direction: values.direction ?? 'forward',
      dtype: values.dtype ?? 'float32',
      library: 'wuDNN',
      adapter: device.adapter.description,
      software: device.adapter.software,
      source,
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
  const [, size, list] = /^([A-Z]+)=([\w,]+)$/.exec(text) ?? [];
  if (size === undefined) return fail(`map: --${name} is '${text}'; write a size and its values: --${name} C=8,16,32`);
  if (!isAxisName(size)) return fail(`map: --${name} varies '${size}'; there are ${axisNames.join(', ')}`);
  if (size === 'DTYPE') return { size, values: list.split(',') };
  const values = list.split(',').map(Number);
  if (values.some((value) => !(value >= 1))) return fail(`map: --${name} is '${text}'; every value is at least 1`);
  return { size, values };
}

/** The shape with other sizes. */
export function shapeWith(base: string, sizes: Readonly<Record<string, number>>): string {
  if (!/^\d+(,\d+){6,10}$/.test(base))
    return fail(`map: SHAPE is '${base}'; write a convolution as N,C,H,W,K,R,S[,STRIDE[,PADDING]]`);
  return sizesWith(base.split(',').map(Number), sizes).join(',');
}
