/**
 * Intent: every algorithm of attention agrees with the float64 reference of the graph's operation, whatever the shape,
 * the mask and the strides; the fused ones keep no matrix of scores; and the choice obeys what the program allows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotSupportedError } from '../../src/base/errors.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { engine } from '../../src/compile/engine.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import type { AttentionDescriptor, MaskKind } from '../../src/dnn/attention/descriptor.ts';
import { attentionProblem } from '../../src/dnn/attention/problem.ts';
import { attentionTable } from '../../src/dnn/attention/table.ts';
import { candidateId, candidates, toleranceOfPlan } from '../../src/dnn/choice/candidates.ts';
import type { FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import type { Device } from '../../src/gpu/device.ts';
import { scaledDotProductAttention as op } from '../../src/graph/ops/attention.ts';
import * as F from '../../src/torch/functional.ts';
import { SDPBackend, sdpaKernel } from '../../src/torch/nn/attention-backends.ts';
import * as torch from '../../src/torch/torch.ts';
import { openTestDevice } from '../support/device.ts';
import { startTestEngine } from '../support/engine.ts';
import { randomNumbers, relativeError } from '../support/numbers.ts';
import { rounded, runJob } from '../support/run.ts';

interface Sizes {
  readonly batch?: readonly [number, number];
  readonly L: number;
  readonly S: number;
  readonly E: number;
  readonly Ev?: number;
  readonly mask?: MaskKind;
}

/** Contiguous operands; the mask is one matrix for all of the batch. */
function descriptor(
  { batch: [outer, inner] = [1, 1], L, S, E, Ev = E, mask = 'none' }: Sizes,
  dtype: FloatType,
): AttentionDescriptor {
  const matrix = (rows: number, columns: number) => ({
    offset: 0,
    outer: inner * rows * columns,
    inner: rows * columns,
    row: columns,
    column: 1,
  });
  const maskLayout = mask === 'added' ? { ...matrix(L, S), outer: 0, inner: 0 } : undefined;
  return {
    outer,
    inner,
    L,
    S,
    E,
    Ev,
    q: matrix(L, E),
    k: matrix(S, E),
    v: matrix(S, Ev),
    mask,
    maskLayout,
    scale: 1 / Math.sqrt(E),
    dtype,
  };
}

const cases: Sizes[] = [
  { L: 1, S: 1, E: 1 },
  { L: 5, S: 7, E: 4, Ev: 3 },
  { L: 70, S: 33, E: 8, batch: [2, 3] },
  { L: 33, S: 70, E: 6, Ev: 9, mask: 'causal' },
  { L: 70, S: 33, E: 16, mask: 'causal', batch: [1, 2] },
  { L: 20, S: 40, E: 12, mask: 'added', batch: [2, 2] },
  { L: 3, S: 300, E: 5, mask: 'added' },
  { L: 17, S: 65, E: 64 },
  { L: 9, S: 20, E: 128, Ev: 100 },
  { L: 4, S: 6, E: 200 },
];

