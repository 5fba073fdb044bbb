/**
 * @file Intent: x[…] is PyTorch's, whatever stands in it. Random indices of every kind, alone and beside each other,
 * read and write on the cpu reference and on the GPU: values, gradients, and which are errors. The seeds are fixed; a
 * failure names its own.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Generator, randint } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { engine } from '../../src/compile/engine.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import { torch } from '../../src/torch/index.ts';
import type { Index, List } from '../../src/torch/ops/subscript.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const readCount = 500;
const writeCount = 400;

/** An index as both sides read it. */
type Item =
  | { readonly kind: 'number' | 'scalar'; readonly value: number }
  | { readonly kind: 'range'; readonly value: readonly (number | null)[] }
  | { readonly kind: 'none' | 'dots' | 'colon' }
  | { readonly kind: 'true' | 'false' }
  | {
      readonly kind: 'places' | 'mask';
      readonly value: readonly number[];
      readonly shape: readonly number[];
      readonly how: 'list' | 'leaf' | 'computed';
    };

interface Question {
  readonly seed: number;
  readonly shape: readonly number[];
  readonly items: readonly Item[];
  readonly accumulate: boolean;
  /** Which of the result's sizes the values have; others are 1, or missing in front. */
  readonly kept: readonly boolean[];
  /** A number instead of values. */
  readonly number: boolean;
}

function questionOf(seed: number, writes: boolean): Question {
  const g = new Generator(seed);
  const draw = (count: number): number => randint(g, 1, 0, Math.max(1, count))[0];
  const some = <T>(list: readonly T[]): T => list[draw(list.length)];
  const shape = Array.from({ length: 1 + draw(4) }, () => some([1, 2, 3, 4, 4, 0].slice(0, draw(12) ? 5 : 6)));
  const items: Item[] = [];
  let dim = 0;
  let dots = false;
  let common: number[] | undefined;
  let places = 0;
  while (dim < shape.length && items.length < 7 && draw(9)) {
    const size = shape[dim];
    const choice = draw(16);
    if (choice === 0) items.push({ kind: 'none' });
    else if (choice === 1 && !dots) {
      items.push({ kind: 'dots' });
      dots = true;
      dim += draw(shape.length - dim + 1);
    } else if (choice <= 3) {
      items.push({ kind: 'colon' });
      dim++;
    } else if (choice === 4) items.push({ kind: draw(5) ? 'true' : 'false' });
    else if (choice <= 6) {
      items.push({
        kind: 'range',
        value: [some([null, 0, 1, -2, 5]), some([null, size, -1, 2, 0]), some([null, 1, 2, 3])],
      });
      dim++;
    } else if (choice <= 8) {
      items.push({ kind: draw(4) ? 'number' : 'scalar', value: draw(2 * size + (draw(20) ? 0 : 2)) - size });
      dim++;
    } else if (choice <= 12) {
      common ??= Array.from({ length: 1 + draw(2) }, () => some([1, 2, 3]));
      const own = common.map((n) => (draw(4) ? n : 1)).slice(draw(5) ? 0 : common.length - 1);
      // Of several writers to one place PyTorch names no winner, so those that do not add up go to different places.
      const spread = places++ === 0 && writes;
      const value = Array.from({ length: sizeOf(own) }, (_, i) =>
        spread ? (i % Math.max(1, size)) - (draw(2) ? size : 0) : draw(2 * size + (draw(40) ? 0 : 2)) - size,
      );
      items.push({ kind: 'places', value, shape: own, how: some(['leaf', 'leaf', 'computed', 'list']) });
      dim++;
    } else {
      const rank = Math.min(shape.length - dim, 1 + draw(2));
      const own = shape.slice(dim, dim + rank).map((n) => (draw(40) ? n : n + 1));
      items.push({
        kind: 'mask',
        value: Array.from({ length: sizeOf(own) }, () => draw(2)),
        shape: own,
        how: some(['leaf', 'computed', 'list']),
      });
      dim += rank;
    }
  }
  return {
    seed,
    shape,
    items,
    accumulate: writes && draw(2) === 1,
    kept: Array.from({ length: 6 }, () => draw(4) > 0),
    number: draw(4) === 0,
  };
}

