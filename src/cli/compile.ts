/**
 * @file `compile`: what the compiler makes of a program: its passes, its kernels, and what is not fused and why.
 */
import { parseArgs } from 'node:util';
import { fail } from '../base/errors.ts';
import { formatMs, formatPercent } from '../base/format.ts';
import type { PassName } from '../compile/passes/index.ts';
import { optionalPasses } from '../compile/passes/index.ts';
import { median } from '../dnn/tuner/paired.ts';
import { spread } from '../dnn/tuner/rounds.ts';
import type { ConsoleEntry } from '../session/protocol.ts';
import type { PassTimes } from '../session/judge/pass-times.ts';
import { onlyArgument } from './arguments.ts';
import { compilationText } from './compiled-text.ts';
import { textStream, writeJson } from './output.ts';
import { openProgram, runShown } from './program.ts';
import { formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- compile PROGRAM.ts [OPTIONS]

Runs a program and shows what torch.compile makes of it: the passes with nodes, kernels and bytes after each, the kernels with the lines that
they compute, and every pair of operations that is not fused, with the reason. Bytes and operations are computed.

  --without PASS  leave a pass out: ${optionalPasses.join(', ')}; may be repeated
  --wgsl          show the kernels that were generated
  --measure       time the last model that the program called with and without each pass
  --adapter NAME  compile for this adapter (the doctor lists them)
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
    const measured = values.measure ? await session.timePasses(optionalPasses) : undefined;
    await writeJson(values.json, 'wudnn-compile/1', { program: file, engine: info, without, compilations, measured });
    const out = textStream(values.json);
    compilations.forEach((compilation, i) => {
      out.write(`${i > 0 ? '\n' : ''}Schedule ${i + 1} of ${compilations.length}\n\n`);
      out.write(compilationText(compilation, values.wgsl));
    });
    if (measured) out.write(`\nMeasured on ${info.adapter!.description}\n${timesText(measured)}`);
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

/** Medians and, behind them, how far the middle half of the samples spreads. */
function timesText(times: readonly PassTimes[]): string {
  const cell = (ms: readonly number[]): string => `${formatMs(median(ms))} (spread ${formatPercent(spread(ms))})`;
  return formatTable(
    ['pass', 'with, ms', 'without, ms', 'gain', 'clock'],
    times.map(({ pass, withMs, withoutMs, clock }) => [
      pass,
      cell(withMs),
      cell(withoutMs),
      `${(median(withoutMs) / median(withMs)).toFixed(2)}×`,
      clock === 'gpu' ? "the adapter's" : 'wall time',
    ]),
  );
}