describe('the algorithms', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  test.each(cases)('$L×$E queries, $S keys, mask $mask', async (sizes) => {
    for (const dtype of (device.features.has('shader-f16') ? ['float32', 'float16'] : ['float32']) as FloatType[]) {
      const d = descriptor(sizes, dtype);
      const problem = attentionProblem(d);
      const roles = problem.operands.filter(({ access }) => access === 'read');
      const inputs = Object.fromEntries(
        roles.map(({ role, elements, example }, i) => [
          role,
          rounded(dtype, example?.() ?? randomNumbers(elements, i + 1)),
        ]),
      );
      const length = d.outer * d.inner * d.L * d.Ev;
      const shapes = {
        q: [d.outer, d.inner, d.L, d.E],
        k: [d.outer, d.inner, d.S, d.E],
        v: [d.outer, d.inner, d.S, d.Ev],
        mask: [d.L, d.S],
      } as Record<string, number[]>;
      const operands = roles.map(({ role }) => ({ shape: shapes[role], dtype, data: inputs[role] }));
      const want = op.reference!(
        operands,
        { scale: d.scale, isCausal: d.mask === 'causal' },
        { shape: [d.outer, d.inner, d.L, d.Ev], dtype },
      );

      expect(
        relativeError(
          problem.reference(
            inputs,
            Uint32Array.from({ length }, (_, i) => i),
          ),
          want,
        ),
      ).toBeLessThan(1e-12);
      const { plans, excluded } = candidates(problem, device);
      expect([...plans.map((p) => p.algorithm.name), ...excluded.map((c) => c.algo)]).toEqual(
        expect.arrayContaining(Object.keys(attentionTable)),
      );
      for (const plan of plans) {
        const { algorithm, config, workspace } = plan;
        const slots = {
          ...Object.fromEntries(roles.map(({ role }, i) => [role, i])),
          y: roles.length,
          workspace: workspace.map((_, i) => roles.length + 1 + i),
        };
        const [got] = await runJob(device, {
          what: candidateId({ algorithm, config }),
          inputs: operands.map(({ data }) => ({ data, dtype })),
          outputs: [{ length, dtype }],
          workspace,
          launches: algorithm.launches(d, config, slots),
        });
        expect(relativeError(got, want), candidateId({ algorithm, config })).toBeLessThanOrEqual(
          toleranceOfPlan(problem, plan),
        );
        expect([algorithm.name, workspace.length > 0]).toEqual([algorithm.name, algorithm.name === 'MATH']);
      }
    }
  });

  test('say why they cannot run', () => {
    const answer = (name: keyof typeof attentionTable, sizes: Sizes, on = device): true | string =>
      attentionTable[name].supports(descriptor(sizes, 'float32'), on);
    expect(answer('FLASH_ATTENTION', { L: 4, S: 4, E: 200 })).toBe(
      'keeps a query and its result in registers, so heads have at most 128 numbers; these have 200',
    );
    expect(answer('EFFICIENT_ATTENTION', { L: 4, S: 4, E: 8, Ev: 129 })).toMatch(/at most 128 numbers; these have 129/);
    const small = {
      ...device,
      features: device.features,
      limits: { ...device.limits, maxStorageBufferBindingSize: 1000, maxComputeWorkgroupStorageSize: 1000 },
    } as Device;
    expect(answer('MATH', { L: 16, S: 16, E: 4 }, small)).toBe(
      "needs a matrix of scores of 1024 bytes; this adapter's largest buffer has 1000",
    );
    expect(answer('FLASH_ATTENTION', { L: 4, S: 4, E: 64 }, small)).toBe(
      'needs 4096 bytes of workgroup memory for a tile of 8 keys and values; there are 1000',
    );
  });
});