const program = `
import json, sys, torch
def tensor(item, dtype):
    return torch.tensor(item['value'], dtype=dtype).reshape(item['shape'])
def one(item):
    kind = item['kind']
    if kind == 'number': return item['value']
    if kind == 'scalar': return torch.tensor(item['value'])
    if kind == 'range': return slice(*item['value'])
    if kind == 'places': return tensor(item, torch.long)
    if kind == 'mask': return tensor(item, torch.bool)
    return {'none': None, 'dots': ..., 'colon': slice(None), 'true': True, 'false': False}[kind]
def quarter(shape, offset=0):
    n = 1
    for s in shape: n *= s
    return (((7 * torch.arange(n) + offset) % 23 - 11) / 4).reshape(shape)
def tell(*tensors):
    return [None if t is None else [list(t.shape), t.detach().flatten().tolist()] for t in tensors]
def read(q):
    x = quarter(q['shape']).requires_grad_()
    y = x[tuple(map(one, q['items']))]
    y.backward(quarter(y.shape, 3))
    return tell(y, x.grad)
def write(q):
    x = quarter(q['shape']).requires_grad_()
    index = tuple(map(one, q['items']))
    shape = list(x[index].shape)
    kept = [n if k else 1 for n, k in zip(shape, q['kept'])]
    v = torch.tensor(2.5, requires_grad=True) if q['number'] else quarter(kept, 5).requires_grad_()
    z = x.clone()
    if q['accumulate']:
        places = torch.arange(x.numel()).reshape(x.shape)[index]
        z = x.flatten().index_put((places.flatten(),), v.expand(places.shape).flatten(), accumulate=True).reshape(x.shape)
    else:
        z[index] = v.item() if q['number'] else v
    z.backward(quarter(z.shape, 3))
    return tell(z, x.grad, None if q['number'] else v.grad) + [kept]
def answer(q, f):
    try: return f(q)
    except (IndexError, RuntimeError, ValueError, TypeError) as error: return str(error)
given = json.load(sys.stdin)
print(json.dumps([[answer(q, read) for q in given[0]], [answer(q, write) for q in given[1]]]))
`;

const reads = Array.from({ length: readCount }, (_, i) => questionOf(i + 1, false));
const writes = Array.from({ length: writeCount }, (_, i) => questionOf(10_001 + i, true));

const quarter = (shape: readonly number[], offset = 0): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, i) => (((7 * i + offset) % 23) - 11) / 4);

function nested(values: readonly number[], shape: readonly number[], asBool: boolean): unknown {
  if (shape.length === 0) return asBool ? values[0] !== 0 : values[0];
  const step = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) =>
    nested(values.slice(i * step, (i + 1) * step), shape.slice(1), asBool),
  );
}

function ours(item: Item, device: DeviceType): Index {
  switch (item.kind) {
    case 'number':
      return item.value;
    case 'scalar':
      return torch.tensor(Int32Array.of(item.value), { shape: [], device });
    case 'range':
      return item.value as [number, number];
    case 'places':
    case 'mask': {
      const isMask = item.kind === 'mask';
      // A flat list of places would be a range, and an empty one has no kind.
      if (item.how === 'list' && item.value.length > 0 && (isMask || item.shape.length > 1))
        return nested(item.value, item.shape, isMask) as List;
      const leaf = isMask
        ? torch.tensor(Uint8Array.from(item.value), { dtype: 'bool', shape: item.shape, device })
        : torch.tensor(Int32Array.from(item.value), { shape: item.shape, device });
      if (item.how !== 'computed') return leaf;
      return isMask ? leaf.logicalNot().logicalNot() : leaf.add(0);
    }
    default:
      return ({ none: null, dots: '...', colon: ':', true: true, false: false } as const)[item.kind];
  }
}

