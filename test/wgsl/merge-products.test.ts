/**
 * @file Intent: products of one operand with several weights are one kernel for inference, with the weights side by
 * side once; where that would cost a copy or a gradient they stay apart, and the record says why. Nothing runs: Dawn's
 * null backend needs no driver.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Compilation } from '../../src/compile/compilation.ts';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { withNullEngine } from '../support/null-engine.ts';

type Tensor = torch.Tensor;

withNullEngine();
beforeEach(() => {
  engine.forget();
  engine.settings.enabled = false;
  engine.recordsCompilations = 'compiled';
  torch.manualSeed(1);
});

/** Three layers of one input, and what is made of their results. */
class Three extends nn.Module<[Tensor], Tensor> {
  q = new nn.Linear(8, 12);
  k = new nn.Linear(8, 12);
  v = new nn.Linear(8, 12);
  end: (q: Tensor, k: Tensor, v: Tensor) => Tensor;
  constructor(end: (q: Tensor, k: Tensor, v: Tensor) => Tensor) {
    super();
    this.end = end;
  }
  override forward(x: Tensor): Tensor {
    return this.end(this.q(x), this.k(x), this.v(x));
  }
}

const x = (): Tensor => torch.randn(2, 5, 8).to('webgpu');
const heads = (t: Tensor): Tensor => t.reshape(2, 5, 3, 4).transpose(1, 2);
const attention = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
  F.scaledDotProductAttention(heads(q), heads(k), heads(v)).transpose(1, 2).reshape(2, 5, 12);

/** The records of calls, the last of which finds its weights prepared. */
async function compilations(f: (x: Tensor) => Tensor, calls = 1): Promise<Compilation[]> {
  const input = x();
  for (let i = 0; i < calls; i++) await f(input).data();
  return engine.takeCompilations();
}

const inference = (model: nn.Module<[Tensor], Tensor>): ((x: Tensor) => Tensor) => {
  const compiled = torch.compile(model.to('webgpu').eval());
  return (input) => torch.noGrad(() => compiled(input));
};
const products = ({ kernels }: Compilation): string[] =>
  kernels.filter(({ name }) => name.startsWith('gemm')).map(({ operations }) => operations.map((o) => o.name).join());
const reasons = ({ unfused }: Compilation): string[] =>
  unfused
    .map(({ reason }) => reason)
    .filter((reason) => reason.startsWith('both multiply'))
    .map((reason) => reason.split(': ')[1]);

describe('one kernel', () => {
  test('computes queries, keys and values, and the attention reads its columns where they lie', async () => {
    const [, prepared] = await compilations(inference(new Three(attention)), 2);
    expect(products(prepared)).toEqual(['matmul,add,matmul,add,matmul,add']);
    expect(prepared.kernels.filter(({ once }) => once).length).toBeGreaterThan(0);
    const written = prepared.kernels.filter(({ once, name }) => !once && !name.startsWith('gemm'));
    expect(written.flatMap(({ operations }) => operations.map(({ name }) => name))).toEqual([
      'scaledDotProductAttention',
      'reshape', // of the result, whose heads lie apart
    ]);
    expect(reasons(prepared)).toEqual([]);
  });

  test('serves the heads of an attention module', async () => {
    class Self extends nn.Module<[Tensor], Tensor> {
      attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
      override forward(input: Tensor): Tensor {
        return this.attention(input, input, input, { needWeights: false })[0];
      }
    }
    const [, prepared] = await compilations(inference(new Self()), 2);
    expect(products(prepared)).toHaveLength(2); // the projections, and the output's
  });

  test('ends in the activation that all of them end in', async () => {
    const [first] = await compilations(
      inference(new Three((q, k, v) => F.relu(q).add(F.relu(k).sin()).mul(F.relu(v).cos()))),
    );
    expect(products(first)).toEqual(['matmul,add,relu,matmul,add,relu,matmul,add,relu']);
  });
});

describe('they stay apart, and it is said', () => {
  test.for<[string, (q: Tensor, k: Tensor, v: Tensor) => Tensor, string[]]>([
    [
      'two of them where the third is read in one piece',
      (q, k, v) => attention(q, k, F.softmax(v, 1)),
      ['softmax reads it in one piece'],
    ],
    [
      'where a reshape cannot be a view of columns',
      (q, k, v) => attention(q.reshape(5, 2, 12).transpose(0, 1), k, v.reshape(120).reshape(2, 5, 12)),
      ['reshape reads it in one piece'],
    ],
    [
      'one that ends in an activation alone',
      (q, k, v) => attention(q, k, F.relu(v)),
      ['the others cannot be, or end in something else'],
    ],
  ])('%s', async ([, end, expected]) => {
    const [first] = await compilations(inference(new Three(end)));
    expect(reasons(first)).toEqual(expected);
    expect(products(first)).toHaveLength(2);
  });

  test('with gradients', async () => {
    const [first] = await compilations(torch.compile(new Three(attention).to('webgpu')));
    expect(reasons(first)).toEqual(Array(3).fill('gradients flow through it'));
  });

  test('where what they multiply by is no weight', async () => {
    const [a, b] = [torch.randn(8, 4).to('webgpu'), torch.randn(8, 4).to('webgpu')];
    const [first] = await compilations(torch.compile((t: Tensor) => t.matmul(a).mul(t.matmul(b))));
    expect(reasons(first)).toEqual(Array(2).fill('what it multiplies by does not come of weights alone'));
  });

  test('where a result of the program is one of them', async () => {
    const model = new Three((q) => q).to('webgpu').eval();
    await torch.noGrad(() => model(x())).data(); // its parameters are a model's
    engine.takeCompilations();
    const compiled = torch.compile((input: Tensor) => {
      const q = model.q(input);
      return [attention(q, model.k(input), model.v(input)), q];
    });
    await torch.noGrad(() => compiled(x())[0]).data();
    expect(reasons(engine.takeCompilations()[0])).toEqual(['a result of the program lies in one piece']);
  });
});
