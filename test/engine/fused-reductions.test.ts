/**
 * Intent: in compiled code reductions share kernels with each other and with the formulas around them, and every way to
 * run such a group gives what the operations give one by one, also of numbers that are not finite, of strided inputs,
 * and in float16.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import { engine } from '../../src/compile/engine.ts';
import { candidateId, candidates, slotsOf, toleranceOfPlan } from '../../src/dnn/choice/candidates.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import { F, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { randomNumbers } from '../support/numbers.ts';
import { rounded, runJob } from '../support/run.ts';

type Tensor = torch.Tensor;

beforeAll(startTestEngine);
afterAll(() => engine.device?.destroy());

interface Case {
  readonly of: (x: Tensor, row: Tensor, column: Tensor) => Tensor;
  /** Kernels of the whole. */
  readonly kernels?: number;
  readonly shape?: readonly [number, number];
}

const cases: Readonly<Record<string, Case>> = {
  'layer norm': { of: (x, row) => F.layerNorm(x, [x.shape[1]], row, row) },
  'layer norm after a residual, then an activation': {
    of: (x, row, column) => F.gelu(F.layerNorm(x.mul(2).add(column), [x.shape[1]], row)),
  },
  'softmax of what is computed': { of: (x, row) => F.softmax(x.mul(row).sub(1), 1).mul(3) },
  'softmax of columns': { of: (x) => F.softmax(x.sin(), 0).add(1) },
  'the logarithm of softmax, negated': { of: (x, _, column) => F.logSoftmax(x.add(column), 1).neg() },
  'a softmax and its gradient': {
    of: (x, row) => {
      const y = F.softmax(x, 1);
      return y.mul(row.sub(y.mul(row).sum(1, true)));
    },
  },
  'mean squared error': { of: (x, row) => x.sub(row).square().mean() },
  'a long mean, split': { of: (x, row) => x.sub(row).abs().mean().sqrt(), shape: [40, 60] },
  // Its result is a view, which is copied.
  'log-sum-exp': { of: (x) => x.mul(2).logsumexp(1), kernels: 2 },
  'division by a norm': { of: (x) => F.normalize(x.add(1), 2, 1) },
  'columns by their norm': { of: (x) => F.normalize(x.add(1), 2, 0) },
  'largest, smallest and product': {
    of: (x) => x.amax(1, true).sub(x.amin(1, true)).mul(x.div(8).add(1).prod(1, true)).add(x),
  },
  'a narrow formula without the dimension': { of: (x) => x.exp().sum(1).log().mul(2) },
  'a number a row from outside': { of: (x, _, column) => x.mean(1, true).add(column).exp().mul(x) },
  'a number a column from outside': { of: (x, row) => x.mean(0, true).mul(row.reshape(1, -1)).add(x) },
  'rows from above': { of: (x) => x.square().sum(0).add(1).sqrt() },
  'a transposed input': { of: (x) => F.softmax(x.transpose(0, 1).mul(2), 1) },
  'variance of numbers that are large and alike': {
    of: (x) => x.mul(0.5).add(300).var(1, { correction: 0, keepdim: true }).mul(x),
  },
};

const tensors = (rows: number, columns: number, seed = 1): Tensor[] =>
  [
    [rows, columns],
    [1, columns],
    [rows, 1],
  ].map((shape, i) =>
    torch.tensor(Array.from(randomNumbers(shape[0] * shape[1], seed + i)).map((v) => v * 2)).reshape(...shape),
  );

const onGpu = (inputs: readonly Tensor[]): Tensor[] => inputs.map((t) => t.to('webgpu'));

/** The problems that a compiled call is planned with, and how many kernels it has in the first way of each. */
async function planned(of: Case['of'], inputs: readonly Tensor[]): Promise<{ problems: Problem[]; kernels: number }> {
  const device = engine.device!;
  const [x, row, column] = onGpu(inputs);
  await Promise.all([x, row, column].map((t) => t.data()));
  const { node } = torch.compile(of)(x, row, column) as Tensor;
  const problems: Problem[] = [];
  const region = collectRegion([node]);
  const { launches } = planRegion(region, [node], {
    device,
    choose: (problem) => {
      problems.push(problem);
      return candidates(problem, device).plans[0];
    },
  });
  return { problems, kernels: launches.length };
}

