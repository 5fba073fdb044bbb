/**
 * Intent: in compiled code pointwise operations share kernels as far as that can be: values with several readers,
 * several results, the steps of optimizers. Random programs of pointwise operations, views and sums compute what eager
 * code computes.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { randomNumbers, relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;

describeWith(['adapter'], 'pointwise groups', () => {
  beforeAll(() => startTestEngine());
  afterAll(() => engine.device?.destroy());

  /** The kernels that compute these values in one go, by label. */
  function kernelsOf(...values: Tensor[]): string[] {
    const nodes = values.map(({ node }) => node);
    const device = engine.device!;
    const { launches } = planRegion(collectRegion(nodes), nodes, {
      device,
      choose: () => {
        throw new Error('no convolution here');
      },
    });
    return launches.map(({ kernel }) => kernel.label);
  }

  const onGpu = async (...shape: number[]): Promise<Tensor> => {
    const t = torch.randn(...shape).to('webgpu');
    await torch.sync();
    await t.data();
    return t;
  };

  test('a value that two operations of the kernel read is computed in it once', async () => {
    const x = await onGpu(5, 7);
    const f = torch.compile((t: Tensor) => {
      const y = t.exp();
      return y.div(y.add(1)).mul(y);
    });
    expect(kernelsOf(f(x))).toEqual(['pointwise exp+add+div+mul']);
  });

  test('a check is made on the way, and of two one', async () => {
    const x = await onGpu(5, 7);
    const f = torch.compile((p: Tensor, t: Tensor) =>
      nn.functional.binaryCrossEntropy(p.sigmoid(), t.sigmoid(), { reduction: 'none' }),
    );
    expect(kernelsOf(f(x, await onGpu(5, 7)))).toEqual(['pointwise sigmoid+sigmoid+inRange+binaryCrossEntropy']);
    const two = torch.compile((p: Tensor) => f(f(p, p), p));
    expect(kernelsOf(two(x))).toHaveLength(2);
  });

  test('a value that somebody else reads too is written on the way', async () => {
    const x = await onGpu(5, 7);
    const f = torch.compile((t: Tensor) => {
      const y = t.exp();
      return [y.mul(2).add(1), y.argsort(1)] as const;
    });
    const [first, ...rest] = kernelsOf(...f(x));
    expect(first).toMatch(/pointwise/);
    expect(rest.map((label) => label.split('/')[0])).toEqual(['sort', 'sort', 'sort']);
  });

  test('a value that an operation in between reads does not wait for itself', async () => {
    const x = await onGpu(5, 7);
    const f = (t: Tensor): Tensor => {
      const y = t.sin();
      return y.div(y.sum()).add(y.amax());
    };
    const compiled = await torch.compile(f)(x).data();
    expect(relativeError(compiled, Float64Array.from(await f(x).data()))).toBeLessThan(1e-6);
  });

  test('a view that a kernel has had written out is written out right for the program too', async () => {
    const x = await onGpu(3, 8);
    const view = x.mul(2).index(':', [0, -1, 2]);
    const sums = view.cumsum(0); // reads it contiguous
    await engine.realize([view.node, sums.node]);
    const values = (await x.tolist()) as number[][];
    expect(await view.tolist()).toEqual(values.map((row) => [0, 2, 4, 6].map((i) => 2 * row[i])));
  });

  test.for([
    ['Adam', (p: Tensor[]) => new optim.Adam(p, { lr: 0.01 })],
    ['AdamW', (p: Tensor[]) => new optim.AdamW(p, { lr: 0.01 })],
    ['SGD with momentum', (p: Tensor[]) => new optim.SGD(p, { lr: 0.01, momentum: 0.9 })],
    ['RMSprop', (p: Tensor[]) => new optim.RMSprop(p, { lr: 0.01 })],
  ] as const)('a step of %s is one kernel a parameter', async ([, make]) => {
    const parameters = [
      new nn.Parameter(torch.randn(3, 5).to('webgpu')),
      new nn.Parameter(torch.randn(7).to('webgpu')),
    ];
    const optimizer = make(parameters);
    let kernels: string[] = [];
    for (let step = 0; step < 3; step++) {
      for (const p of parameters) {
        p.grad = torch
          .ones(...p.shape)
          .to('webgpu')
          .mul(step + 1);
        await p.grad.data();
      }
      const submit = vi.spyOn(engine.device!, 'submit');
      await optimizer.step();
      kernels = submit.mock.calls.flatMap(([program]) => program.steps.map(({ label }) => label));
      submit.mockRestore();
    }
    expect(kernels).toHaveLength(2);
  });

  test.for(Array.from({ length: 12 }, (_, seed) => seed))('random program %s', async (seed) => {
    const random = randomNumbers(400, seed + 1);
    let drawn = 0;
    const pick = (count: number): number => Math.floor(((random[drawn++] + 1) / 2) * count);
    const shapes = [[4, 6], [4, 1], [6], [1], [4, 6], [2, 4, 6]];
    const inputs = await Promise.all(shapes.map((shape) => onGpu(...shape)));
    const program = (...given: Tensor[]): Tensor[] => {
      drawn = 0;
      const made = [...given];
      const one = (): Tensor => made[pick(made.length)];
      const unary: ((t: Tensor) => Tensor)[] = [
        (t) => t.sin(),
        (t) => t.tanh(),
        (t) => t.abs().add(1).sqrt(),
        (t) => t.neg(),
        (t) => t.gt(0).to('float32'),
        (t) => t.sum(-1, true).tanh(),
        (t) => t.amax(0, true),
        (t) => t.transpose(0, -1).transpose(-1, 0),
        (t) => t.reshape(-1).reshape(t.shape),
        (t) => t.transpose(0, -1).reshape(-1).reshape(t.shape),
        (t) => t.flip(0),
      ];
      for (let i = 0; i < 25; i++) {
        if (pick(3) === 0) made.push(unary[pick(unary.length)](one()));
        else {
          const [a, b] = [one(), one()];
          made.push([a.add(b), a.mul(b), a.sub(b), torch.maximum(a, b)][pick(4)].tanh());
        }
      }
      return [made[made.length - 1], made[made.length - 5], made[made.length - 9].add(1), made[made.length - 2]];
    };
    const values = async (results: Tensor[]): Promise<Float64Array[]> => {
      await engine.realize(results.map(({ node }) => node));
      return Promise.all(results.map(async (t) => Float64Array.from(await t.data())));
    };
    const eager = await values(program(...inputs));
    const compiled = await values(torch.compile(program)(...inputs));
    compiled.forEach((value, i) => expect(relativeError(value, eager[i]), `result ${i}`).toBeLessThan(1e-5));
  });
});
