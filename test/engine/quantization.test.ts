/**
 * @file Intent: both kernels of an 8-bit product, by the definition and four elements to a word, give the reference's
 * exact sums under every zero point; and what is no quantised tensor, scale or zero point is refused where it is
 * written.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/shape.ts';
import type { DeviceTraits } from '../../src/dnn/algorithm.ts';
import { convSizes } from '../../src/dnn/conv2d/descriptor.ts';
import type { Int8Job } from '../../src/dnn/int8/launches.ts';
import { int8Conv2d, int8Matmul } from '../../src/dnn/int8/launches.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Launch } from '../../src/gpu/kernel.ts';
import { intConv2d, intMatmul } from '../../src/graph/ops/int8.ts';
import type { Op, Operand } from '../../src/graph/types.ts';
import { F, torch } from '../../src/torch/index.ts';
import { openTestDevice } from '../support/device.ts';
import { describeWith } from '../support/needs.ts';
import { randomNumbers } from '../support/numbers.ts';
import { runJob } from '../support/run.ts';

const language = 'packed_4x8_integer_dot_product';

type Byte = 'int8' | 'uint8';

/** All levels of a dtype, at random. */
const levels = (shape: readonly number[], dtype: Byte, seed: number): Operand => ({
  shape,
  dtype,
  data: randomNumbers(sizeOf(shape), seed).map(
    (v) => (Math.floor(Math.abs(v) * 4096) & 255) - (dtype === 'int8' ? 128 : 0),
  ),
});
const whole = (values: readonly number[], shape: readonly number[] = []): Operand => ({
  shape,
  dtype: 'int32',
  data: Float64Array.from(values),
});

/** None, one each, and one for each output channel. */
const zeroPoints = (channels: number, dtype: Byte): readonly Operand[][] => [
  [],
  [whole([dtype === 'int8' ? -128 : 255]), whole([127])],
  [
    whole([3]),
    whole(
      Array.from({ length: channels }, (_, i) => 7 * i - 20),
      [channels],
    ),
  ],
];

describeWith(['adapter'], 'the kernels', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  const ways = (): DeviceTraits[] =>
    [language, ''].map((feature) => ({
      features: new Set(device.features.has(feature) ? [feature] : []),
      limits: device.limits,
    }));

  /** The sums by both kernels; slots are x, w, the zero points, y, then workspace. */
  async function sums(
    what: string,
    inputs: readonly Operand[],
    length: number,
    launches: (job: Int8Job) => Launch[],
  ): Promise<{ labels: string; got: Float64Array }[]> {
    const results = [];
    for (const traits of ways()) {
      const workspace: number[] = [];
      const temporary = (bytes: number): number => inputs.length + workspace.push(bytes);
      const operand = (slot: number) => ({
        slot,
        offset: 0,
        strides: [0, 0, 0] as const,
        unsigned: inputs[slot].dtype === 'uint8',
      });
      const zeros = inputs.length > 2 ? { x: 2, w: 3, byChannel: inputs[3].data.length > 1 } : undefined;
      const made = launches({
        x: operand(0),
        w: operand(1),
        y: inputs.length,
        zeroPoints: zeros,
        device: traits,
        temporary,
      });
      const [got] = await runJob(device, {
        what,
        workspace,
        launches: made,
        inputs: inputs.map(({ data }) => ({ data, dtype: 'int32' })),
        outputs: [{ length, dtype: 'int32' }],
      });
      results.push({ labels: made.map(({ kernel }) => kernel.label).join(' '), got });
    }
    return results;
  }

  async function expectSums<A>(
    op: Op<A>,
    attrs: A,
    [x, w]: [Operand, Operand],
    channels: number,
    launches: (job: Int8Job) => Launch[],
  ): Promise<void> {
    for (const zeros of zeroPoints(channels, x.dtype as Byte)) {
      const inputs = [x, w, ...zeros];
      const y = op.infer(inputs, attrs);
      const expected = op.reference!(inputs, attrs, y);
      for (const { labels, got } of await sums(op.name, inputs, expected.length, launches))
        expect({ labels, got }).toEqual({ labels, got: expected });
    }
  }

  test.each([
    [1, 1, 1],
    [3, 5, 4],
    [7, 9, 13],
    [17, 33, 64],
    [2, 3, 129],
  ])('matmul %i×%i, %i terms', async (M, N, K) => {
    for (const dtype of ['int8', 'uint8'] as const) {
      const operands: [Operand, Operand] = [levels([M, K], dtype, 1), levels([K, N], 'int8', 2)];
      await expectSums(intMatmul, {}, operands, N, (job) =>
        int8Matmul([M, N, K], { ...job, x: { ...job.x, strides: [K, 1, 0] }, w: { ...job.w, strides: [0, N, 1] } }),
      );
    }
  });

  const convolutions = [
    { x: [2, 4, 7, 9], w: [3, 4, 3, 3], padding: [1, 1, 1, 1] },
    { x: [1, 7, 8, 5], w: [5, 7, 2, 3], padding: [0, 2, 1, 0] },
    { x: [2, 10, 6, 6], w: [4, 5, 3, 3], groups: 2, padding: [1, 1, 1, 1] },
    { x: [1, 6, 9, 8], w: [6, 1, 3, 3], groups: 6, stride: [2, 1] },
    { x: [1, 8, 11, 12], w: [2, 8, 3, 2], stride: [1, 3], dilation: [2, 4] },
  ] as const;

  test.each(convolutions)('conv2d: $x with $w', async (given) => {
    const attrs = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1, ...given } as const;
    const geometry = { ...attrs, x: given.x, w: given.w };
    const across = ([, along, ...inner]: readonly number[], groups: number) =>
      [(along / groups) * sizeOf(inner), sizeOf(inner), 1] as const;
    for (const dtype of ['int8', 'uint8'] as const) {
      const operands: [Operand, Operand] = [levels(given.x, dtype, 3), levels(given.w, 'int8', 4)];
      await expectSums(intConv2d, attrs, operands, given.w[0], (job) =>
        int8Conv2d(convSizes(geometry), {
          ...job,
          x: { ...job.x, strides: across(given.x, attrs.groups) },
          w: { ...job.w, strides: across(given.w, 1) },
        }),
      );
    }
  });

  test('words are taken where the language has them and four terms follow each other', async ({ skip }) => {
    skip(!device.features.has(language), `the shading language has no ${language}`);
    const labels = async (K: number): Promise<string[]> =>
      (
        await sums('matmul', [levels([2, K], 'int8', 1), levels([K, 2], 'int8', 2)], 4, (job) =>
          int8Matmul([2, 2, K], { ...job, x: { ...job.x, strides: [K, 1, 0] }, w: { ...job.w, strides: [0, 2, 1] } }),
        )
      ).map((result) => result.labels);
    expect(await labels(4)).toEqual(['int8/pack int8/pack int8/2_matmul_packed', 'int8/1_matmul']);
    expect(await labels(3)).toEqual(['int8/1_matmul', 'int8/1_matmul']);
  });
});

