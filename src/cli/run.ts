/**
 * @file `run`: a program on the same engine as the page, on an adapter of this machine.
 */
import { parseArgs } from 'node:util';
import { formatShape } from '../base/shape.ts';
import { chosenOf } from '../dnn/choice/verdict.ts';
import { writeFigures } from './figures.ts';
import type { EngineInfo, Figure, OutputSummary, RunSuccess } from '../session/protocol.ts';
import { onlyArgument } from './arguments.ts';
import { readImage } from './image.ts';
import { textStream, writeJson } from './output.ts';
import { openProgram, printerBeside, runShown } from './program.ts';
import { formatTable } from './table.ts';

export const usage = `npm run -s wudnn -- run PROGRAM.ts [OPTIONS]

Runs a program, then shows how long it took, which algorithms ran, and a summary of what the program exports. Programs
import { torch, nn, F, optim, dnn, vision, plot, imshow, progress } from 'wudnn' and Node's own modules, and may use await at
the top level. The exit status is 1 if the program fails.

  --adapter NAME  run on this adapter (the doctor lists them); 'cpu' is the reference implementation
  --image FILE    what vision.io.image() is: a PNG; without one, a sample
  --figures DIR   write what the program draws by plot and imshow into this folder, as SVG
  --json FILE     write shapes, statistics, timings and the tables of algorithms to a file; with - to standard
                  output, and what the program prints goes to standard error
`;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      adapter: { type: 'string' },
      image: { type: 'string' },
      figures: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const file = onlyArgument('program', positionals);
  const image = values.image === undefined ? undefined : await readImage(values.image);
  const opened = await openProgram(file, values.adapter);
  const { info, close } = opened;
  try {
    const figures = new Map<string, Figure>();
    const result = await runShown(opened, file, printerBeside(values.json), { image }, (figure) =>
      figures.set(figure.title, figure),
    );
    if (values.figures !== undefined) {
      for (const path of await writeFigures(values.figures, figures.values())) process.stderr.write(`wrote ${path}\n`);
    }
    await writeJson(values.json, 'wudnn-run/1', { program: file, engine: info, ...result });
    if (!result.ok) return 1;
    for (const output of result.outputs) textStream(values.json).write(`${formatOutput(output)}\n`);
    process.stderr.write(formatAccount(info, result));
    return 0;
  } finally {
    close();
  }
}

/** How long it took and where, and which algorithms ran, a line each. */
function formatAccount({ adapter }: EngineInfo, { wallMs, device, choices }: RunSuccess): string {
  const where =
    device === 'webgpu' && adapter
      ? `${adapter.description}${adapter.software ? ' (software: times say nothing about a GPU)' : ''}`
      : 'the cpu reference';
  const rows = choices.map((choice) => {
    const { layer = '', operation, direction, chosen, chosenConfig, source } = choice;
    const timeMs = chosenOf(choice)?.timeMs;
    return [
      layer,
      `${operation} ${direction}`,
      [chosen, chosenConfig].filter(Boolean).join(', '),
      source,
      timeMs === undefined ? '' : timeMs.toPrecision(3),
    ];
  });
  const table = rows.length > 0 ? formatTable(['layer', 'operation', 'algorithm', 'chosen by', 'ms'], rows) : '';
  return `\n${(wallMs / 1000).toFixed(2)} s on ${where}\n${table}`;
}

function formatOutput({ name, shape, dtype, device, min, max, mean, std, nonFinite, checksum }: OutputSummary): string {
  const of = nonFinite > 0 ? ' of the finite' : '';
  const numbers = Object.entries({ min, max, [`mean${of}`]: mean, [`std${of}`]: std }).map(
    ([key, value]) => `${key} ${value.toPrecision(7)}`,
  );
  return `${name}: ${formatShape(shape)} ${dtype} on ${device}, ${numbers.join(', ')}${nonFinite > 0 ? `, NaN or infinite ${nonFinite}` : ''}, checksum ${checksum}`;
}