describe.each(Object.entries(cases))('%s', (_, { of, kernels = 1, shape: [rows, columns] = [7, 70] }) => {
  test('is one problem, which every algorithm solves', async () => {
    const found = await planned(of, tensors(rows, columns));
    expect(found.problems.map(({ operation }) => operation)).toEqual(['fused']);
    expect(found.kernels).toBe(kernels);
    const [problem] = found.problems;
    const read = problem.operands.filter(({ access }) => access === 'read');
    const written = problem.operands.filter(({ access }) => access === 'write');
    const inputs = Object.fromEntries(read.map(({ role, dtype, example }) => [role, rounded(dtype, example!())]));
    const truth = problem.reference(
      inputs,
      Uint32Array.from({ length: written[0].elements }, (_, i) => i),
    );
    const rms = Math.sqrt(truth.reduce((sum, v) => sum + v * v, 0) / truth.length) || 1;
    const { plans } = candidates(problem, engine.device!);
    expect(plans.map(({ algorithm }) => algorithm.name)).toContain('APART');
    for (const plan of plans) {
      const [y] = await runJob(engine.device!, {
        what: candidateId(plan),
        inputs: read.map(({ role, dtype }) => ({ data: inputs[role], dtype })),
        outputs: written.map(({ elements, dtype }) => ({ length: elements, dtype })),
        workspace: plan.workspace,
        launches: plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan)),
      });
      const error = y.reduce((worst, v, i) => Math.max(worst, Math.abs(v - truth[i])), 0) / rms;
      expect(error, candidateId(plan)).toBeLessThanOrEqual(toleranceOfPlan(problem, plan));
    }
  });

  test('gives what its operations give one by one', async () => {
    const inputs = tensors(rows, columns, 5);
    // The host computes in float64 and rounds each result.
    const eager = await of(...(inputs as [Tensor, Tensor, Tensor])).data();
    const compiled = await (torch.compile(of)(...(onGpu(inputs) as [Tensor, Tensor, Tensor])) as Tensor).data();
    const scale = Math.max(...Array.from(eager, Math.abs));
    compiled.forEach((v, i) => expect(Math.abs(v - eager[i])).toBeLessThanOrEqual(2e-5 * scale));
  });

  test('keeps NaN and infinities where they belong', async () => {
    const inputs = tensors(rows, columns);
    const x = Array.from(await inputs[0].data());
    // The last two are large, and their squares are in range: beyond that, a variance depends on the order of its sums.
    [x[3], x[columns + 2], x[2 * columns + 1], x[3 * columns], x[3 * columns + 1]] = [
      NaN,
      Infinity,
      -Infinity,
      1e19,
      -1e19,
    ];
    const planted = [torch.tensor(x).reshape(rows, columns), inputs[1], inputs[2]];
    const kind = (v: number): string => (Number.isFinite(v) ? 'finite' : String(v));
    const eager = await of(...(onGpu(planted) as [Tensor, Tensor, Tensor])).data();
    const compiled = await (torch.compile(of)(...(onGpu(planted) as [Tensor, Tensor, Tensor])) as Tensor).data();
    expect(Array.from(compiled, kind)).toEqual(Array.from(eager, kind));
  });
});

test.each([1, 2])(
  'of more sums in sequence than a kernel takes, the rest goes to another one, which reads them (dim %i)',
  async (dim) => {
    const chain = (x: Tensor): Tensor => {
      for (let i = 0; i < 6; i++) x = x.sub(x.mean(dim, true)).div(x.square().mean(dim, true).add(1).sqrt());
      return x;
    };
    const x = tensors(7, 70)[0].reshape(7, 10, 7);
    const expected = await chain(x).data();
    (await (torch.compile(chain)(x.to('webgpu')) as Tensor).data()).forEach((v, i) =>
      expect(v).toBeCloseTo(expected[i], 4),
    );
  },
);

test('a batch norm in training takes mean and variance by one kernel', async () => {
  const batchNorm = (x: Tensor): Tensor => F.batchNorm(x.reshape(7, 10, 7), null, null, null, null, true);
  expect(await planned(batchNorm, tensors(7, 70))).toMatchObject({ problems: [{ operation: 'fused' }], kernels: 1 });
});

test.for<[string, (x: Tensor) => Tensor]>([
  ['layer norm', (x) => F.layerNorm(x, [70])],
  ['group norm', (x) => F.groupNorm(x.reshape(7, 10, 7), 5)],
  ['instance norm', (x) => F.instanceNorm(x.reshape(7, 10, 7))],
  ['batch norm in training', (x) => F.batchNorm(x.reshape(7, 10, 7), null, null, null, null, true)],
])('%s is one problem in eager code too, and no part of what is around it', async ([, norm]) => {
  const x = tensors(7, 70)[0];
  engine.forget();
  const y = await norm(x.to('webgpu').exp()).mul(2).data();
  expect(engine.takeChoices().map(({ operation }) => operation)).toEqual(['fused']);
  const expected = await norm(x.exp()).mul(2).data();
  y.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 4));
});

test('in float16, results are rounded where the operations round them', async () => {
  if (!engine.device!.features.has('shader-f16')) return;
  const norm = (x: Tensor): Tensor => F.softmax(F.layerNorm(x.mul(2), [70]), 1);
  const x = tensors(7, 70)[0].to('float16');
  const eager = await norm(x.to('webgpu')).data();
  const compiled = await (torch.compile(norm)(x.to('webgpu')) as Tensor).data();
  const largest = Math.max(...Array.from(eager));
  compiled.forEach((v, i) => expect(Math.abs(v - eager[i])).toBeLessThanOrEqual(2 ** -9 * largest));
});

test('cudnn.benchmark leaves reductions to the model, and max-autotune measures them', async () => {
  const norm = (x: Tensor): Tensor => F.softmax(F.layerNorm(x, [70]), 1);
  const x = tensors(7, 70)[0].to('webgpu');
  const sourcesOf = async (f: (x: Tensor) => Tensor): Promise<readonly [Set<string>, Set<string>]> => {
    engine.forget();
    Object.assign(torch.backends.cudnn, { benchmark: true, benchmarkLimit: 3 });
    await f(x).data();
    const choices = engine.takeChoices();
    return [new Set(choices.map(({ operation }) => operation)), new Set(choices.map(({ source }) => source))];
  };
  const predicted = new Set(['heuristic']);
  expect(await sourcesOf(norm)).toEqual([new Set(['fused', 'softmax']), predicted]);
  expect(await sourcesOf(torch.compile(norm) as typeof norm)).toEqual([new Set(['fused']), predicted]);
  const tuned = torch.compile(norm, { mode: 'max-autotune' }) as typeof norm;
  expect(await sourcesOf(tuned)).toEqual([new Set(['fused']), new Set(['measured'])]);
  const expected = await norm(tensors(7, 70)[0]).data();
  (await tuned(x).data()).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 5));
  engine.forget();
});
