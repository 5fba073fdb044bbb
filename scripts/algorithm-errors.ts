/**
 * @file Measures the convolution algorithms' largest errors against float64, and keeps the table in docs/algorithms.md:
 * `npx tsx scripts/algorithm-errors.ts [algorithms] [adapter]`, where `algorithms` is a pattern of names, such as
 * `'^FFT'`.
 *
 * The shapes are those of the tests, with random operands in (−1, 1). An error is the largest |difference| over the
 * root mean square of the reference, as everywhere in this repository. Rows that were not measured this time stay.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ConvDescriptor } from '../src/dnn/conv2d/descriptor.ts';
import { convDescriptor, describeConv } from '../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms } from '../src/dnn/conv2d/table.ts';
import type { FloatType } from '../src/dnn/kernels/epilogue.ts';
import type { Direction, MathType } from '../src/dnn/choice/records.ts';
import type { Device } from '../src/gpu/device.ts';
import { convCase, runConv } from '../test/support/conv.ts';
import { convShapes } from '../test/support/conv-shapes.ts';
import { openTestDevice } from '../test/support/device.ts';

const file = new URL('../docs/algorithms.md', import.meta.url);
const [begin, end] = ['<!-- errors: begin -->', '<!-- errors: end -->'];
const directions: readonly Direction[] = ['forward', 'backward data', 'backward filter'];
const mathTypes: readonly MathType[] = ['FMA', 'HALF', 'HALF_ARITHMETIC'];
const heading = [
  '| direction | algorithm | math type | shapes | largest error | on | measured on |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

interface Worst {
  readonly shapes: Set<ConvDescriptor>;
  error: number;
  on: string;
}

/** Table rows by `| direction | algorithm | math type |`. */
type Rows = Map<string, string>;

const keyOf = (direction: Direction, algorithm: string, mathType: MathType): string =>
  `| ${direction} | ${algorithm} | ${mathType} |`;

async function measure(device: Device, pattern: RegExp): Promise<Rows> {
  const worst = new Map<string, Worst>();
  const dtypes: FloatType[] = device.features.has('shader-f16') ? ['float32', 'float16'] : ['float32'];
  const descriptors = directions.flatMap((direction) =>
    dtypes.flatMap((dtype) => convShapes.map((geometry) => convDescriptor(geometry, { direction, dtype }))),
  );
  for (const desc of descriptors) {
    const algorithms = convAlgorithms(desc.direction).filter(
      (a) => pattern.test(a.name) && a.supports(desc, device) === true,
    );
    if (algorithms.length === 0) continue;
    const example = convCase(desc);
    for (const algorithm of algorithms) {
      for (const config of algorithm.configs(desc, device)) {
        const key = keyOf(desc.direction, algorithm.name, config.mathType);
        const row = worst.get(key) ?? { shapes: new Set(), error: -1, on: '' };
        worst.set(key, row);
        const { error } = await runConv(device, algorithm, config, example);
        row.shapes.add(desc);
        if (error > row.error) Object.assign(row, { error, on: describeConv(desc) });
      }
    }
  }
  const where = device.adapter.description;
  return new Map(
    [...worst].map(([key, { shapes, error, on }]) => [
      key,
      `${key} ${shapes.size} | ${error.toExponential(1)} | ${on} | ${where} |`,
    ]),
  );
}

/** The rows of the table as it stands. */
function parse(table: string): Rows {
  const lines = table.split('\n').filter((line) => directions.some((direction) => line.startsWith(`| ${direction} |`)));
  return new Map(lines.map((line) => [`${line.split(' | ').slice(0, 3).join(' | ')} |`, line]));
}

function print(rows: Rows): string {
  const order = directions.flatMap((direction) =>
    convAlgorithms(direction).flatMap(({ name }) => mathTypes.map((mathType) => keyOf(direction, name, mathType))),
  );
  return [...heading, ...order.flatMap((key) => rows.get(key) ?? [])].join('\n');
}

const text = readFileSync(file, 'utf8');
const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
if (from < begin.length || to < from)
  throw new Error(`docs/algorithms.md: the marks ${begin} and ${end} are missing; put them where the table belongs`);
const device = await openTestDevice(process.argv[3]);
const measured = await measure(device, new RegExp(process.argv[2] ?? ''));
device.destroy();
const table = print(new Map([...parse(text.slice(from, to)), ...measured]));
console.log(table);
writeFileSync(file, `${text.slice(0, from)}\n${table}\n${text.slice(to)}`);
