/**
 * @file `profile`: where a program's time goes, by operation, kernel or layer.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { counted, formatDuration, formatPercent } from '../base/format.ts';
import type { ProfileData } from '../compile/profile-data.ts';
import { chromeTrace } from '../compile/trace/chrome-trace.ts';
import { median } from '../dnn/tuner/paired.ts';
import { spread } from '../dnn/tuner/rounds.ts';
import { profile } from '../torch/profiler.ts';
import { averaged, bys } from '../torch/profiler/key-averages.ts';
import { sortKeys } from '../torch/profiler/table.ts';
import { oneOf, onlyArgument, wholeNumber } from './arguments.ts';
import { textStream, writeJson } from './output.ts';
import { openProgram, printerBeside, runShown } from './program.ts';

export const usage = `npm run -s wudnn -- profile PROGRAM.ts [OPTIONS]

Runs a program once, to choose algorithms and to compile, and then again under a profile. Shows the time, bytes, operations and share of the
adapter's ceiling of each row, summed over all profiled runs, and how much the runs differ.

  --by WHAT         rows are operations (op, the default), kernels (kernel) or modules (layer)
  --steps N         profile so many runs (default 5)
  --sort COLUMN     the largest first: ${sortKeys.join(', ')}
  --rows N          show at most so many rows (default 30; -1 shows all)
  --shapes          tell rows apart by the shapes of their operands
  --chrome FILE     write a trace for chrome://tracing or ui.perfetto.dev
  --adapter NAME    run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --json FILE       write rows and runs to a file; - is standard output
`;

const options = {
  by: { type: 'string', default: 'op' },
  steps: { type: 'string', default: '5' },
  sort: { type: 'string' },
  rows: { type: 'string', default: '30' },
  shapes: { type: 'boolean', default: false },
  chrome: { type: 'string' },
  adapter: { type: 'string' },
  json: { type: 'string' },
} as const;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const file = onlyArgument('program', positionals);
  const by = oneOf('--by', values.by, bys);
  const steps = wholeNumber('--steps', values.steps);
  const rowLimit = wholeNumber('--rows', values.rows, -1);
  const sortBy = values.sort === undefined ? undefined : oneOf('--sort', values.sort, sortKeys);
  const opened = await openProgram(file, values.adapter);
  const { info, close } = opened;
  try {
    const runs: ProfileData[] = [];
    for (let run = 0; run <= steps; run++) {
      const taken = run === 0 ? undefined : profile({ recordShapes: true, withFlops: true });
      const print = run === 0 ? printerBeside(values.json) : () => {};
      const result = await runShown(opened, file, print, { profile: taken });
      if (!result.ok) return 1;
      if (taken) runs.push(taken.data());
    }
    const all = together(runs);
    const averages = averaged(all, by, values.shapes);
    const table = averages.table({
      sortBy: sortBy ?? (all.device ? 'selfGpuTimeTotal' : 'selfCpuTimeTotal'),
      rowLimit,
    });
    textStream(values.json).write(`${table}${formatRuns(runs)}\n`);
    if (values.chrome !== undefined) await writeFile(values.chrome, chromeTrace(all));
    const { events: _, ...told } = all;
    await writeJson(values.json, 'wudnn-profile/1', {
      program: file,
      engine: info,
      by,
      ...told,
      runs: runs.map((run) => ({ busyMs: busyMs(run), wallMs: run.wallMs })),
      rows: averages.rows,
    });
    return 0;
  } finally {
    close();
  }
}

/** Several profiles as one; calls of one are not those of another. */
function together(runs: readonly ProfileData[]): ProfileData {
  const events = runs.flatMap((run, i) =>
    run.events.map((event) => ({
      ...event,
      call: `${i} ${event.call}`,
      layers: event.layers.map((layer) => ({ ...layer, call: `${i} ${layer.call}` })),
    })),
  );
  return { ...runs[0], events, wallMs: runs.reduce((sum, { wallMs }) => sum + wallMs, 0) };
}

const busyMs = ({ events }: ProfileData): number => events.reduce((sum, { start, end }) => sum + end - start, 0);

/** A run's time, and how much runs differ. */
function formatRuns(runs: readonly ProfileData[]): string {
  const described = (times: readonly number[]): string => {
    const sorted = times.toSorted((a, b) => a - b);
    const range = runs.length === 1 ? '' : `, ${formatDuration(sorted[0])} to ${formatDuration(sorted.at(-1)!)}`;
    const varies = runs.length < 4 ? '' : `, spread ${formatPercent(spread(sorted))}`;
    return `${formatDuration(median(times))}${range}${varies}`;
  };
  const what = runs[0].device ? 'on the GPU' : 'in operations';
  return `${counted(runs.length, 'run')} after one to warm up; a run's median: ${described(runs.map(busyMs))} ${what}; wall time ${described(runs.map(({ wallMs }) => wallMs))}`;
}
