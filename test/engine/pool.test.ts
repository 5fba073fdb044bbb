/**
 * Intent: every algorithm of pooling and of its gradients agrees with the float64 references of the graph's operations,
 * also under padding, dilation, ceil mode, NaN and windows that see nothing but padding; and so does the reference that
 * the tuner verifies with.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/shape.ts';
import type { FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { PoolDescriptor } from '../../src/dnn/pool/descriptor.ts';
import { candidateId, candidates } from '../../src/dnn/choice/candidates.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import { poolAlgorithms } from '../../src/dnn/pool/table.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Pool2dAttrs } from '../../src/graph/ops/pool2d.ts';
import {
  avgPool2d,
  avgPool2dBackward,
  maxPool2d,
  maxPool2dBackward,
  maxPool2dIndices,
} from '../../src/graph/ops/pool2d.ts';
import { openTestDevice } from '../support/device.ts';
import { randomNumbers } from '../support/numbers.ts';
import { rounded, runJob } from '../support/run.ts';

type Four = [number, number, number, number];

const window = (x: Four, kernel: [number, number], more: Partial<Pool2dAttrs> = {}) => ({
  x,
  attrs: { kernel, stride: kernel, padding: [0, 0], dilation: [1, 1], ceilMode: false, ...more } as Pool2dAttrs,
});

const cases = [
  window([1, 1, 1, 1], [1, 1]),
  window([2, 3, 8, 8], [2, 2]),
  window([1, 5, 9, 7], [3, 2], { stride: [2, 1] }),
  window([2, 4, 11, 11], [3, 3], { stride: [2, 2], padding: [1, 1] }),
  window([1, 2, 10, 9], [3, 3], { stride: [1, 1], padding: [1, 1] }),
  window([1, 2, 7, 10], [3, 3], { stride: [2, 2], ceilMode: true }),
  window([1, 2, 6, 5], [2, 3], { stride: [3, 2], padding: [1, 1], ceilMode: true }),
  window([1, 2, 9, 11], [2, 2], { stride: [4, 3], padding: [1, 1] }),
  window([1, 3, 13, 1], [5, 1], { stride: [1, 1], padding: [2, 0] }),
  window([3, 2, 7, 7], [7, 7]),
  window([1, 2, 25, 20], [23, 13], { stride: [2, 3], padding: [3, 2] }),
];
const dilated = [
  window([1, 2, 12, 9], [3, 2], { stride: [1, 2], dilation: [2, 3], padding: [1, 0] }),
  window([1, 2, 12, 9], [2, 2], { stride: [3, 4], dilation: [2, 3], padding: [1, 1] }),
  window([1, 2, 1, 6], [2, 2], { stride: [1, 1], dilation: [2, 1], padding: [1, 0] }),
];

type Kind = Pick<PoolDescriptor, 'direction' | 'mode' | 'keeps'>;

function descriptor(kind: Kind, dtype: FloatType, [N, C, H, W]: Four, attrs: Pool2dAttrs): PoolDescriptor {
  const [, , P, Q] = maxPool2d.infer([{ shape: [N, C, H, W], dtype }], attrs).shape;
  return {
    ...kind,
    N,
    C,
    H,
    W,
    P,
    Q,
    dtype,
    R: attrs.kernel[0],
    S: attrs.kernel[1],
    strideH: attrs.stride[0],
    strideW: attrs.stride[1],
    padH: attrs.padding[0],
    padW: attrs.padding[1],
    dilationH: attrs.dilation[0],
    dilationW: attrs.dilation[1],
  };
}

describe('pooling', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  const dtypesHere = (): FloatType[] => (device.features.has('shader-f16') ? ['float32', 'float16'] : ['float32']);

  /**
   * What every plan writes, `both` for maxima and their places, given the operands that it reads by role; and what the
   * problem's own reference says.
   */
  async function results(
    d: PoolDescriptor,
    inputs: Readonly<Record<string, Float64Array>>,
    both = false,
  ): Promise<{ name: string; got: Float64Array; places?: Float64Array }[]> {
    const problem = poolProblem(d);
    const roles = problem.operands.filter((o) => o.access === 'read');
    const written = problem.operands.find((o) => o.access === 'write')!;
    const slots = Object.fromEntries([...roles, written].map(({ role }, i) => [role, i]));
    if (both) slots['places'] = roles.length + 1;
    const out: { name: string; got: Float64Array; places?: Float64Array }[] = [
      {
        name: 'the reference',
        got: problem.reference(
          inputs,
          Uint32Array.from({ length: written.elements }, (_, i) => i),
        ),
      },
    ];
    for (const { algorithm, config, workspace } of candidates(problem, device).plans) {
      const name = candidateId({ algorithm, config });
      const [got, places] = await runJob(device, {
        what: name,
        inputs: roles.map(({ role, dtype }) => ({ data: inputs[role], dtype })),
        outputs: [
          { length: written.elements, dtype: written.dtype },
          ...(both ? [{ length: written.elements, dtype: 'int32' } as const] : []),
        ],
        workspace,
        launches: algorithm.launches(d, config, {
          ...slots,
          workspace: workspace.map((_, i) => roles.length + (both ? 2 : 1) + i),
        } as never),
      });
      out.push({ name, got, places });
    }
    return out;
  }

  test.each([...cases, ...dilated])('max: $x, $attrs', async ({ x, attrs }) => {
    for (const dtype of dtypesHere()) {
      const d = descriptor({ direction: 'forward', mode: 'max', keeps: 'value' }, dtype, x, attrs);
      const y = { shape: [d.N, d.C, d.P, d.Q], dtype };
      const data = rounded(dtype, randomNumbers(sizeOf(x), 1));
      const dy = rounded(dtype, randomNumbers(sizeOf(y.shape), 2));
      const values = maxPool2d.reference!([{ shape: x, dtype, data }], attrs, y);
      const places = maxPool2dIndices.reference!([{ shape: x, dtype, data }], attrs, y);
      for (const { name, got } of await results(d, { x: data })) expect([name, got]).toEqual([name, values]);
      for (const { name, got, places: kept = places } of await results(d, { x: data }, true))
        expect([name, got, kept]).toEqual([name, values, places]);
      for (const { name, got } of await results({ ...d, keeps: 'place' }, { x: data }))
        expect([name, got]).toEqual([name, places]);
      if (places.includes(-1)) continue;

      const dx = maxPool2dBackward.reference!(
        [
          { ...y, data: dy },
          { ...y, dtype: 'int32', data: places },
        ],
        { ...attrs, shape: x },
        { shape: x, dtype },
      );
      for (const { name, got } of await results({ ...d, direction: 'backward data' }, { y: dy, places }))
        expectClose(name, got, dx, dtype);
    }
  });

  test('the last NaN wins, and of equal elements the first', async () => {
    const { attrs } = window([1, 1, 4, 24], [4, 8]);
    const data = Float64Array.from({ length: 4 * 24 }, (_, i) => [1, 3, -Infinity][Math.floor((i % 24) / 8)]);
    for (const [place, v] of [
      [9 + 24, 7],
      [12 + 24, 7],
      [1 + 48, NaN],
      [2 + 48, 9],
      [0 + 72, NaN],
    ] as const)
      data[place] = v;
    const d = descriptor({ direction: 'forward', mode: 'max', keeps: 'value' }, 'float32', [1, 1, 4, 24], attrs);
    for (const { name, got } of await results(d, { x: data }))
      expect([name, ...got]).toEqual([name, NaN, 7, -Infinity]);
    for (const { name, got } of await results({ ...d, keeps: 'place' }, { x: data }))
      expect([name, ...got]).toEqual([name, 72, 33, 16]);
  });

  describe.each([true, false])('average, countIncludePad %s', (countIncludePad) => {
    test.each(cases)('$x, $attrs', async ({ x, attrs }) => {
      const mode = countIncludePad ? 'average count include padding' : 'average count exclude padding';
      for (const dtype of dtypesHere()) {
        const d = descriptor({ direction: 'forward', mode, keeps: 'value' }, dtype, x, attrs);
        const y = { shape: [d.N, d.C, d.P, d.Q], dtype };
        const data = rounded(dtype, randomNumbers(sizeOf(x), 3));
        const dy = rounded(dtype, randomNumbers(sizeOf(y.shape), 4));
        const average = { ...attrs, countIncludePad };
        const means = avgPool2d.reference!([{ shape: x, dtype, data }], average, y);
        for (const { name, got } of await results(d, { x: data })) expectClose(name, got, means, dtype);
        const dx = avgPool2dBackward.reference!([{ ...y, data: dy }], { ...average, shape: x }, { shape: x, dtype });
        for (const { name, got } of await results({ ...d, direction: 'backward data' }, { y: dy }))
          expectClose(name, got, dx, dtype);
      }
    });
  });

  test('every algorithm runs somewhere, and elsewhere says why not', () => {
    for (const direction of ['forward', 'backward data'] as const) {
      const answers = [...cases, ...dilated]
        .map(({ x, attrs }) => descriptor({ direction, mode: 'max', keeps: 'value' }, 'float32', x, attrs))
        .flatMap((d) => poolAlgorithms(direction).map((a) => ({ name: a.name, answer: a.supports(d, device) })));
      for (const { name } of poolAlgorithms(direction))
        expect([name, answers.some((a) => a.name === name && a.answer === true)]).toEqual([name, true]);
      for (const { answer } of answers)
        if (answer !== true) expect(answer).toMatch(/^needs .*; (it is|these have|they reach) /);
    }
  });

  test('the tuner fills the places of a gradient with places under their windows', () => {
    const { x, attrs } = dilated[2];
    const problem = poolProblem(
      descriptor({ direction: 'backward data', mode: 'max', keeps: 'value' }, 'float32', x, attrs),
    );
    const places = problem.operands.find((o) => o.role === 'places')!.example!();
    expect(Math.min(...places)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...places)).toBeLessThan(x[2] * x[3]);
  });
});

/** At most 299 terms of at most 1 are summed in float32: some units in the last place of what the dtype stores. */
function expectClose(name: string, got: Float64Array, reference: Float64Array, dtype: FloatType): void {
  const unit = dtype === 'float16' ? 2 ** -11 : 2 ** -24;
  expect([name, got.length]).toEqual([name, reference.length]);
  const worst = got.reduce(
    (worstSoFar, v, i) => Math.max(worstSoFar, Math.abs(v - reference[i]) / Math.max(1, Math.abs(reference[i]))),
    0,
  );
  expect(worst, name).toBeLessThanOrEqual(16 * unit);
}
