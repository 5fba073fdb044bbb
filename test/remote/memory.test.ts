/**
 * @file Intent: what shares memory in PyTorch shares it here, and what is copied there is copied here. Every case of
 * every operation tells which inputs its results are views of, with which strides; what a change of the result does to
 * the inputs, and a change of an input to the result, is PyTorch's too.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { dtypes } from '../../src/base/dtype.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { fromHost } from '../../src/torch/creation.ts';
import { Tensor } from '../../src/torch/tensor.ts';
import type { Case } from '../ops/case.ts';
import { stored, titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import { placed } from '../ops/evaluate.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

/**
 * Inputs that a result shares memory with, and strides; those of dimensions of size 1, and of empty tensors, mean
 * nothing.
 */
interface Sharing {
  readonly shares: readonly string[];
  readonly strides: readonly number[];
}

/**
 * Which inputs another value after the first result was doubled, or the result after the first input was; `null` where
 * that is refused.
 */
interface Effects {
  readonly inputs: readonly string[] | null;
  readonly result: boolean | null;
}

interface Answer {
  readonly seen: readonly Sharing[];
  readonly changed: Effects;
}

const program = `
import json, math, runpy, sys
goldens = runpy.run_path('scripts/goldens/ops.py', run_name='asked')
import torch
import torch.nn.functional as F

def place(t):
    return (t.untyped_storage() if hasattr(t, 'untyped_storage') else t.storage()).data_ptr()

def evaluate(case):
    leaves = {given['name']: goldens['leaf'](given) for given in case['inputs']}
    seen = {given['name']: goldens['PLACED'][given['placement']](leaves[given['name']].float() if given['dtype'] in ('float16', 'bfloat16') else leaves[given['name']]) for given in case['inputs']}
    names = {'torch': torch, 'F': F, 'qF': goldens['qF'], 'math': math, 'nan': math.nan, 'inf': math.inf}
    return seen, goldens['tensors'](eval(case['python'], {**names, **seen}))

def doubled(t):
    try:
        t.mul_(2)
        return True
    except RuntimeError:
        return False

def same(a, b):
    return torch.equal(torch.nan_to_num(a.float()), torch.nan_to_num(b.float()))

def change(case):
    seen, results = evaluate(case)
    before = {name: x.clone() for name, x in seen.items()}
    inputs = [name for name, x in seen.items() if not same(x, before[name])] if doubled(results[0]) else None
    seen, results = evaluate(case)
    before = results[0].clone()
    result = not same(results[0], before) if doubled(next(iter(seen.values()))) else None
    return {'inputs': inputs, 'result': result}

def answer(case):
    seen, results = evaluate(case)
    tell = lambda y: {'shares': [name for name, x in seen.items() if y.numel() and place(x) == place(y)], 'strides': [s if n > 1 else 1 for s, n in zip(y.stride(), y.shape)] if y.numel() else []}
    return {'seen': [tell(y) for y in results], 'changed': change(case)}

json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
`;

/** Cases that change memory themselves, draw numbers, or whose call in PyTorch makes copies of its own. */
const differently = new Set(['long: integers', 'meshgrid: a strided vector', 'prelu: permuted', 'einsum: dots']);
const left = ({ op }: Case): boolean => ['channelShuffle', 'multinomial', 'quantizedConv2d'].includes(op);
const cases = Object.values(families)
  .flat()
  .filter((c) => !left(c) && !differently.has(titleOf(c)) && Object.keys(c.inputs).length > 0);

function evaluate(c: Case): { seen: Record<string, Tensor>; results: Tensor[] } {
  const seen = Object.fromEntries(
    Object.entries(c.inputs).map(([name, { dtype, placement }]) => {
      const { shape, data } = stored(c, name);
      return [name, new Tensor(placed(fromHost(data, shape, dtype).node, placement))];
    }),
  );
  return { seen, results: [c.ours(seen)].flat() as Tensor[] };
}

const look = ({ seen, results }: ReturnType<typeof evaluate>): Sharing[] =>
  results.map((y) => {
    const { shape } = y.node;
    if (sizeOf(shape) === 0) return { shares: [], strides: [] };
    return {
      shares: Object.keys(seen).filter((name) => seen[name].place.memory === y.place.memory),
      strides: y.stride().map((s, d) => (shape[d] > 1 ? s : 1)),
    };
  });

function doubled(t: Tensor): boolean {
  try {
    t.mul_(2);
    return true;
  } catch {
    return false;
  }
}

const numbers = async (t: Tensor): Promise<string> =>
  String(Array.from(await t.data(), (v) => (Number.isNaN(v) ? 0 : v)));

async function change(c: Case): Promise<Effects> {
  const first = evaluate(c);
  const before = await Promise.all(Object.values(first.seen).map(numbers));
  let inputs: string[] | null = null;
  if (doubled(first.results[0])) {
    const after = await Promise.all(Object.values(first.seen).map(numbers));
    inputs = Object.keys(first.seen).filter((_, i) => after[i] !== before[i]);
  }
  const second = evaluate(c);
  const given = await numbers(second.results[0]);
  const result = doubled(Object.values(second.seen)[0]) ? (await numbers(second.results[0])) !== given : null;
  return { inputs, result };
}

const base64 = (data: ArrayBufferView): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
const question = (c: Case) => ({
  python: c.python,
  inputs: Object.entries(c.inputs).map(([name, { dtype, placement }]) => {
    const { shape, data } = stored(c, name);
    return { name, dtype, shape, placement, data: base64(data) };
  }),
});

describeWith(['python'], 'memory', () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = JSON.parse(String(await runPython(program, JSON.stringify(cases.map(question))))) as Answer[];
  });

  test(`${cases.length} cases share what PyTorch shares, with its strides`, () => {
    const ours = cases.map((c) => ({ title: titleOf(c), seen: look(evaluate(c)) }));
    const theirs = cases.map((c, i) => ({ title: titleOf(c), seen: answers[i].seen }));
    expect(ours.filter((o, i) => JSON.stringify(o) !== JSON.stringify(theirs[i]))).toEqual(
      theirs.filter((t, i) => JSON.stringify(t) !== JSON.stringify(ours[i])),
    );
  });

  describe.each(['views', 'basics', 'arrangements', 'indexing', 'scatters', 'inplace'])('a change in %s', (family) => {
    test('reaches what it reaches in PyTorch', async () => {
      const ours: object[] = [];
      const theirs: object[] = [];
      for (const [i, c] of cases.entries()) {
        if (!families[family].includes(c)) continue;
        // A bool cannot be doubled.
        if (Object.values(c.inputs).some(({ dtype }) => dtypes[dtype].kind === 'bool')) continue;
        // PyTorch lets windows that overlap be written to, in no certain order; here that is refused.
        if (c.op === 'unfold along a dim') continue;
        const changed = await change(c);
        if (JSON.stringify(changed) === JSON.stringify(answers[i].changed)) continue;
        ours.push({ title: titleOf(c), python: c.python, changed });
        theirs.push({ title: titleOf(c), python: c.python, changed: answers[i].changed });
      }
      expect(ours).toEqual(theirs);
    });
  });
});
