/**
 * Intent: in a compiled module a matrix product takes bias, skip connection and activation as its epilogue, and what is computed stays
 * what eager code computes, forward and backward.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;

describeWith(['adapter'], 'fusion of products', () => {
  beforeAll(async () => {
    await startTestEngine();
    torch.manualSeed(11);
  });
  afterAll(() => engine.device?.destroy());

  const random = (...shape: number[]): Tensor => torch.randn(...shape).to('webgpu');

  /** What the compiled function computes, as eager code does, with what its products end in. */
  async function compiled(f: () => Tensor): Promise<string[]> {
    const eager = Float64Array.from(await f().data());
    engine.forget();
    expect(relativeError(await torch.compile(f)().data(), eager)).toBeLessThan(5e-6);
    return engine
      .takeChoices()
      .filter(({ operation }) => operation === 'matmul')
      .map(({ descriptor }) => /float\d+(?:, \+ (.*))?$/.exec(descriptor)![1] ?? '');
  }

  const [x, skip] = [random(5, 8), random(5, 12)];
  const linear = new nn.Linear(8, 12).to('webgpu');

  test.for<[string, () => Tensor, string[]]>([
    ['a layer', () => linear(x), ['bias']],
    ['a layer of one row', () => linear(x.narrow(0, 0, 1)), ['bias']],
    ['a batch of rows', () => linear(x.reshape(1, 5, 8)), ['bias']],
    ['a layer and an activation', () => F.gelu(linear(x)), ['bias + gelu']],
    ['a skip connection', () => linear(x).add(skip), ['bias + residual']],
    ['one that comes first', () => F.relu(skip.add(linear(x))), ['bias + residual + relu']],
    ['a product alone', () => F.silu(x.matmul(random(8, 12))), ['silu']],
    ['two layers', () => linear(x).matmul(linear.weight).tanh(), ['bias', 'tanh']],
    ['two skip connections, of which one is left', () => linear(x).add(skip).add(skip.mul(2)), ['bias + residual']],
    ['what follows an activation is left', () => F.relu(linear(x)).add(skip), ['bias + relu']],
    ['a sum that somebody else reads', () => ((y: Tensor) => y.add(y.mul(2)))(linear(x)), ['bias']],
    ['a number that is added to all', () => linear(x).add(1), ['bias']],
    ['a column that is added', () => linear(x).add(random(5, 1)), ['bias']],
  ])('%s', async ([, f, ends]) => {
    torch.manualSeed(12);
    const again = (): Tensor => {
      torch.manualSeed(13);
      return f();
    };
    expect(await compiled(again)).toEqual(ends);
  });

  test('an empty sum stays a bias', async () => {
    const empty = (): Tensor => random(3, 0).matmul(random(0, 4)).add(random(4).mul(0).add(2));
    expect(await torch.compile(empty)().tolist()).toEqual(Array.from({ length: 3 }, () => [2, 2, 2, 2]));
  });

  test('gradients are those of eager code', async () => {
    const net = (t: Tensor): Tensor => F.gelu(linear(t)).add(skip).square().sum();
    const gradients = async (f: (t: Tensor) => Tensor): Promise<Float64Array[]> => {
      linear.zeroGrad();
      f(x).backward();
      return Promise.all([linear.weight, linear.bias!].map(async (p) => Float64Array.from(await p.grad!.data())));
    };
    const eager = await gradients(net);
    (await gradients(torch.compile(net))).forEach((g, i) => expect(relativeError(g, eager[i])).toBeLessThan(1e-5));
  });
});