const tell = async (t: torch.Tensor | null): Promise<unknown> => t && [[...t.shape], [...(await t.data())]];
const seeded = (shape: readonly number[], offset: number, device: DeviceType): torch.Tensor =>
  torch.tensor(quarter(shape, offset), { shape, device });

async function read({ shape, items }: Question, device: DeviceType): Promise<unknown[]> {
  const x = seeded(shape, 0, device).requiresGrad_();
  const y = await x.index(...items.map((item) => ours(item, device)));
  y.backward(seeded(y.shape, 3, device));
  return [await tell(y), await tell(x.grad)];
}

async function write(
  { shape, items, accumulate, number }: Question,
  kept: readonly number[],
  device: DeviceType,
): Promise<unknown[]> {
  const x = seeded(shape, 0, device).requiresGrad_();
  const v = seeded(kept, 5, device).requiresGrad_();
  const z = x.clone();
  z.indexPut_(
    items.map((item) => ours(item, device)),
    number ? 2.5 : v,
    accumulate,
  );
  z.backward(seeded(z.shape, 3, device));
  return [await tell(z), await tell(x.grad), number ? null : await tell(v.grad)];
}

type TensorNumbers = readonly [shape: readonly number[], values: readonly number[]] | null;

/** Zeros have no sign here, and a gradient of nothing but zeros may be none. */
const plain = (told: unknown): string =>
  JSON.stringify(
    Array.isArray(told)
      ? (told as TensorNumbers[]).map((t, i) =>
          t && (i === 0 || t[1].some((v) => v !== 0)) ? [t[0], t[1].map((v) => v + 0)] : null,
        )
      : told,
  );

/** PyTorch looks at no index where the result is empty. */
const isEmpty = (told: unknown): boolean => Array.isArray(told) && (told as TensorNumbers[])[0]?.[1].length === 0;

describeWith(['adapter', 'python'], 'random indices', () => {
  let expected: [unknown[], unknown[]];
  beforeAll(async () => {
    await startTestEngine();
    expected = JSON.parse(String(await runPython(program, JSON.stringify([reads, writes])))) as [unknown[], unknown[]];
  });
  afterAll(() => engine.device?.destroy());

  const attempt = async (f: () => Promise<unknown[]>): Promise<unknown> => {
    try {
      return await f();
    } catch (error) {
      return String(error);
    }
  };

  test.each(['cpu', 'webgpu'] as const)(`${readCount} read what PyTorch reads, on %s`, async (device) => {
    const differ: unknown[] = [];
    let errors = 0;
    for (const [i, question] of reads.entries()) {
      const theirs = expected[0][i];
      const mine = await attempt(() => read(question, device));
      if (typeof mine === 'string' && (typeof theirs === 'string' || isEmpty(theirs))) errors++;
      else if (plain(mine) !== plain(theirs))
        differ.push({ question: JSON.stringify(question), mine: plain(mine), theirs: plain(theirs) });
    }
    console.log(`${readCount} on ${device}, of which ${errors} are errors on both sides`);
    expect(differ).toEqual([]);
  });

  test.each(['cpu', 'webgpu'] as const)(`${writeCount} write what PyTorch writes, on %s`, async (device) => {
    const differ: unknown[] = [];
    let [errors, refused] = [0, 0];
    for (const [i, question] of writes.entries()) {
      const theirs = expected[1][i];
      const kept = Array.isArray(theirs) ? (theirs[3] as number[]) : [];
      const mine = await attempt(() => write(question, kept, device));
      if (typeof mine === 'string' && /not known beside other index tensors/.test(mine)) refused++;
      else if (typeof theirs === 'string' && typeof mine === 'string') errors++;
      else {
        const told = Array.isArray(theirs) ? theirs.slice(0, 3) : theirs;
        if (plain(mine) !== plain(told))
          differ.push({ question: JSON.stringify(question), mine: plain(mine), theirs: plain(told) });
      }
    }
    console.log(
      `${writeCount} on ${device}, of which ${errors} are errors on both sides and ${refused} are refused here`,
    );
    expect(differ).toEqual([]);
  });
});
