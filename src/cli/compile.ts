/**
 * @file `compile`: what the compiler makes of a program: its passes, its kernels, and what is not fused and why.
 */
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import { formatMs, formatPercent } from '../base/format.ts';
import type { Compilation, PassRecord } from '../compile/compilation.ts';
import type { PassName } from '../compile/passes/index.ts';
import { optionalPasses } from '../compile/passes/index.ts';
import { median } from '../dnn/tuner/paired.ts';
import { spread } from '../dnn/tuner/rounds.ts';
import type { ConsoleEntry } from '../session/protocol.ts';
import type { PassTimes } from '../session/judge/pass-times.ts';
import { listAdapters } from '../machine/adapters.ts';
import { onlyArgument } from './arguments.ts';
import { compilationText, gainText } from './compiled-text.ts';
import { textStream, writeJson } from './output.ts';
import type { OpenProgram } from './program.ts';
import { openProgram, runShown } from './program.ts';
import type { OpenSession } from './session.ts';
import { openSession } from './session.ts';
import { formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- compile PROGRAM.ts [OPTIONS]

Runs a program and shows what torch.compile makes of it: the passes with nodes, kernels and bytes after each, the kernels with the lines that
they compute, and every pair of operations that is not fused, with the reason. Bytes and operations are computed.

  --without PASS  leave a pass out: ${optionalPasses.join(', ')}; may be repeated
  --wgsl          show the kernels that were generated
  --measure       time the last model that the program called with and without each pass that changes it, on every adapter
  --adapter NAME  compile for this adapter, and measure on it alone (the doctor lists them)
  --json FILE     write the record to a file; - is standard output
`;

const options = {
  without: { type: 'string', multiple: true, default: [] as string[] },
  wgsl: { type: 'boolean', default: false },
  measure: { type: 'boolean', default: false },
  adapter: { type: 'string' },
  json: { type: 'string' },
} as const;

/** What a program prints is not asked for here, warnings and errors are. */
const printWarning = ({ level, text }: ConsoleEntry): void =>
  void ((level === 'warn' || level === 'error') && process.stderr.write(`${text}\n`));

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const file = onlyArgument('program', positionals);
  if (values.adapter === 'cpu')
    fail("the cpu reference compiles nothing; name another adapter, as 'doctor' lists them");
  const without = values.without.map(passCalled);
  const opened = await openProgram(file, values.adapter);
  const { session, info, close } = opened;
  try {
    const result = await runShown(opened, file, printWarning, { compiling: { without } });
    if (!result.ok) return 1;
    const compilations = session.compilations();
    if (compilations.length === 0)
      fail('the program compiles nothing on a device; call torch.compile(model) and move model and input to webgpu');
    const measured = values.measure ? await measure(opened, file, values.adapter, compilations) : undefined;
    await writeJson(values.json, 'wudnn-compile/1', { program: file, engine: info, without, compilations, measured });
    const out = textStream(values.json);
    compilations.forEach((compilation, i) => {
      out.write(`${i > 0 ? '\n' : ''}Schedule ${i + 1} of ${compilations.length}\n\n`);
      out.write(compilationText(compilation, values.wgsl));
    });
    for (const each of measured ?? []) out.write(`\n${measurementText(each)}`);
    return 0;
  } finally {
    close();
  }
}

function passCalled(name: string): PassName {
  return (
    optionalPasses.find((pass) => pass === name) ??
    fail(`--without: there is no pass '${name}' to leave out; there are ${optionalPasses.join(', ')}`)
  );
}

/** What passes gain on an adapter. */
interface Measurement {
  readonly adapter: string;
  readonly software: boolean;
  readonly times: readonly PassTimes[];
  /** They make the program's graph no other, so there is nothing to time. */
  readonly unchanged: readonly PassName[];
}

/** Times the passes where the program is open, then where no adapter was named on the others of this machine. */
async function measure(
  opened: OpenProgram,
  file: string,
  named: string | undefined,
  compilations: readonly Compilation[],
): Promise<Measurement[]> {
  const changing = optionalPasses.filter((name) => compilations.some(({ passes }) => changes(name, passes)));
  const unchanged = optionalPasses.filter((name) => !changing.includes(name));
  const measured: Measurement[] = [];
  const timeOn = async ({ session, info }: OpenSession): Promise<void> => {
    const { description, software } = info.adapter!;
    const times = await session.timePasses(['all', ...changing]);
    measured.push({ adapter: description, software, times, unchanged });
  };
  await timeOn(opened);
  const others = named === undefined ? (await listAdapters()).slice(1) : [];
  for (const { name } of others) {
    opened.close();
    const other = await openSession(name);
    try {
      const result = await runShown({ ...opened, ...other }, file, printWarning, { compiling: { without: [] } });
      if (result.ok) await timeOn(other);
    } finally {
      other.close();
    }
  }
  return measured;
}

/** Whether a pass makes another graph of what the passes before it give. */
function changes(name: PassName, passes: readonly PassRecord[]): boolean {
  const at = passes.findIndex((pass) => pass.name === name);
  if (at < 1) return false;
  const [before, after] = [passes[at - 1], passes[at]];
  return (['nodes', 'kernels', 'bytesRead', 'bytesWritten'] as const).some((key) => before[key] !== after[key]);
}

function measurementText({ adapter, software, times, unchanged }: Measurement): string {
  const table = formatTable(
    ['pass', 'with, ms', 'without, ms', 'gain', 'clock'],
    times.map((time) => [
      time.pass,
      timeText(time.withMs),
      timeText(time.withoutMs),
      gainText(time),
      time.clock === 'gpu' ? "the adapter's" : 'wall time',
    ]),
  );
  const none = unchanged.length > 0 ? `They change nothing here: ${unchanged.join(', ')}.\n` : '';
  return `Measured on ${adapter}${software ? ', a software adapter' : ''}, with and without in turn\n\n${table}${none}`;
}

/** A median and, behind it, how far the middle half of the samples spreads. */
const timeText = (ms: readonly number[]): string => `${formatMs(median(ms))} (spread ${formatPercent(spread(ms))})`;
