/**
 * Intent: pooling and its gradients agree with the float64 references of the graph's operations, also under padding,
 * dilation, ceil mode, NaN and windows that see nothing but padding.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/shape.ts';
import type { FloatType } from '../../src/dnn/epilogue.ts';
import type { PoolDescriptor } from '../../src/dnn/pool/descriptor.ts';
import { averagePool, averagePoolBackward, maxPool, maxPoolBackward } from '../../src/dnn/pool/launches.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Pool2dAttrs } from '../../src/graph/ops/pool2d.ts';
import { avgPool2d, avgPool2dBackward, maxPool2d, maxPool2dBackward, maxPool2dIndices } from '../../src/graph/ops/pool2d.ts';
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
  window([1, 2, 7, 10], [3, 3], { stride: [2, 2], ceilMode: true }),
  window([1, 2, 6, 5], [2, 3], { stride: [3, 2], padding: [1, 1], ceilMode: true }),
  window([1, 3, 13, 1], [5, 1], { stride: [1, 1], padding: [2, 0] }),
  window([3, 2, 7, 7], [7, 7]),
];
const dilated = [
  window([1, 2, 12, 9], [3, 2], { stride: [1, 2], dilation: [2, 3], padding: [1, 0] }),
  window([1, 2, 1, 6], [2, 2], { stride: [1, 1], dilation: [2, 1], padding: [1, 0] }),
];

function descriptor(mode: PoolDescriptor['mode'], dtype: FloatType, [N, C, H, W]: Four, attrs: Pool2dAttrs): PoolDescriptor {
  const [, , P, Q] = maxPool2d.infer([{ shape: [N, C, H, W], dtype }], attrs).shape;
  return {
    mode, N, C, H, W, P, Q, dtype,
    R: attrs.kernel[0], S: attrs.kernel[1],
    strideH: attrs.stride[0], strideW: attrs.stride[1],
    padH: attrs.padding[0], padW: attrs.padding[1],
    dilationH: attrs.dilation[0], dilationW: attrs.dilation[1],
  };
}

describe('pooling', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  const dtypesHere = (): FloatType[] => (device.features.has('shader-f16') ? ['float32', 'float16'] : ['float32']);

  test.each([...cases, ...dilated])('max: $x, $attrs', async ({ x, attrs }) => {
    for (const dtype of dtypesHere()) {
      const d = descriptor('max', dtype, x, attrs);
      const y = { shape: [d.N, d.C, d.P, d.Q], dtype };
      const data = rounded(dtype, randomNumbers(sizeOf(x), 1));
      const dy = rounded(dtype, randomNumbers(sizeOf(y.shape), 2));
      const values = maxPool2d.reference!([{ shape: x, dtype, data }], attrs, y);
      const places = maxPool2dIndices.reference!([{ shape: x, dtype, data }], attrs, y);
      const job = { what: 'max pool', inputs: [{ data, dtype }] };
      const [valueOut, placeOut] = [{ length: dy.length, dtype }, { length: dy.length, dtype: 'int32' as const }];
      expect(await runJob(device, { ...job, outputs: [valueOut], launches: [maxPool(d, { x: 0, y: 1 })] })).toEqual([values]);
      expect(await runJob(device, { ...job, outputs: [placeOut], launches: [maxPool(d, { x: 0, places: 1 })] })).toEqual([places]);
      expect(await runJob(device, { ...job, outputs: [valueOut, placeOut], launches: [maxPool(d, { x: 0, y: 1, places: 2 })] })).toEqual([values, places]);
      if (places.includes(-1)) continue;

      const dx = maxPool2dBackward.reference!([{ ...y, data: dy }, { ...y, dtype: 'int32', data: places }], { ...attrs, shape: x }, { shape: x, dtype });
      const [got] = await runJob(device, {
        what: 'max pool, gradient',
        inputs: [{ data: dy, dtype }, { data: places, dtype: 'int32' }],
        outputs: [{ length: dx.length, dtype }],
        launches: [maxPoolBackward(d, { dy: 0, places: 1, dx: 2 })],
      });
      expectClose(got, dx, dtype);
    }
  });

  test('a NaN wins, and of equal elements the first', async () => {
    const d = descriptor('max', 'float32', [1, 1, 2, 6], window([1, 1, 2, 6], [2, 2]).attrs);
    const data = Float64Array.of(1, NaN, 3, 3, -Infinity, -Infinity, 2, 9, 3, 3, -Infinity, -Infinity);
    const [values, places] = await runJob(device, {
      what: 'max pool', inputs: [{ data, dtype: 'float32' }],
      outputs: [{ length: 3, dtype: 'float32' }, { length: 3, dtype: 'int32' }],
      launches: [maxPool(d, { x: 0, y: 1, places: 2 })],
    });
    expect([...values]).toEqual([NaN, 3, -Infinity]);
    expect([...places]).toEqual([1, 2, 4]);
  });

  describe.each([true, false])('average, countIncludePad %s', (countIncludePad) => {
    test.each(cases)('$x, $attrs', async ({ x, attrs }) => {
      for (const dtype of dtypesHere()) {
        const d = descriptor(countIncludePad ? 'average count include padding' : 'average count exclude padding', dtype, x, attrs);
        const y = { shape: [d.N, d.C, d.P, d.Q], dtype };
        const data = rounded(dtype, randomNumbers(sizeOf(x), 3));
        const dy = rounded(dtype, randomNumbers(sizeOf(y.shape), 4));
        const average = { ...attrs, countIncludePad };
        const [got] = await runJob(device, {
          what: 'average pool', inputs: [{ data, dtype }], outputs: [{ length: dy.length, dtype }], launches: [averagePool(d, { x: 0, y: 1 })],
        });
        expectClose(got, avgPool2d.reference!([{ shape: x, dtype, data }], average, y), dtype);
        const [dx] = await runJob(device, {
          what: 'average pool, gradient', inputs: [{ data: dy, dtype }], outputs: [{ length: data.length, dtype }], launches: [averagePoolBackward(d, { dy: 0, dx: 1 })],
        });
        expectClose(dx, avgPool2dBackward.reference!([{ ...y, data: dy }], { ...average, shape: x }, { shape: x, dtype }), dtype);
      }
    });
  });
});

/** At most 49 terms below 1 are summed in float32: a few units in the last place of what the dtype stores. */
function expectClose(got: Float64Array, reference: Float64Array, dtype: FloatType): void {
  const unit = dtype === 'float16' ? 2 ** -11 : 2 ** -24;
  expect(got.length).toBe(reference.length);
  got.forEach((v, i) => expect(Math.abs(v - reference[i])).toBeLessThanOrEqual(16 * unit * Math.max(1, Math.abs(reference[i]))));
}
