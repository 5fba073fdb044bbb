/**
 * @file Intent: a tensor prints as PyTorch prints it, to the character. Random tensors of all dtypes, shapes and
 * magnitudes, new each time; a failure shows both texts.
 */
import { expect, test } from 'vitest';
import type { DType } from '../../src/base/dtype.ts';
import { Generator, normal, randint } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { nn, torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const tensorCount = 800;

interface TensorText {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** JSON has no NaN, no infinity and no −0, so the numbers travel as text. */
  readonly values: readonly string[];
  readonly kind: 'tensor' | 'leaf' | 'parameter';
}

const program = `
import json, sys, torch
def text(given):
    values = torch.tensor([float(v) for v in given['values']], dtype=torch.float64)
    x = values.to(getattr(torch, given['dtype'])).reshape(given['shape'])
    if given['kind'] == 'parameter': x = torch.nn.Parameter(x)
    if given['kind'] == 'leaf': x.requires_grad_()
    return str(x)
print(json.dumps([text(given) for given in json.load(sys.stdin)]))
`;

const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [7],
  [26],
  [100],
  [999],
  [1000],
  [1001],
  [5000],
  [0],
  [0, 3],
  [3, 0],
  [2, 0, 4],
  [1, 1],
  [3, 5],
  [4, 40],
  [40, 4],
  [7, 143],
  [1001, 1],
  [1, 1001],
  [8, 200],
  [2, 3, 4],
  [1, 1, 1],
  [3, 1, 15],
  [20, 20, 20],
  [6, 7, 30],
  [2, 3, 2, 3],
  [1, 8, 9, 16],
  [7, 6, 7, 6],
  [2, 1, 2, 1, 2],
];

/** Numbers of one kind, of which some are replaced by those that a style must bear. */
function draw(g: Generator): TensorText {
  const below = (count: number): number => randint(g, 1, 0, count)[0];
  const some = <T>(list: readonly T[]): T => list[below(list.length)];
  const dtype = some<DType>([
    'float32',
    'float32',
    'float32',
    'float32',
    'float16',
    'float16',
    'int32',
    'int64',
    'uint8',
    'int8',
    'bool',
  ]);
  const shape = some(shapes);
  const count = sizeOf(shape);
  const isFloat = dtype.startsWith('float');
  const scale = some([1, 1, 1, 1e-5, 1e-3, 0.02, 30, 999, 1e4, 1e6, 1e9, 1e30, 1e-40]);
  const make = some<(x: number) => number>([
    (x) => x,
    (x) => Math.abs(x),
    (x) => 1 + x / 1e3,
    (x) => Math.round(x * 3),
    (x) => Math.round(x * 64) / 32,
    (x) => Math.round(x * 1e6) / 100,
    (x) => Math.exp(4 * x),
    () => 1,
    () => 0,
  ]);
  const odd = some([0, 0, 0, 2, 10, 100]);
  const oddities = [NaN, Infinity, -Infinity, 0, -0, 1e8, 100005, 0.5, 1000, 1, 0.03125, -0.09375];
  const range: Partial<Record<DType, number>> = {
    bool: 2,
    uint8: 256,
    int8: 128,
    int32: some([3, 100, 2 ** 31 - 1]),
    int64: 1e9,
  };
  const values = isFloat
    ? [...normal(g, count)].map((x) => (odd && below(100) < odd ? some(oddities) : Math.fround(make(x) * scale)))
    : [...randint(g, count, dtype.startsWith('int') ? -range[dtype]! : 0, range[dtype]!)];
  return {
    dtype,
    shape,
    values: values.map((v) => (Object.is(v, -0) ? '-0.0' : String(v).replace('Infinity', 'inf'))),
    kind: isFloat ? some(['tensor', 'tensor', 'tensor', 'leaf', 'parameter']) : 'tensor',
  };
}

function print({ dtype, shape, values, kind }: TensorText): string {
  const x = torch.tensor(
    values.map((v) => Number(v.replace('inf', 'Infinity'))),
    { dtype, shape: [...shape], device: 'cpu', requiresGrad: kind === 'leaf' },
  );
  return String(kind === 'parameter' ? new nn.Parameter(x) : x);
}

describeWith(['python'], "the machine's own PyTorch", () => {
  test(`prints ${tensorCount} tensors the same`, async () => {
    const chance = new Generator();
    chance.seed();
    const given = Array.from({ length: tensorCount }, () => draw(chance));
    const theirs = JSON.parse(String(await runPython(program, JSON.stringify(given)))) as string[];
    const differ = given
      .map((one, i) => ({ one, ours: print(one), theirs: theirs[i] }))
      .filter(({ ours, theirs: text }) => ours !== text);
    expect(
      differ.slice(0, 5).map(({ one: { dtype, shape, kind }, ...texts }) => ({ dtype, shape, kind, ...texts })),
    ).toEqual([]);
  });
});
