/**
 * Intent: every algorithm of reductions, softmax and running totals agrees with the float64 reference of the graph's
 * operation, over strided inputs and rows too, within what rounding may do; numbers that are not finite reach the
 * outputs that they belong to, and those alone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DType } from '../../src/base/dtype.ts';
import { candidateId, candidates, slotsOf, toleranceOfPlan } from '../../src/dnn/choice/candidates.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import type { ReductionName } from '../../src/dnn/reduce/accumulator.ts';
import type { ReduceDescriptor, Walk } from '../../src/dnn/reduce/descriptor.ts';
import { reduceProblem } from '../../src/dnn/reduce/problem.ts';
import type { RowsDescriptor } from '../../src/dnn/rows/descriptor.ts';
import { rowsProblem } from '../../src/dnn/rows/problem.ts';
import type { Device } from '../../src/gpu/device.ts';
import { openTestDevice } from '../support/device.ts';
import { randomNumbers } from '../support/numbers.ts';
import { rounded, runJob } from '../support/run.ts';

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

type Inputs = Readonly<Record<string, Float64Array>>;

const inputsOf = ({ operands }: Problem): Inputs =>
  Object.fromEntries(
    operands
      .filter(({ access }) => access === 'read')
      .map(({ role, elements, dtype, example }, i) => [
        role,
        rounded(dtype, example?.() ?? randomNumbers(elements, i)),
      ]),
  );

const truthOf = (problem: Problem, inputs: Inputs): Float64Array =>
  problem.reference(
    inputs,
    Uint32Array.from({ length: problem.operands[1].elements }, (_, i) => i),
  );

/** What a plan writes; its operands are x, y, and perhaps what it tells wrong results by. */
async function written(problem: Problem, plan: Plan, inputs: Inputs): Promise<Float64Array> {
  const [x, ...others] = problem.operands;
  const [y] = await runJob(device, {
    what: `${candidateId(plan)} on ${problem.description}`,
    inputs: [{ data: inputs[x.role], dtype: x.dtype }],
    outputs: others.map(({ elements, dtype }) => ({ length: elements, dtype })),
    workspace: plan.workspace,
    launches: plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan)),
  });
  return y;
}

async function expectAllRight(problem: Problem): Promise<void> {
  const inputs = inputsOf(problem);
  const truth = truthOf(problem, inputs);
  const rms = Math.sqrt(truth.reduce((sum, v) => sum + v * v, 0) / truth.length) || 1;
  const { plans } = candidates(problem, device);
  expect(plans.map(({ algorithm }) => algorithm.name)).toContain('SERIAL');
  for (const plan of plans) {
    const y = await written(problem, plan, inputs);
    const error = y.reduce((worst, v, i) => Math.max(worst, Math.abs(v - truth[i])), 0) / rms;
    expect(error, candidateId(plan)).toBeLessThanOrEqual(toleranceOfPlan(problem, plan));
  }
}

const walk = (sizes: number[], strides: number[]): Walk => ({ sizes, strides });
const reduction = (name: ReductionName, more: Partial<ReduceDescriptor> = {}): Problem =>
  reduceProblem({
    name,
    kept: walk([5], [70]),
    along: walk([70], [1]),
    offset: 0,
    dtype: 'float32',
    result: name.startsWith('arg') ? 'int64' : name === 'any' || name === 'all' ? 'bool' : 'float32',
    ...(name === 'variance' && { correction: 1 }),
    asserts: false,
    ...more,
  });

const names = ['all', 'amax', 'amin', 'any', 'argmax', 'argmin', 'mean', 'prod', 'sum', 'variance'] as const;