describe('what is refused', () => {
  const x = torch.ones(2, 3);
  const q = x.to('int8');
  const given = { inputScale: 0.1, weightScale: 0.1, scale: 0.1 };
  const image = torch.ones(1, 4, 5, 5).to('uint8');
  const filters = torch.ones(2, 4, 3, 3).to('int8');

  test.each<[string, () => unknown]>([
    [
      "quantizePerTensor: needs a floating dtype, got int32; convert with .to('float32')",
      () => torch.quantizePerTensor(x.to('int32'), 1, 0, 'int8'),
    ],
    [
      "quantizePerTensor: dtype is 'int16', not a quantised dtype; give 'int8' or 'uint8'",
      () => torch.quantizePerTensor(x, 1, 0, 'int16' as never),
    ],
    [
      'quantizePerTensor: scale 0 is not a positive number; it is the distance of two levels, such as (max − min) / 255',
      () => torch.quantizePerTensor(x, 0, 0, 'int8'),
    ],
    ['quantizePerTensor: scale -1 is not a positive number', () => torch.quantizePerTensor(x, -1, 0, 'int8')],
    ['quantizePerTensor: scale NaN is not a positive number', () => torch.quantizePerTensor(x, NaN, 0, 'int8')],
    [
      'quantizePerTensor: scale Infinity is not a positive number',
      () => torch.quantizePerTensor(x, Infinity, 0, 'int8'),
    ],
    [
      'quantizePerTensor: zeroPoint 128 is not a whole number from -128 to 127',
      () => torch.quantizePerTensor(x, 1, 128, 'int8'),
    ],
    [
      'quantizePerTensor: zeroPoint -1 is not a whole number from 0 to 255',
      () => torch.quantizePerTensor(x, 1, -1, 'uint8'),
    ],
    [
      'quantizePerTensor: zeroPoint 0.5 is not a whole number from 0 to 255',
      () => torch.quantizePerTensor(x, 1, 0.5, 'uint8'),
    ],
    [
      'quantizePerTensor: scale has shape [3]; expected 1 element',
      () => torch.quantizePerTensor(x, torch.ones(3), 0, 'int8'),
    ],
    [
      'quantizePerTensor: scale: needs a floating dtype, got int32',
      () => torch.quantizePerTensor(x, torch.ones(1).to('int32'), 0, 'int8'),
    ],
    [
      'quantizePerTensor: zeroPoint is float32; zero points are whole numbers, convert with .long()',
      () => torch.quantizePerTensor(x, 1, torch.zeros(1), 'int8'),
    ],
    [
      'quantizePerChannel: scale has shape [2]; expected 3 elements, one for each channel',
      () => torch.quantizePerChannel(x, torch.ones(2), torch.zeros(3).to('int32'), 1, 'int8'),
    ],
    [
      'quantizePerChannel: zeroPoint has shape [2]; expected 3 elements',
      () => torch.quantizePerChannel(x, torch.ones(3), torch.zeros(2).to('int32'), 1, 'int8'),
    ],
    [
      'quantizePerChannel: dim 2 is out of range',
      () => torch.quantizePerChannel(x, torch.ones(3), torch.zeros(3).to('int32'), 2, 'int8'),
    ],
    [
      'dequantizePerTensor: input is float32; expected int8 or uint8, as quantizePerTensor gives it',
      () => torch.dequantizePerTensor(x, 1, 0),
    ],
    [
      'dequantizePerChannel: dim -3 is out of range',
      () => torch.dequantizePerChannel(q, torch.ones(3), torch.zeros(3).to('int32'), -3),
    ],
    [
      'fakeQuantizePerTensorAffine: needs a floating dtype, got int8',
      () => torch.fakeQuantizePerTensorAffine(q, 1, 0, -8, 7),
    ],
    [
      'fakeQuantizePerTensorAffine: quantMin 7 is above quantMax -8',
      () => torch.fakeQuantizePerTensorAffine(x, 1, 0, 7, -8),
    ],
    [
      'fakeQuantizePerTensorAffine: quantMin -2147483648 is not a whole number that float32 can count to',
      () => torch.fakeQuantizePerTensorAffine(x, 1, 0, -(2 ** 31), 7),
    ],
    [
      'fakeQuantizePerTensorAffine: quantMax is 7.5, not a whole number; give a whole number',
      () => torch.fakeQuantizePerTensorAffine(x, 1, 0, 0, 7.5),
    ],
    [
      'fakeQuantizePerTensorAffine: zeroPoint 9 is not a whole number from -8 to 7',
      () => torch.fakeQuantizePerTensorAffine(x, 1, 9, -8, 7),
    ],
    [
      'chooseQparams: a tensor of shape [0, 3] has no elements to choose by',
      () => torch.chooseQparams(torch.zeros(0, 3)),
    ],
    ['chooseQparams: needs a floating dtype, got int8', () => torch.chooseQparams(q)],
    ['intMm: operands are int8 and float32; both must be int8', () => torch.intMm(q, x)],
    ['intMm: [2, 3] has 3 columns and [2, 3] has 2 rows; they must be equal', () => torch.intMm(q, q)],
    ['intMm: shapes [2, 3] and [6]; expected 2 dimensions each', () => torch.intMm(q, q.reshape(-1))],
    [
      'quantizedConv2d: input is float32; expected int8 or uint8',
      () => F.quantizedConv2d(image.to('float32'), filters, null, given),
    ],
    [
      'quantizedConv2d: weight is uint8; expected int8',
      () => F.quantizedConv2d(image, filters.to('uint8'), null, given),
    ],
    [
      'quantizedConv2d: weight has shape [2, 4]; expected 4 dimensions',
      () => F.quantizedConv2d(image, torch.ones(2, 4).to('int8'), null, given),
    ],
    [
      'quantizedConv2d: weight expects 8 input channels (4 × 2 groups), got 4',
      () => F.quantizedConv2d(image, filters, null, { ...given, groups: 2 }),
    ],
    [
      'quantizedConv2d: the filter reaches over 3 elements',
      () => F.quantizedConv2d(image.slice(2, 0, 2), filters, null, given),
    ],
    [
      'quantizedConv2d: bias has shape [3], expected [2], one for each output channel',
      () => F.quantizedConv2d(image, filters, torch.ones(3), given),
    ],
    [
      'quantizedConv2d: bias: needs a floating dtype, got int32',
      () => F.quantizedConv2d(image, filters, torch.ones(2).to('int32'), given),
    ],
    [
      'quantizedConv2d: weightScale has shape [4]; expected 2 elements, one for each channel',
      () => F.quantizedConv2d(image, filters, null, { ...given, weightScale: torch.ones(4) }),
    ],
    [
      'quantizedConv2d: inputScale is missing; give a number or a tensor',
      () => F.quantizedConv2d(image, filters, null, { weightScale: 1, scale: 1 } as never),
    ],
    [
      'quantizedConv2d: weightZeroPoint 200 is not a whole number from -128 to 127',
      () => F.quantizedConv2d(image, filters, null, { ...given, weightZeroPoint: 200 }),
    ],
    [
      "quantizedConv2d: padding 'same' needs stride 1, got [2, 2]",
      () => F.quantizedConv2d(image, filters, null, { ...given, padding: 'same', stride: 2 }),
    ],
    [
      'quantizedConv2d: unknown option outputScale; known are input, weight, bias, inputScale',
      () => F.quantizedConv2d(image, filters, null, { ...given, outputScale: 1 } as never),
    ],
    [
      'quantizedLinear: the weight [2, 4] takes 4 features, the input has shape [2, 3]',
      () => F.quantizedLinear(q, torch.ones(2, 4).to('int8'), null, given),
    ],
    [
      'quantizedLinear: weight has shape [3]; expected 2 dimensions',
      () => F.quantizedLinear(q, torch.ones(3).to('int8'), null, given),
    ],
  ])('%s', (message, call) => expect(call).toThrow(message));
});
