/**
 * Intent: a backward pass over a graph like an earlier one makes the same nodes without writing its formulas down
 * again; and whatever decides a gradient beside the graph's form is seen in every pass.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { mul } from '../../src/graph/ops/elementwise/index.ts';
import { conv2d } from '../../src/graph/ops/conv2d.ts';
import type { Gradient, Op } from '../../src/graph/types.ts';
import { dnn, F, nn, torch } from '../../src/torch/index.ts';
import { recordedText } from '../support/recorded.ts';

type Tensor = torch.Tensor;

beforeEach(() => {
  engine.forget();
  torch.manualSeed(2);
});

/** How often the rule of an operation's gradient is asked while `body` runs. */
function asked(op: Op, body: () => void): number {
  const rule = vi.spyOn(op as { gradient: Gradient<unknown> }, 'gradient');
  body();
  const { length } = rule.mock.calls;
  rule.mockRestore();
  return length;
}

const given = (...values: number[]): Tensor => torch.tensor(values).requiresGrad_();
const numbers = async (t: Tensor | null): Promise<number[]> => Array.from((await t!.data()) as Float32Array);

describe('a pass over a graph of a known form', () => {
  test('asks no rule, and has the gradients of its own numbers', async () => {
    const pass = (x: Tensor): void => x.mul(x).mul(3).sum().backward();
    const counts = [1, 2, 3, 4].map((value) => {
      const x = given(value, -value);
      const count = asked(mul, () => pass(x));
      return [count, x] as const;
    });
    expect(counts.map(([count]) => count)).toEqual([2, 2, 0, 0]);
    for (const [at, [, x]] of counts.entries()) expect(await numbers(x.grad)).toEqual([6 * (at + 1), -6 * (at + 1)]);
  });

  test('records what the first recorded, in a model of layers, and trains alike', async () => {
    const train = async (): Promise<[string[], number[]]> => {
      torch.manualSeed(4);
      const model = new nn.Sequential(new nn.Linear(5, 4), new nn.LayerNorm(4), new nn.GELU(), new nn.Linear(4, 3));
      const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
      const texts: string[] = [];
      for (let step = 0; step < 5; step++) {
        optimizer.zeroGrad();
        F.crossEntropy(model(torch.randn(2, 5)) as Tensor, torch.arange(2)).backward();
        texts.push(recordedText(model.parameters().map(({ grad }) => grad!)));
        await optimizer.step();
      }
      return [texts, (await Promise.all(model.parameters().map(numbers))).flat()];
    };
    const [texts, trained] = await train();
    expect(new Set(texts.slice(1)).size).toBe(1); // at first, parameters are no results of a step
    expect((await train())[1]).toEqual(trained);
  });

  test('is not taken for one whose operands are others', async () => {
    const [a, b] = [given(2), given(5)];
    for (const f of [() => a.mul(b).mul(a), () => a.mul(b).mul(b)])
      for (let i = 0; i < 4; i++) {
        for (const leaf of [a, b]) leaf.grad = null;
        f().sum().backward();
        const isSquareOfA = f().node.inputs[1] === a.node;
        expect([await numbers(a.grad), await numbers(b.grad)]).toEqual(isSquareOfA ? [[20], [4]] : [[25], [20]]);
      }
  });
});

describe('what else decides a gradient', () => {
  const repeat = (f: () => void): void => {
    for (let i = 0; i < 3; i++) f();
  };

  test('hooks are called, whenever they were registered', async () => {
    const pass = (x: Tensor): void => x.mul(2).sum().backward();
    repeat(() => pass(given(1)));
    const x = given(1);
    x.registerHook((grad) => grad.mul(10));
    pass(x);
    expect(await numbers(x.grad)).toEqual([20]);
  });

  test('a value that was overwritten is an error where it is needed', () => {
    const graph = (): [Tensor, Tensor] => {
      const y = given(1).exp();
      return [y, y.mul(y).sum()];
    };
    repeat(() => graph()[1].backward());
    const [y, loss] = graph();
    torch.noGrad(() => y.mul_(2));
    expect(() => loss.backward()).toThrow(/has changed in place since/);
  });

  test('a graph is gone after its pass, unless it is retained', () => {
    const loss = (): Tensor => given(3).square().sum();
    repeat(() => loss().backward());
    const once = loss();
    once.backward();
    expect(() => once.backward()).toThrow(/gone through a second time/);
    const kept = loss();
    kept.backward(null, { retainGraph: true });
    kept.backward();
  });

  test('algorithms that are named around the pass', () => {
    const [x, w] = [torch.randn(1, 2, 5, 5), torch.randn(3, 2, 3, 3)];
    const named = (name: string): unknown => {
      const leaf = w.clone().detach().requiresGrad_();
      const loss = F.conv2d(x, leaf).sum();
      dnn.withConvolutionAlgorithm({ backwardFilter: name }, () => loss.backward());
      return [...ancestors(leaf.grad!)].map((attrs) => attrs.algorithms);
    };
    const ancestors = function* (t: Tensor): Generator<Record<string, unknown>> {
      for (let node = t.node; node.inputs.length > 0; [node] = node.inputs)
        if (node.op.name === `${conv2d.name}BackwardFilter`) yield node.attrs;
    };
    for (const name of ['ALGO_0', 'ALGO_0', 'ALGO_0', 'ALGO_1'])
      expect(named(name)).toEqual([{ backwardFilter: name }]);
  });

  test('gradients that are to be differentiated again', async () => {
    const slopeOfSlope = async (): Promise<number[]> => {
      const x = given(3);
      const [slope] = torch.autograd.grad(x.pow(3).sum(), x, { createGraph: true });
      slope!.sum().backward();
      return numbers(x.grad);
    };
    for (let i = 0; i < 4; i++) expect(await slopeOfSlope()).toEqual([18]);
  });
});
