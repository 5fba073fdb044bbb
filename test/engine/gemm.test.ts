/**
 * Intent: every matmul algorithm, in every configuration on the fastest adapter, agrees with float64 on odd sizes,
 * transposed operands, batches that share an operand, results with gaps between rows, and every kind of bias; and
 * writes nothing else.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Epilogue, FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { GemmDescriptor, GemmOptions } from '../../src/dnn/gemm/descriptor.ts';
import { describeGemm, gemmDescriptor, transposed } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import type { Device } from '../../src/gpu/device.ts';
import { inTurn } from '../support/combinations.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import { randomNumbers, relativeError } from '../support/numbers.ts';
import { rounded, runJob } from '../support/run.ts';

const biased: Epilogue = { bias: true, residual: false, activation: 'relu' };

const cases: [M: number, N: number, K: number, options?: GemmOptions][] = [
  [1, 1, 1],
  [5, 7, 3],
  [16, 16, 16],
  [33, 65, 17],
  [1, 130, 40],
  [130, 1, 9],
  [70, 200, 24],
  [8, 8, 300],
  [20, 37, 515],
  [24, 132, 20],
  [12, 20, 9, { a: transposed(12) }],
  [12, 20, 9, { b: transposed(9) }],
  [34, 70, 21, { a: transposed(34), b: transposed(21) }],
  [7, 9, 130, { a: transposed(7), b: transposed(130) }],
  [6, 10, 8, { outer: 3, inner: 2 }],
  [6, 10, 8, { outer: 3, inner: 2, a: { outer: 0 } }],
  [6, 10, 200, { inner: 3, b: { inner: 0 } }],
  [9, 11, 12, { epilogue: biased }],
  [9, 11, 12, { inner: 2, channel: 'row', epilogue: biased }],
  [10, 12, 260, { inner: 2, channel: 'row', epilogue: { bias: true, residual: true, activation: 'identity' } }],
];

const adapters = await softwareAdapters();

describe.each(adapters)('matmul on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(name);
  });
  afterAll(() => device.destroy());

  describe.each<FloatType>(['float32', 'float16'])('%s', (dtype) => {
    test.for(
      cases
        .map(([M, N, K, options]) => gemmDescriptor(M, N, K, { ...options, dtype }))
        .map((d, i) => [describeGemm(d), d, i] as const),
    )('%s', async ([, d, i], { skip }) => {
      skip(dtype === 'float16' && !device.features.has('shader-f16'), 'the adapter has no shader-f16');
      await verify(device, d, i, name === adapters[0] && dtype === 'float32');
    });
  });

  test('a result with gaps between its rows leaves them alone', async () => {
    const d = gemmDescriptor(5, 6, 8, { c: { row: 10 } });
    for (const algorithm of gemmProblem(d).algorithms) {
      if (algorithm.supports(d, device) !== true) continue;
      for (const config of algorithm.configs(d, device)) {
        const [c] = await runJob(device, {
          what: algorithm.name,
          inputs: [
            { data: randomNumbers(40, 1), dtype: 'float32' },
            { data: randomNumbers(48, 2), dtype: 'float32' },
          ],
          outputs: [{ length: 50, dtype: 'float32' }],
          launches: algorithm.launches(d, config, { a: 0, b: 1, c: 2, workspace: [] }),
        });
        expect(
          [...c].map((v, i) => Number.isNaN(v) === i % 10 >= 6),
          `${algorithm.name} ${config.label}`,
        ).not.toContain(false);
      }
    }
  });
});

async function verify(device: Device, d: GemmDescriptor, turn: number, thorough: boolean): Promise<void> {
  const problem = gemmProblem(d);
  const inputs = Object.fromEntries(
    problem.operands
      .filter(({ access }) => access === 'read')
      .map(({ role, elements }, i) => [role, rounded(d.dtype, randomNumbers(elements, i + 1))]),
  );
  const { elements } = problem.operands.find(({ role }) => role === 'c')!;
  const reference = problem.reference(
    inputs,
    Uint32Array.from({ length: elements }, (_, i) => i),
  );
  const roles = Object.keys(inputs);
  const slots = { a: 0, b: 1, bias: roles.indexOf('bias'), residual: roles.indexOf('residual'), c: roles.length };
  for (const algorithm of problem.algorithms) {
    if (algorithm.supports(d, device) !== true) continue;
    for (const config of inTurn(algorithm.configs(d, device), turn, thorough)) {
      const what = `${algorithm.name} ${config.label} ${config.mathType} on ${describeGemm(d)}`;
      const workspace = algorithm.workspace(d, config);
      const [c] = await runJob(device, {
        what,
        inputs: roles.map((role) => ({ data: inputs[role], dtype: d.dtype })),
        outputs: [{ length: elements, dtype: d.dtype }],
        workspace,
        launches: algorithm.launches(d, config, { ...slots, workspace: workspace.map((_, i) => roles.length + 1 + i) }),
      });
      expect(relativeError(c, reference), what).toBeLessThan(
        gates[config.mathType] * (config.mathType === 'HALF_ARITHMETIC' ? Math.sqrt(d.K) + 1 : 1),
      );
    }
  }
}

/** Float16 sums round by 2⁻¹¹ a term, which grows with the root of the length. */
const gates = { FMA: 2e-5, HALF: 3e-3, HALF_ARITHMETIC: 4 * 2 ** -11 };
