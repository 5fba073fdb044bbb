/**
 * Intent: in a compiled module a convolution or matrix product takes what follows it where its kernels can, and only
 * there: bias, skip connection, every activation of the epilogues under every way that a program writes it, batch norm
 * by running statistics, the 2×2 max pool. What is computed stays what eager code computes, forward and backward.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import type { Schedule } from '../../src/compile/schedule.ts';
import { candidates } from '../../src/dnn/choice/candidates.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;
type Unary = (x: Tensor) => Tensor;

describeWith(['adapter'], 'fusion', () => {
  beforeAll(async () => {
    await startTestEngine();
    torch.manualSeed(5);
  });
  afterAll(() => engine.device?.destroy());

  const random = (...shape: number[]): Tensor => torch.randn(...shape).to('webgpu');

  /** What the compiled function computes, as eager code does, with what its convolutions or products end in. */
  async function compiled(
    f: () => Tensor,
    tolerance = 2e-6,
    operation: 'conv2d' | 'matmul' = 'conv2d',
  ): Promise<string[]> {
    const eager = Float64Array.from(await f().data());
    engine.forget();
    const result = await torch.compile(f)().data();
    expect(relativeError(result, eager)).toBeLessThan(tolerance);
    return engine
      .takeChoices()
      .filter((choice) => choice.operation === operation)
      .map(({ descriptor }) => /float\d+(?:, \+ (.*))?$/.exec(descriptor)![1] ?? '');
  }

  /** The schedule of the compiled function's value. */
  async function scheduleOf(f: () => Tensor): Promise<Schedule> {
    await f().data(); // what was moved here must have arrived
    const { node } = torch.compile(f)();
    const device = engine.device!;
    return planRegion(collectRegion([node]), [node], {
      device,
      choose: (problem) => candidates(problem, device).plans[0],
    });
  }
  const kernelsOf = ({ launches }: Schedule): string[] => launches.map(({ kernel }) => kernel.label);

  describe('activations', () => {
    const written: Record<string, readonly Unary[]> = {
      relu: [F.relu, torch.relu, new nn.ReLU()],
      relu6: [F.relu6, new nn.ReLU6(), (x) => F.hardtanh(x, 0, 6)],
      leaky_relu: [F.leakyRelu, new nn.LeakyReLU(), (x) => F.leakyRelu(x, 0.01)],
      silu: [F.silu, new nn.SiLU()],
      gelu: [F.gelu, new nn.GELU(), (x) => F.gelu(x, { approximate: 'none' })],
      sigmoid: [F.sigmoid, torch.sigmoid, new nn.Sigmoid()],
      tanh: [F.tanh, torch.tanh, new nn.Tanh()],
    };
    const [x, w, b, skip] = [[2, 4, 7, 6], [5, 4, 3, 3], [5], [2, 5, 7, 6]].map((shape) => random(...shape));
    const conv = (): Tensor => F.conv2d(x, w, b, { padding: 1 });

    test.for(Object.entries(written))('%s', async ([name, ways]) => {
      for (const activation of ways) {
        expect(await compiled(() => activation(conv()))).toEqual([`bias + ${name}`]);
        expect(await compiled(() => activation(F.conv2d(x, w)))).toEqual([name]);
        expect(await compiled(() => activation(skip.add(conv())))).toEqual([`bias + residual + ${name}`]);
      }
    });

    test('those with another slope, bound or formula stay kernels of their own', async () => {
      for (const other of [
        (y: Tensor) => F.leakyRelu(y, 0.2),
        (y: Tensor) => F.hardtanh(y),
        (y: Tensor) => F.hardtanh(y, 0, 1),
        (y: Tensor) => F.gelu(y, { approximate: 'tanh' }),
        F.mish,
      ]) {
        expect(await compiled(() => other(conv()))).toEqual(['bias']);
      }
    });

    test('a number a channel that is added is a bias, and one an element of a row is not', async () => {
      const sums = (): Tensor => F.conv2d(x, w, null, { padding: 1 });
      const row = random(6);
      expect(await compiled(() => F.relu(sums().add(b.reshape(5, 1, 1))))).toEqual(['bias + relu']);
      expect(await compiled(() => b.reshape(1, 5, 1, 1).add(sums()).add(skip))).toEqual(['bias + residual']);
      expect(await compiled(() => sums().add(row))).toEqual(['']);
      expect(await compiled(() => sums().add(b.reshape(1, 1, 5, 1, 1)))).toEqual(['']);
      expect(await compiled(() => conv().add(b.reshape(5, 1, 1)))).toEqual(['bias']);
    });

    test('a sum that somebody else reads stays', async () => {
      const both = (): Tensor => {
        const y = conv();
        return F.silu(y).add(y.mul(2));
      };
      expect(await compiled(both)).toEqual(['bias']);
    });
  });

  describe('batch norm', () => {
    /** A layer whose statistics and weights are those of a trained one: some negative, some small. */
    function trained(channels: number, options: object = {}): nn.BatchNorm2d {
      const norm = new nn.BatchNorm2d(channels, options);
      norm.running_mean!.copy_(torch.randn(channels));
      norm.running_var!.copy_(torch.rand(channels).mul(3).add(0.01));
      torch.noGrad(() => [norm.weight, norm.bias].forEach((parameter) => parameter?.copy_(torch.randn(channels))));
      return norm.to('webgpu').eval();
    }
    const layer = (bias: boolean, groups = 1): nn.Conv2d =>
      new nn.Conv2d(4, 6, { kernelSize: 3, padding: 1, bias, groups }).to('webgpu');
    const x = random(2, 4, 9, 8);

    test.for([
      ['a convolution with a bias', true, 1, {}],
      ['one without', false, 1, {}],
      ['one in groups', true, 2, {}],
      ['a norm without weight and bias', true, 1, { affine: false }],
      ['a norm with a large eps', false, 1, { eps: 0.5 }],
    ] as const)('%s', async ([, bias, groups, options]) => {
      const [conv, norm] = [layer(bias, groups), trained(6, options)];
      const f = (): Tensor => torch.noGrad(() => norm(conv(x)));
      expect(await compiled(f, 1e-5)).toEqual(['bias']);
    });

    test('one in float16', async ({ skip }) => {
      skip(!engine.device!.features.has('shader-f16'), 'the adapter has no shader-f16');
      const [conv, norm] = [layer(true).to('float16'), trained(6).to('float16')];
      expect(await compiled(() => torch.noGrad(() => norm(conv(x.to('float16')))), 3e-3)).toEqual(['bias']);
    });

    test('norm, skip connection and activation end in the convolution: one kernel over the planes, and nothing of their size between', async () => {
      const [conv, norm, skip] = [layer(false), trained(6), random(2, 6, 9, 8)];
      const f = (): Tensor => torch.noGrad(() => F.relu(norm(conv(x)).add(skip)));
      expect(await compiled(f, 1e-5)).toEqual(['bias + residual + relu']);
      const schedule = await scheduleOf(f);
      expect(kernelsOf(schedule)).toEqual([
        'pointwise normalized',
        'pointwise normalized',
        expect.stringMatching(/^conv2d\//),
      ]);
      const between = schedule.slots.flatMap((slot) => (slot.kind === 'temporary' ? [slot.bytes] : []));
      expect(between.toSorted((a, b) => a - b)).toEqual([4 * 6, 4 * 6 * 4 * 9]); // the bias and the filters
    });

    test('a ResNet block under eval: two convolutions, two kernels over the planes', async () => {
      const [conv1, conv2] = [1, 2].map(() => new nn.Conv2d(6, 6, 3, 1, 1).to('webgpu'));
      const [norm1, norm2, input] = [trained(6), trained(6), random(1, 6, 9, 9)];
      const block = (): Tensor => torch.noGrad(() => F.silu(norm2(conv2(F.relu(norm1(conv1(input))))).add(input)));
      expect(await compiled(block, 1e-5)).toEqual(['bias + relu', 'bias + residual + silu']);
    });

    test('the algorithm that the convolution was asked to run by still runs', async () => {
      const [conv, norm] = [new nn.Conv2d(4, 6, { kernelSize: 3, algo: 'FFT' }).to('webgpu'), trained(6)];
      expect(await compiled(() => torch.noGrad(() => norm(conv(x))), 1e-5)).toEqual(['bias']);
      engine.forget();
      await torch
        .compile(() => torch.noGrad(() => norm(conv(x))))()
        .data();
      expect(engine.takeChoices()).toMatchObject([{ chosen: 'FFT', source: 'forced' }]);
    });

    test('it stays where it trains, where a gradient is needed, and where somebody else reads the sums', async () => {
      const [conv, norm] = [layer(false), trained(6)];
      expect(kernelsOf(await scheduleOf(() => norm(conv(x)))).at(-1)).toBe('pointwise normalized');
      const twice = (): Tensor =>
        torch.noGrad(() => {
          const y = conv(x);
          return norm(y).add(y);
        });
      expect(await compiled(twice)).toEqual(['']);
      const fresh = trained(6).train();
      expect(kernelsOf(await scheduleOf(() => torch.noGrad(() => fresh(conv(x))))).at(-1)).toMatch(/normalized$/);
    });

    test('gradients by filters and norm are those of eager code', async () => {
      const [conv, norm] = [layer(true), trained(6)];
      const gradients = async (f: Unary): Promise<Float64Array[]> => {
        conv.zeroGrad();
        norm.zeroGrad();
        f(x).mul(f(x)).sum().backward();
        return Promise.all(
          [conv.weight, conv.bias!, norm.weight!, norm.bias!].map(async (p) => Float64Array.from(await p.grad!.data())),
        );
      };
      const net = (t: Tensor): Tensor => F.silu(norm(conv(t)));
      const expected = await gradients(net);
      (await gradients(torch.compile(net))).forEach((g, i) => expect(relativeError(g, expected[i])).toBeLessThan(1e-5));
    });
  });

  describe('2×2 max pool', () => {
    const [w, b] = [random(5, 4, 3, 3), random(5)];
    const relu = (x: Tensor, options: object = { padding: 1 }): Tensor => F.relu(F.conv2d(x, w, b, options));
    const pooled = (y: Tensor): Tensor => F.maxPool2d(y, 2);
    const fused = ['bias + relu + max pool 2×2'];

    test.for([
      [8, 8],
      [9, 8],
      [8, 11],
      [9, 9],
      [2, 2],
      [3, 3],
    ])('of planes of %s', async ([height, width]) => {
      const x = random(2, 4, height, width);
      expect(await compiled(() => pooled(relu(x)))).toEqual(fused);
      expect(await compiled(() => pooled(F.conv2d(x, w, null, { padding: 1 })))).toEqual(['max pool 2×2']);
    });

    const x = random(2, 4, 10, 9);

    test('however it is written, after a stride, a skip connection, a folded norm', async () => {
      const even = (): Tensor => relu(x, { padding: [1, 1, 1, 2] }); // 10×10, so rounding up changes nothing
      for (const pool of [
        new nn.MaxPool2d(2),
        new nn.MaxPool2d(2, 2),
        (y: Tensor) => F.maxPool2d(y, [2, 2], { stride: [2, 2], ceilMode: true }),
      ]) {
        expect(await compiled(() => pool(even()))).toEqual(fused);
      }
      expect(await compiled(() => pooled(relu(x, { stride: 2, padding: 1 })))).toEqual(fused);
      const skip = random(2, 5, 10, 9);
      expect(await compiled(() => pooled(F.gelu(F.conv2d(x, w, b, { padding: 1 }).add(skip))))).toEqual([
        'bias + residual + gelu + max pool 2×2',
      ]);
      const norm = new nn.BatchNorm2d(5).to('webgpu').eval();
      expect(await compiled(() => torch.noGrad(() => pooled(F.relu(norm(F.conv2d(x, w)))))), 'folded').toEqual(fused);
    });

    test("one kernel, and nothing of the planes' size between", async () => {
      const schedule = await scheduleOf(() => pooled(relu(x)));
      expect(kernelsOf(schedule)).toHaveLength(1);
      expect(schedule.slots.filter(({ kind }) => kind === 'temporary')).toEqual([]);
    });

    test('what comes after it is not taken for a part of the convolution before it', async () => {
      const skip = random(2, 5, 5, 4);
      expect(await compiled(() => F.silu(pooled(relu(x)).add(skip)))).toEqual(fused);
      expect(await compiled(() => pooled(pooled(relu(x))))).toEqual(fused);
    });

    test('other windows stay, and so does one whose planes somebody else reads', async () => {
      for (const pool of [
        (y: Tensor) => F.maxPool2d(y, 3),
        (y: Tensor) => F.maxPool2d(y, 2, { stride: 1 }),
        (y: Tensor) => F.maxPool2d(y, 2, { padding: 1 }),
        (y: Tensor) => F.maxPool2d(y, 2, { ceilMode: true }),
        (y: Tensor) => F.maxPool2d(y, 2, { dilation: 2 }),
        (y: Tensor) => F.maxPool2d(y, [2, 1]),
        (y: Tensor) => F.avgPool2d(y, 2),
        (y: Tensor) => pooled(y).sum().add(y.sum()),
      ]) {
        expect(await compiled(() => pool(relu(x)))).toEqual(['bias + relu']);
      }
    });

    test('where a gradient is needed it stays, and the gradient is that of eager code', async () => {
      const weight = w.detach().clone().requiresGrad_();
      const f = (): Tensor => pooled(F.relu(F.conv2d(x, weight, b, { padding: 1 })));
      const gradient = async (loss: () => Tensor): Promise<Float64Array> => {
        weight.grad = null;
        loss().mul(loss()).sum().backward();
        return Float64Array.from(await weight.grad!.data());
      };
      expect(await compiled(f)).toEqual(['bias + relu']);
      const expected = await gradient(f);
      expect(relativeError(await gradient(torch.compile(f)), expected)).toBeLessThan(5e-6);
    });

    test('an algorithm that was asked for by name takes the pool, whether it can end in it or leaves it unfused', async () => {
      for (const algo of ['WINOGRAD', 'DIRECT', 'GEMM', 'FFT']) {
        expect(await compiled(() => pooled(relu(x, { padding: 1, algo })), 2e-5), algo).toEqual(fused);
      }
    });
  });

  describe('products', () => {
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
      expect(await compiled(again, 5e-6, 'matmul')).toEqual(ends);
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
});