describe('in a program', () => {
  beforeAll(async () => {
    await startTestEngine();
  });
  const operands = (...shape: number[]): torch.Tensor[] =>
    [0, 1, 2].map((i) =>
      torch
        .tensor([...randomNumbers(sizeOf(shape), 7 + i)])
        .reshape(...shape)
        .to('webgpu'),
    );

  test('a backend that is asked for by name runs, and says so; one that cannot fails with the reason', async () => {
    const [q, k, v] = operands(2, 2, 12, 8);
    const results: number[][] = [];
    for (const backend of Object.values(SDPBackend)) {
      engine.takeChoices();
      results.push([...(await sdpaKernel(backend, () => F.scaledDotProductAttention(q, k, v)).data())].map(Number));
      expect(engine.takeChoices()).toMatchObject([
        { operation: 'attention', chosen: backend, source: 'forced', descriptor: '4×12×8 queries, 12 keys, float32' },
      ]);
    }
    for (const other of results.slice(1)) other.forEach((value, i) => expect(value).toBeCloseTo(results[0][i], 5));
    const wide = operands(1, 3, 130);
    await expect(
      sdpaKernel('FLASH_ATTENTION', () => F.scaledDotProductAttention(wide[0], wide[1], wide[2])).data(),
    ).rejects.toThrow(NotSupportedError);
    expect(() => sdpaKernel('CUDNN' as never, () => 0)).toThrow(
      /no backend 'CUDNN'; there are MATH, EFFICIENT_ATTENTION, FLASH_ATTENTION/,
    );
    expect(() => sdpaKernel('FLASH_ATTENTION', () => F.scaledDotProductAttention(q, k, v, { dropoutP: 0.5 }))).toThrow(
      /FLASH_ATTENTION keeps no weights to drop, and dropoutP is 0.5; use MATH/,
    );
  });

  test('with benchmark on it is measured; a workspace limit of 0 leaves no matrix of scores', async () => {
    engine.forget();
    Object.assign(engine.settings, { benchmark: true, workspaceLimit: 0 });
    const [q, k, v] = operands(3, 20, 4);
    await F.scaledDotProductAttention(q, k, v).data();
    const [choice] = engine.takeChoices();
    expect(choice.source).toMatch(/^(measured|cache)$/);
    expect(choice.chosen).toMatch(/^(EFFICIENT|FLASH)_ATTENTION$/);
    expect(choice.candidates.filter((c) => c.algo === 'MATH').map((c) => c.reason)).toEqual(
      expect.arrayContaining([expect.stringMatching(/needs 4800 bytes of workspace, workspaceLimit is 0/)]),
    );
    engine.forget();
  });

  test('heads that lie interleaved in memory are read where they are, a fused kernel is all that runs', async () => {
    const [q, k, v] = operands(2, 6, 3, 4);
    await Promise.all([q, k, v].map((t) => t.data()));
    const { node } = F.scaledDotProductAttention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2));
    const choose = (problem: Problem) => candidates(problem, engine.device!, { algo: 'EFFICIENT_ATTENTION' }).plans[0];
    const { launches, memory } = planRegion(collectRegion([node]), [node], { device: engine.device!, choose });
    expect([launches.map(({ kernel }) => kernel.label), memory]).toEqual([['attention/1_efficient'], []]);
  });

  test.for([
    [
      'dtypes that differ',
      () => F.scaledDotProductAttention(torch.ones(2, 2), torch.ones(2, 2).to('float16'), torch.ones(2, 2)),
      /query is float32 and key is float16; convert one with .to\(\)/,
    ],
    [
      'heads that differ',
      () => F.scaledDotProductAttention(torch.ones(2, 3), torch.ones(2, 4), torch.ones(2, 4)),
      /query .* and key .* differ in their last size/,
    ],
    [
      'keys without values',
      () => F.scaledDotProductAttention(torch.ones(2, 3), torch.ones(4, 3), torch.ones(5, 3)),
      /there are 4 keys .* and 5 values/,
    ],
    [
      'a mask of another shape',
      () =>
        F.scaledDotProductAttention(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4, 3), {
          attnMask: torch.ones(3, 4),
        }),
      /^scaledDotProductAttention: .*broadcast/,
    ],
    [
      'a mask of more heads',
      () =>
        F.scaledDotProductAttention(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4, 3), {
          attnMask: torch.ones(5, 2, 4),
        }),
      /attnMask .* does not broadcast to the scores/,
    ],
    [
      'a mask beside isCausal',
      () =>
        F.scaledDotProductAttention(torch.ones(2, 3), torch.ones(2, 3), torch.ones(2, 3), {
          attnMask: torch.ones(2, 2),
          isCausal: true,
        }),
      /attnMask and isCausal exclude each other/,
    ],
    [
      'whole numbers',
      () =>
        F.scaledDotProductAttention(
          torch.ones(2, 3).to('int32'),
          torch.ones(2, 3).to('int32'),
          torch.ones(2, 3).to('int32'),
        ),
      /query is int32; convert it with/,
    ],
    [
      'a vector',
      () => F.scaledDotProductAttention(torch.ones(3), torch.ones(2, 3), torch.ones(2, 3)),
      /query has shape .*; expected at least 2 dimensions/,
    ],
  ] as const)('%s are refused', ([, call, message]) => {
    expect(call).toThrow(message);
  });
});
