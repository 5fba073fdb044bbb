/**
 * @file Measures every convolution algorithm's largest error against float64, and keeps the table in docs/algorithms.md:
 * `npx tsx scripts/algorithm-errors.ts [adapter]`.
 *
 * The shapes are those of the tests, with random operands in (−1, 1). An error is the largest |difference| over the root
 * mean square of the reference, as everywhere in this repository.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { convDescriptor, describeConv } from '../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms } from '../src/dnn/conv2d/table.ts';
import type { Direction, MathType } from '../src/dnn/records.ts';
import type { Device } from '../src/gpu/device.ts';
import { convCase, runConv } from '../test/support/conv.ts';
import { convShapes } from '../test/support/conv-shapes.ts';
import { openTestDevice } from '../test/support/device.ts';

const file = new URL('../docs/algorithms.md', import.meta.url);
const [begin, end] = ['<!-- errors: begin -->', '<!-- errors: end -->'];

interface Row {
  readonly direction: Direction;
  readonly algorithm: string;
  readonly mathType: MathType;
  shapes: number;
  error: number;
  worst: string;
}

async function measure(device: Device): Promise<Row[]> {
  const rows = new Map<string, Row>();
  const dtypes = device.features.has('shader-f16') ? (['float32', 'float16'] as const) : (['float32'] as const);
  for (const direction of ['forward', 'backward data', 'backward filter'] as const) {
    for (const dtype of dtypes) {
      for (const geometry of convShapes) {
        const desc = convDescriptor(geometry, { direction, dtype });
        const example = convCase(desc);
        for (const algorithm of convAlgorithms(direction)) {
          if (algorithm.supports(desc, device) !== true) continue;
          const seen = new Set<MathType>();
          for (const config of algorithm.configs(desc, device)) {
            const { error } = await runConv(device, algorithm, config, example);
            const key = `${direction} ${algorithm.name} ${config.mathType}`;
            const row = rows.get(key) ?? { direction, algorithm: algorithm.name, mathType: config.mathType, shapes: 0, error: -1, worst: '' };
            rows.set(key, row);
            if (!seen.has(config.mathType)) row.shapes++;
            seen.add(config.mathType);
            if (error > row.error) Object.assign(row, { error, worst: describeConv(desc) });
          }
        }
      }
    }
  }
  return [...rows.values()];
}

function table(rows: readonly Row[], device: Device): string {
  const lines = rows.map((r) => `| ${r.direction} | ${r.algorithm} | ${r.mathType} | ${r.shapes} | ${r.error.toExponential(1)} | ${r.worst} |`);
  return [
    `Measured on ${device.adapter.description}, all configurations of each algorithm.`,
    '',
    '| direction | algorithm | math type | shapes | largest error | on |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const device = await openTestDevice(process.argv[2]);
const measured = table(await measure(device), device);
device.destroy();
console.log(measured);
const text = readFileSync(file, 'utf8');
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before < 0 || after < before) throw new Error(`docs/algorithms.md: the marks ${begin} and ${end} are missing; put them where the table belongs`);
writeFileSync(file, `${text.slice(0, before + begin.length)}\n${measured}\n${text.slice(after)}`);