describe('reductions', () => {
  test.for(names)('%s, by every algorithm', async (name) => {
    await expectAllRight(reduction(name));
    await expectAllRight(reduction(name, { kept: walk([2], [1300]), along: walk([1300], [1]) }));
    if (device.features.has('shader-f16'))
      await expectAllRight(
        reduction(name, {
          dtype: 'float16',
          ...(name !== 'any' && name !== 'all' && { result: name.startsWith('arg') ? 'int64' : 'float16' }),
        }),
      );
  });

  test.for([
    ['columns', { kept: walk([70], [1]), along: walk([5], [70]) }],
    ['channels of a batch', { kept: walk([3], [40]), along: walk([6, 40], [120, 1]) }],
    [
      'four dimensions of each kind',
      { kept: walk([2, 3, 2, 2], [432, 72, 12, 2]), along: walk([2, 3, 2, 2], [216, 24, 6, 1]) },
    ],
    ['backward from an offset', { kept: walk([], []), along: walk([600], [-2]), offset: 1198 }],
    ['single elements', { kept: walk([9], [1]), along: walk([], []) }],
  ] as const)('%s', async ([, layout]) => {
    for (const name of ['mean', 'argmax', 'variance'] as const)
      await expectAllRight(reduction(name, { ...layout, ...(name === 'variance' && { correction: 0 }) }));
  });

  test('integers, and totals that tell when they are beyond int32', async () => {
    const whole = { dtype: 'int32', result: 'int64' } as const;
    for (const name of ['sum', 'prod'] as const)
      for (const asserts of [false, true])
        await expectAllRight(reduction(name, { ...whole, asserts, kept: walk([3], [600]), along: walk([600], [1]) }));
    for (const name of ['amax', 'argmin', 'all'] as const)
      await expectAllRight(reduction(name, { dtype: 'int32', result: name === 'all' ? 'bool' : 'int32' }));
  });

  test('what is not finite stays with its output', async () => {
    for (const name of ['sum', 'mean', 'amax', 'amin', 'variance'] as const) {
      const problem = reduction(name, { kept: walk([4], [600]), along: walk([600], [1]) });
      const x = inputsOf(problem).x.slice();
      [x[10], x[700], x[1300]] = [NaN, Infinity, -Infinity];
      const truth = truthOf(problem, { x });
      for (const plan of candidates(problem, device).plans) {
        const y = await written(problem, plan, { x });
        expect(Array.from(y, kindOf), candidateId(plan)).toEqual(Array.from(truth, kindOf));
      }
    }
  });
});

const kindOf = (v: number): number => (Number.isFinite(v) ? 0 : v);

const rows = (name: RowsDescriptor['name'], more: Partial<RowsDescriptor> = {}): Problem => {
  const dtype: DType = more.dtype ?? 'float32';
  return rowsProblem({ name, rows: 6, length: 70, inner: 1, dtype, result: dtype, asserts: false, ...more });
};

describe('along rows', () => {
  test.for(['softmax', 'logSoftmax', 'cumsum', 'cumprod'] as const)('%s, by every algorithm', async (name) => {
    await expectAllRight(rows(name));
    await expectAllRight(rows(name, { length: 1 }));
    await expectAllRight(rows(name, { length: 5, rows: 130 }));
    await expectAllRight(rows(name, { inner: 3, length: 300 }));
    if (device.features.has('shader-f16')) await expectAllRight(rows(name, { dtype: 'float16' }));
  });

  test('running totals of integers, backward, and such as tell when they are beyond int32', async () => {
    for (const name of ['cumsum', 'cumprod'] as const)
      for (const asserts of [false, true]) await expectAllRight(rows(name, { dtype: 'int32', reverse: true, asserts }));
  });

  test('what is not finite stays in its row', async () => {
    const problem = rows('softmax');
    const x = inputsOf(problem).x.slice();
    [x[10], x[80], x[150]] = [NaN, Infinity, -Infinity];
    const truth = truthOf(problem, { x });
    for (const plan of candidates(problem, device).plans) {
      const y = await written(problem, plan, { x });
      expect(Array.from(y, kindOf), candidateId(plan)).toEqual(Array.from(truth, kindOf));
    }
  });
});
