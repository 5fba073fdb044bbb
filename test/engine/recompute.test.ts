/**
 * Intent: a compiled training step that keeps more than the memory limit leaves computes cheap values again, with the
 * same results; where it has room nothing changes, and where it has none even so, the error has the numbers.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { MemoryRecord } from '../../src/compile/compilation.ts';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { collect } from '../support/garbage.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;

const [depth, width, rows] = [12, 64, 1024];
const MiB = 2 ** 20;

/** Its gradients need what goes into each GELU, and what comes out, which is cheap to have of the former. */
class Deep extends nn.Module<[Tensor], Tensor> {
  layers = new nn.Sequential(
    ...Array.from({ length: depth }, () => [new nn.Linear(width, width), new nn.GELU()]).flat(),
  );

  override forward(x: Tensor): Tensor {
    return (this.layers.forward(x) as Tensor).square().mean();
  }
}

/** Frees what earlier runs have left, so that the limit counts from what is in use. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve));
  }
  torch.webgpu.emptyCache();
}

interface Training {
  readonly numbers: readonly Float64Array[];
  readonly memory: readonly MemoryRecord[];
  /** The most that was in use beyond the model and its input. */
  readonly peak: number;
}

/** Two steps of SGD under a limit of so many bytes beyond the model and its input. */
async function trained(limit: number): Promise<Training> {
  await settle();
  torch.manualSeed(3);
  const model = new Deep().to('webgpu');
  const x = torch.randn(rows, width).to('webgpu');
  await engine.realize([x.mul(1).node, ...model.parameters().map((p) => p.mul(1).node)]);
  await settle();
  const before = torch.webgpu.memoryAllocated();
  torch.webgpu.setMemoryLimit(before + limit);
  torch.webgpu.resetPeakMemoryStats();
  engine.takeCompilations();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
  const compiled = torch.compile(model);
  const losses: Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    losses.push(compiled(x));
    losses[step].backward();
    await optimizer.step();
  }
  const results = [...losses, ...model.parameters()];
  const numbers = [];
  for (const result of results) numbers.push(Float64Array.from(await result.data()));
  const peak = torch.webgpu.maxMemoryAllocated() - before;
  return { numbers, memory: engine.takeCompilations().map(({ memory }) => memory), peak };
}

describeWith(['adapter'], 'values computed again', () => {
  let free: Training;
  beforeAll(async () => {
    await startTestEngine();
    engine.recordsCompilations = 'compiled';
    free = await trained(Infinity);
  });
  afterEach(() => torch.webgpu.setMemoryLimit(Infinity));
  afterAll(() => engine.device?.destroy());

  test('where there is room nothing is', async () => {
    expect(free.memory.length).toBeGreaterThan(0);
    expect(free.memory.every(({ thrift }) => thrift === undefined)).toBe(true);
    const { memory, numbers } = await trained(2 * free.peak);
    expect(memory).toEqual([]); // the plan is there already
    expect(numbers).toEqual(free.numbers);
  });

  test('a step that takes more than the limit leaves has less to keep, and the same results', async () => {
    const wanted = Math.max(...free.memory.map(({ shared }) => shared));
    // Each layer keeps two values of 1,024 rows, the one made of the other; a quarter of all is half of the latter.
    const { numbers, memory, peak } = await trained(free.peak - wanted / 4);
    expect(peak).toBeLessThanOrEqual(free.peak - wanted / 4);
    const thrifty = memory.find(({ thrift }) => thrift !== undefined)!;
    const { room, before, again } = thrifty.thrift!;
    expect(before).toBe(wanted);
    expect(thrifty.shared).toBeLessThanOrEqual(room);
    expect(room).toBeLessThan(before);
    expect(again.length).toBeGreaterThan(0);
    expect(again.length).toBeLessThanOrEqual(depth);
    expect(new Set(again.map(({ operation }) => operation.name))).toEqual(new Set(['gelu']));
    expect(again.map(({ times, flops }) => flops / times)).toEqual(again.map(() => again[0].flops));
    // The same operations on the same values; another kernel may round an exponential otherwise.
    numbers.forEach((values, i) => expect(relativeError(values, free.numbers[i])).toBeLessThan(1e-6));
  });

  test('where it has no room even so, the error says what it takes with and without', async () => {
    await expect(trained(free.peak / 4)).rejects.toThrow(
      /out of memory; intermediates of compiled code take .* MiB at once, and .* MiB where cheap values are computed again, but the limit of .* MiB leaves .* for them; use a smaller batch, or raise it by torch.webgpu.setMemoryLimit/,
    );
    expect((await trained(Infinity)).numbers).toEqual(free.numbers);
  });

  test('eager code keeps what it keeps', async () => {
    await settle();
    const x = torch.randn(rows, width).to('webgpu');
    await engine.realize([x.mul(1).node]);
    torch.webgpu.setMemoryLimit(torch.webgpu.memoryAllocated() + MiB);
    await expect(F.gelu(x).sin().matmul(x.transpose(0, 1)).exp().sum().item()).rejects.toThrow(
      /out of memory; \d+ bytes are wanted/,
    );
  });
});
