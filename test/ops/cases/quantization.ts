/**
 * @file Quantisation. Levels are whole numbers, so they are compared exactly; scales of whole powers of two put many elements on ties.
 *
 * PyTorch's quantised layers take uint8 activations on x86. Weights stay within 7 bits there, as PyTorch recommends, since
 * some of its kernels add pairs of products in 16 bits. Other operands are checked by dequantising, computing in float64 and quantising.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { Input, Numbers } from '../case.ts';
import { below, f16, f32, fixed, i32, i8, op, permuted, signed, stepped, u8 } from '../case.ts';

/** Multiples of ¼ from −6 to 6: half of them are ties under a scale of ½. */
const quarters: Numbers = (u) => Math.floor(49 * u) / 4 - 6;
/** All 8 bits, and 7 of them, signed. */
const bytes: Numbers = (u) => Math.floor(256 * u) - 128;
const sevenBits: Numbers = (u) => Math.floor(127 * u) - 63;
const byte = below(256);

const x8 = (...shape: number[]): Input => u8(shape, byte);
const w8 = (...shape: number[]): Input => i8(shape, sevenBits);
const real = (shape: readonly number[], numbers: Numbers = signed): Input => fixed(f32(shape, numbers));
const scales = (channels: number): Input => real([channels], (u) => 0.01 + 0.05 * u);
const zeros = (channels: number): Input => i32([channels], (u) => Math.floor(21 * u) - 10);

const beyond = [NaN, -300, 300, 1e9, -1e9, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 127.5, -128.5, 126.5];

/** Parameters as they are found in practice, and some under which every number is exact in float32. */
const uneven = { inputScale: 0.02, inputZeroPoint: 131, weightScale: 0.01, scale: 0.15, zeroPoint: 120 };
const even = { inputScale: 0.25, inputZeroPoint: -3, weightScale: 0.5, scale: 64, zeroPoint: -5 };

export const quantization = [
  ...op('quantizePerTensor', [
    [
      'int8',
      { x: real([3, 5]) },
      ({ x }) => torch.quantizePerTensor(x, 0.02, 5, 'int8'),
      'torch.quantize_per_tensor(x, 0.02, 5, torch.qint8).int_repr()',
    ],
    [
      'uint8',
      { x: real([3, 5]) },
      ({ x }) => torch.quantizePerTensor(x, 0.015, 120, 'uint8'),
      'torch.quantize_per_tensor(x, 0.015, 120, torch.quint8).int_repr()',
    ],
    [
      'ties',
      { x: real([7, 9], quarters) },
      ({ x }) => torch.quantizePerTensor(x, 0.5, -3, 'int8'),
      'torch.quantize_per_tensor(x, 0.5, -3, torch.qint8).int_repr()',
    ],
    [
      'ties of tenths',
      { x: real([7, 9], (u) => Math.fround((Math.floor(41 * u) - 20.5) / 10)) },
      ({ x }) => torch.quantizePerTensor(x, 0.1, 0, 'int8'),
      'torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).int_repr()',
    ],
    [
      'saturation',
      { x: real([14], beyond) },
      ({ x }) => torch.quantizePerTensor(x, 1, 0, 'int8'),
      'torch.quantize_per_tensor(x, 1, 0, torch.qint8).int_repr()',
    ],
    [
      'saturation, uint8',
      { x: real([14], beyond) },
      ({ x }) => torch.quantizePerTensor(x, 0.5, 7, 'uint8'),
      'torch.quantize_per_tensor(x, 0.5, 7, torch.quint8).int_repr()',
    ],
    [
      'permuted',
      { x: permuted(real([2, 3, 5])) },
      ({ x }) => torch.quantizePerTensor(x, 0.03, 0, 'int8'),
      'torch.quantize_per_tensor(x, 0.03, 0, torch.qint8).int_repr()',
    ],
    [
      'stepped',
      { x: stepped(real([3, 4])) },
      ({ x }) => torch.quantizePerTensor(x, 0.03, 1, 'uint8'),
      'torch.quantize_per_tensor(x, 0.03, 1, torch.quint8).int_repr()',
    ],
    [
      'nothing',
      { x: real([0, 3]) },
      ({ x }) => torch.quantizePerTensor(x, 1, 0, 'int8'),
      'torch.quantize_per_tensor(x, 1, 0, torch.qint8).int_repr()',
    ],
    [
      'a scalar',
      { x: real([]) },
      ({ x }) => torch.quantizePerTensor(x, 0.1, 0, 'int8'),
      'torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).int_repr()',
    ],
    [
      'halves',
      { x: fixed(f16([3, 5])) },
      ({ x }) => torch.quantizePerTensor(x, 0.02, 0, 'int8'),
      'torch.quantize_per_tensor(x, 0.02, 0, torch.qint8).int_repr()',
    ],
    [
      'parameters of tensors',
      { x: real([9]), s: real([1], [0.25]), z: i32([1], [4]) },
      ({ x, s, z }) => torch.quantizePerTensor(x, s, z, 'uint8'),
      'torch.quantize_per_tensor(x, s.reshape(()), z.reshape(()), torch.quint8).int_repr()',
    ],
  ]),
  ...op('quantizePerChannel', [
    [
      'first',
      { x: real([4, 3]), s: scales(4), z: zeros(4) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'int8'),
      'torch.quantize_per_channel(x, s, z, 0, torch.qint8).int_repr()',
    ],
    [
      'middle',
      { x: real([2, 3, 5]), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 1, 'int8'),
      'torch.quantize_per_channel(x, s, z, 1, torch.qint8).int_repr()',
    ],
    [
      'last, from the end',
      { x: real([2, 5]), s: scales(5), z: zeros(5) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, -1, 'int8'),
      'torch.quantize_per_channel(x, s, z, 1, torch.qint8).int_repr()',
    ],
    [
      'uint8',
      { x: real([3, 7]), s: scales(3), z: i32([3], [0, 128, 255]) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'uint8'),
      'torch.quantize_per_channel(x, s, z, 0, torch.quint8).int_repr()',
    ],
    [
      'ties and saturation',
      { x: real([2, 14], [...beyond, ...beyond]), s: real([2], [1, 0.5]), z: i32([2], [0, 3]) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'int8'),
      'torch.quantize_per_channel(x, s, z, 0, torch.qint8).int_repr()',
    ],
    [
      'permuted',
      { x: permuted(real([4, 3, 2])), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 1, 'int8'),
      'torch.quantize_per_channel(x, s, z, 1, torch.qint8).int_repr()',
    ],
    [
      'stepped',
      { x: stepped(real([3, 4])), s: stepped(scales(3)), z: stepped(zeros(3)) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'int8'),
      'torch.quantize_per_channel(x.contiguous(), s, z, 0, torch.qint8).int_repr()',
    ],
    [
      'nothing',
      { x: real([3, 0]), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'int8'),
      'torch.quantize_per_channel(x, s, z, 0, torch.qint8).int_repr()',
    ],
    [
      'one channel',
      { x: real([1, 5]), s: scales(1), z: zeros(1) },
      ({ x, s, z }) => torch.quantizePerChannel(x, s, z, 0, 'int8'),
      'torch.quantize_per_channel(x, s, z, 0, torch.qint8).int_repr()',
    ],
  ]),
  ...op('dequantizePerTensor', [
    [
      'int8',
      { q: i8([16, 16], bytes) },
      ({ q }) => torch.dequantizePerTensor(q, 0.02, 5),
      'torch._make_per_tensor_quantized_tensor(q, 0.02, 5).dequantize()',
    ],
    [
      'uint8',
      { q: u8([16, 16], byte) },
      ({ q }) => torch.dequantizePerTensor(q, 0.015, 120),
      'torch._make_per_tensor_quantized_tensor(q, 0.015, 120).dequantize()',
    ],
    [
      'no zero point',
      { q: i8([3, 5], bytes) },
      ({ q }) => torch.dequantizePerTensor(q, 0.1, 0),
      'torch._make_per_tensor_quantized_tensor(q, 0.1, 0).dequantize()',
    ],
    [
      'permuted',
      { q: permuted(i8([2, 3, 5], bytes)) },
      ({ q }) => torch.dequantizePerTensor(q, 0.1, -7),
      'torch._make_per_tensor_quantized_tensor(q, 0.1, -7).dequantize()',
    ],
    [
      'stepped',
      { q: stepped(u8([3, 4], byte)) },
      ({ q }) => torch.dequantizePerTensor(q, 0.1, 255),
      'torch._make_per_tensor_quantized_tensor(q.contiguous(), 0.1, 255).dequantize()',
    ],
    [
      'nothing',
      { q: i8([0, 3]) },
      ({ q }) => torch.dequantizePerTensor(q, 0.1, 0),
      'torch._make_per_tensor_quantized_tensor(q, 0.1, 0).dequantize()',
    ],
    [
      'a scalar',
      { q: i8([]) },
      ({ q }) => torch.dequantizePerTensor(q, 0.1, 3),
      'torch._make_per_tensor_quantized_tensor(q, 0.1, 3).dequantize()',
    ],
    [
      'there and back',
      { x: real([5, 7]) },
      ({ x }) => torch.dequantizePerTensor(torch.quantizePerTensor(x, 0.02, 9, 'uint8'), 0.02, 9),
      'torch.quantize_per_tensor(x, 0.02, 9, torch.quint8).dequantize()',
    ],
    [
      'parameters of tensors',
      { q: i8([3, 5], bytes), s: real([1], [0.3]), z: i32([], [-2]) },
      ({ q, s, z }) => torch.dequantizePerTensor(q, s, z),
      'torch._make_per_tensor_quantized_tensor(q, 0.3, -2).dequantize()',
    ],
  ]),
  ...op('dequantizePerChannel', [
    [
      'first',
      { q: i8([4, 9], bytes), s: scales(4), z: zeros(4) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 0),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 0).dequantize()',
    ],
    [
      'middle',
      { q: i8([2, 3, 5], bytes), s: scales(3), z: zeros(3) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 1),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 1).dequantize()',
    ],
    [
      'last, from the end',
      { q: i8([2, 5], bytes), s: scales(5), z: zeros(5) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, -1),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 1).dequantize()',
    ],
    [
      'uint8',
      { q: u8([3, 7], byte), s: scales(3), z: i32([3], [0, 128, 255]) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 0),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 0).dequantize()',
    ],
    [
      'permuted',
      { q: permuted(i8([4, 3, 2], bytes)), s: scales(3), z: zeros(3) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 1),
      'torch._make_per_channel_quantized_tensor(q.contiguous(), s.double(), z.long(), 1).dequantize()',
    ],
    [
      'stepped',
      { q: stepped(i8([3, 4], bytes)), s: scales(3), z: stepped(zeros(3)) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 0),
      'torch._make_per_channel_quantized_tensor(q.contiguous(), s.double(), z.long(), 0).dequantize()',
    ],
    [
      'nothing',
      { q: i8([3, 0]), s: scales(3), z: zeros(3) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 0),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 0).dequantize()',
    ],
    [
      'one channel',
      { q: i8([1, 5], bytes), s: scales(1), z: zeros(1) },
      ({ q, s, z }) => torch.dequantizePerChannel(q, s, z, 0),
      'torch._make_per_channel_quantized_tensor(q, s.double(), z.long(), 0).dequantize()',
    ],
  ]),
  ...op('fakeQuantizePerTensorAffine', [
    [
      'int8',
      { x: f32([3, 5]) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.02, 5, -128, 127),
      'torch.fake_quantize_per_tensor_affine(x, 0.02, 5, -128, 127)',
    ],
    [
      'uint8',
      { x: f32([3, 5]) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.01, 120, 0, 255),
      'torch.fake_quantize_per_tensor_affine(x, 0.01, 120, 0, 255)',
    ],
    [
      'four bits, saturated',
      { x: f32([7, 9]) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.2, 0, -8, 7),
      'torch.fake_quantize_per_tensor_affine(x, 0.2, 0, -8, 7)',
    ],
    [
      'ties',
      { x: f32([7, 9], quarters) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.5, -3, -8, 7),
      'torch.fake_quantize_per_tensor_affine(x, 0.5, -3, -8, 7)',
    ],
    [
      'beyond',
      { x: f32([14], beyond) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 1, 3, -128, 127),
      'torch.fake_quantize_per_tensor_affine(x, 1.0, 3, -128, 127)',
    ],
    [
      'permuted',
      { x: permuted(f32([2, 3, 5])) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.1, 0, -16, 15),
      'torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -16, 15)',
    ],
    [
      'stepped',
      { x: stepped(f32([3, 4])) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.1, 2, 0, 15),
      'torch.fake_quantize_per_tensor_affine(x, 0.1, 2, 0, 15)',
    ],
    [
      'nothing',
      { x: f32([0, 3]) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.1, 0, -8, 7),
      'torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -8, 7)',
    ],
    [
      'parameters of tensors',
      { x: f32([3, 5]), s: real([1], [0.25]), z: i32([1], [4]) },
      ({ x, s, z }) => torch.fakeQuantizePerTensorAffine(x, s, z, 0, 15),
      'torch.fake_quantize_per_tensor_affine(x, s, z, 0, 15)',
    ],
    [
      'halves',
      { x: f16([3, 5]) },
      ({ x }) => torch.fakeQuantizePerTensorAffine(x, 0.25, 0, -4, 3),
      'torch.fake_quantize_per_tensor_affine(x, 0.25, 0, -4, 3)',
    ],
  ]),
  ...op('fakeQuantizePerChannelAffine', [
    [
      'first',
      { x: f32([4, 3]), s: scales(4), z: zeros(4) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 0, -128, 127),
      'torch.fake_quantize_per_channel_affine(x, s, z, 0, -128, 127)',
    ],
    [
      'middle',
      { x: f32([2, 3, 5]), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 1, -16, 15),
      'torch.fake_quantize_per_channel_affine(x, s, z, 1, -16, 15)',
    ],
    [
      'last, from the end',
      { x: f32([2, 5]), s: scales(5), z: zeros(5) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, -1, -128, 127),
      'torch.fake_quantize_per_channel_affine(x, s, z, 1, -128, 127)',
    ],
    [
      'filters',
      { x: f32([4, 2, 3, 3]), s: scales(4), z: i32([4], [0, 0, 0, 0]) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 0, -127, 127),
      'torch.fake_quantize_per_channel_affine(x, s, z, 0, -127, 127)',
    ],
    [
      'ties, saturated',
      { x: f32([3, 9], quarters), s: real([3], [0.5, 0.25, 1]), z: i32([3], [0, 1, -2]) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 0, -8, 7),
      'torch.fake_quantize_per_channel_affine(x, s, z, 0, -8, 7)',
    ],
    [
      'permuted',
      { x: permuted(f32([4, 3, 2])), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 1, -16, 15),
      'torch.fake_quantize_per_channel_affine(x, s, z, 1, -16, 15)',
    ],
    [
      'stepped',
      { x: stepped(f32([3, 4])), s: stepped(scales(3)), z: zeros(3) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 0, -16, 15),
      'torch.fake_quantize_per_channel_affine(x, s, z, 0, -16, 15)',
    ],
    [
      'nothing',
      { x: f32([3, 0]), s: scales(3), z: zeros(3) },
      ({ x, s, z }) => torch.fakeQuantizePerChannelAffine(x, s, z, 0, -16, 15),
      'torch.fake_quantize_per_channel_affine(x, s, z, 0, -16, 15)',
    ],
  ]),
  ...op('chooseQparams', [
    [
      'uint8',
      { x: real([3, 5]) },
      ({ x }) => Object.values(torch.chooseQparams(x)),
      observed('MinMaxObserver(dtype=torch.quint8)'),
    ],
    [
      'int8',
      { x: real([3, 5]) },
      ({ x }) => Object.values(torch.chooseQparams(x, { dtype: 'int8' })),
      observed('MinMaxObserver(dtype=torch.qint8)'),
    ],
    [
      'symmetric',
      { x: real([3, 5]) },
      ({ x }) => Object.values(torch.chooseQparams(x, { dtype: 'int8', symmetric: true })),
      observed('MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)'),
    ],
    [
      'symmetric, uint8',
      { x: real([3, 5]) },
      ({ x }) => Object.values(torch.chooseQparams(x, { symmetric: true })),
      observed('MinMaxObserver(dtype=torch.quint8, qscheme=torch.per_tensor_symmetric)'),
    ],
    [
      'above 0',
      { x: real([7], (u) => 2 + u) },
      ({ x }) => Object.values(torch.chooseQparams(x)),
      observed('MinMaxObserver(dtype=torch.quint8)'),
    ],
    [
      'below 0',
      { x: real([7], (u) => -2 - u) },
      ({ x }) => Object.values(torch.chooseQparams(x)),
      observed('MinMaxObserver(dtype=torch.quint8)'),
    ],
    [
      'zeros',
      { x: real([2, 2], [0, 0, 0, 0]) },
      ({ x }) => Object.values(torch.chooseQparams(x)),
      observed('MinMaxObserver(dtype=torch.quint8)'),
    ],
    [
      'by channel',
      { x: permuted(real([4, 3, 5])) },
      ({ x }) => Object.values(torch.chooseQparams(x, { axis: -2 })),
      observed('PerChannelMinMaxObserver(ch_axis=1, dtype=torch.quint8)', '-1'),
    ],
    [
      'filters',
      { x: real([4, 2, 3, 3]) },
      ({ x }) => Object.values(torch.chooseQparams(x, { axis: 0, dtype: 'int8', symmetric: true })),
      observed('PerChannelMinMaxObserver(ch_axis=0, dtype=torch.qint8, qscheme=torch.per_channel_symmetric)', '-1'),
    ],
    [
      'by column',
      { x: stepped(real([3, 5])) },
      ({ x }) => Object.values(torch.chooseQparams(x, { axis: 1 })),
      observed('PerChannelMinMaxObserver(ch_axis=1, dtype=torch.quint8)', '-1'),
    ],
  ]),
  ...op('intMm', [
    [
      'odd sizes',
      { a: i8([5, 13], bytes), b: i8([13, 7], bytes) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    [
      'words filled',
      { a: i8([8, 16], bytes), b: i8([16, 8], bytes) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    [
      'less than a word',
      { a: i8([4, 3], bytes), b: i8([3, 5], bytes) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    [
      'permuted',
      { a: permuted(i8([17, 9], bytes)), b: permuted(i8([9, 11], bytes)) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    [
      'stepped',
      { a: stepped(i8([3, 9], bytes)), b: stepped(i8([9, 4], bytes)) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    [
      'backwards',
      { a: i8([3, 9], bytes), b: i8([9, 4], bytes) },
      ({ a, b }) => torch.intMm(a.flip([0, 1]), b.flip(0)),
      'a.flip(0, 1).int() @ b.flip(0).int()',
    ],
    [
      'extremes',
      { a: i8([2, 1030], () => -128), b: i8([1030, 2], () => -128) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
    ['nothing inside', { a: i8([3, 0]), b: i8([0, 4]) }, ({ a, b }) => torch.intMm(a, b), 'a.int() @ b.int()'],
    ['no rows', { a: i8([0, 5]), b: i8([5, 4]) }, ({ a, b }) => torch.intMm(a, b), 'a.int() @ b.int()'],
    [
      'sizes of 1',
      { a: i8([1, 1], bytes), b: i8([1, 1], bytes) },
      ({ a, b }) => torch.intMm(a, b),
      'a.int() @ b.int()',
    ],
  ]),
  ...op('quantizedConv2d', [
    [
      'bias',
      { x: x8(2, 4, 9, 7), w: w8(6, 4, 3, 3), b: real([6]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...uneven, padding: 1 }),
      conv('b, padding=1'),
    ],
    [
      'no bias',
      { x: x8(1, 3, 8, 11), w: w8(5, 3, 3, 2) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, uneven),
      conv('None'),
    ],
    [
      'stride and dilation',
      { x: x8(2, 5, 13, 11), w: w8(3, 5, 3, 3), b: real([3]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...uneven, stride: [2, 1], padding: [1, 2], dilation: [1, 2] }),
      conv('b, stride=(2, 1), padding=(1, 2), dilation=(1, 2)'),
    ],
    [
      'groups',
      { x: x8(2, 12, 6, 5), w: w8(4, 6, 3, 3), b: real([4]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...uneven, groups: 2, padding: 1 }),
      conv('b, groups=2, padding=1'),
    ],
    [
      'depthwise',
      { x: x8(2, 6, 7, 7), w: w8(6, 1, 3, 3), b: real([6]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...uneven, groups: 6, padding: 1 }),
      conv('b, groups=6, padding=1'),
    ],
    [
      'one pixel a filter',
      { x: x8(2, 17, 5, 5), w: w8(9, 17, 1, 1), b: real([9]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, uneven),
      conv('b'),
    ],
    [
      'scales by channel',
      { x: x8(2, 4, 9, 7), w: w8(6, 4, 3, 3), b: real([6]), s: scales(6) },
      ({ x, w, b, s }) => F.quantizedConv2d(x, w, b, { ...uneven, weightScale: s, padding: 1 }),
      conv('b, padding=1', byChannel(6)),
    ],
    [
      'scales by channel, no bias',
      { x: x8(1, 8, 6, 6), w: w8(5, 8, 3, 3), s: scales(5) },
      ({ x, w, s }) => F.quantizedConv2d(x, w, null, { ...uneven, weightScale: s }),
      conv('None', byChannel(5)),
    ],
    [
      'scales of tensors',
      { x: x8(1, 4, 6, 6), w: w8(5, 4, 3, 3), s: real([3], [0.5, 0.25, 8]), z: i32([2], [7, 100]) },
      ({ x, w, s, z }) =>
        F.quantizedConv2d(x, w, null, {
          inputScale: s.select(0, 0),
          inputZeroPoint: z.select(0, 0),
          weightScale: s.select(0, 1),
          scale: s.select(0, 2),
          zeroPoint: z.select(0, 1),
        }),
      `qF.conv2d(${made('x', 0.5, 7)}, ${made('w', 0.25, 0)}, None, scale=8.0, zero_point=100).int_repr()`,
    ],
    [
      'saturation',
      { x: x8(2, 4, 6, 6), w: w8(4, 4, 3, 3), b: real([4], (u) => 100 * u - 50) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...uneven, scale: 0.01 }),
      conv('b', made('w', 0.01, 0), 0.01),
    ],
    [
      'a relu within',
      { x: x8(2, 4, 6, 6), w: w8(4, 4, 3, 3) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, { ...uneven, zeroPoint: 0 }),
      `qF.conv2d(${made('x', 0.02, 131)}, ${made('w', 0.01, 0)}, None, scale=0.15, zero_point=0).int_repr()`,
    ],
    [
      'ties',
      { x: u8([1, 2, 8, 8], below(6)), w: i8([3, 2, 2, 2], (u) => Math.floor(5 * u) - 2) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, { inputScale: 0.5, weightScale: 0.5, scale: 0.5, zeroPoint: 50 }),
      `qF.conv2d(${made('x', 0.5, 0)}, ${made('w', 0.5, 0)}, None, scale=0.5, zero_point=50).int_repr()`,
    ],
    [
      'permuted',
      { x: permuted(x8(2, 4, 5, 6)), w: permuted(w8(3, 4, 3, 3)), b: real([3]) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, uneven),
      conv('b'),
    ],
    [
      'stepped',
      { x: stepped(x8(1, 4, 5, 6)), w: stepped(w8(3, 4, 3, 3)), b: stepped(real([3])) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, uneven),
      conv('b.contiguous()'),
    ],
    [
      'one image',
      { x: x8(4, 6, 6), w: w8(3, 4, 3, 3) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, uneven),
      `qF.conv2d(${made('x[None]', 0.02, 131)}, ${made('w', 0.01, 0)}, None, scale=0.15, zero_point=120).int_repr()[0]`,
    ],
    [
      'nothing',
      { x: x8(0, 4, 6, 6), w: w8(3, 4, 3, 3) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, uneven),
      'torch.empty(0, 3, 4, 4, dtype=torch.uint8)',
    ],
    [
      'int8 input',
      { x: i8([2, 5, 7, 6], bytes), w: i8([4, 5, 3, 3], bytes), b: real([4], quarters) },
      ({ x, w, b }) => F.quantizedConv2d(x, w, b, { ...even, padding: 1 }),
      dequantized('F.conv2d((x.double() + 3) / 4, w.double() / 2, b.double(), padding=1)'),
    ],
    [
      'all symmetric',
      { x: i8([2, 8, 7, 6], bytes), w: i8([4, 8, 3, 3], bytes) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, { ...even, inputZeroPoint: 0, padding: [0, 1] }),
      dequantized('F.conv2d(x.double() / 4, w.double() / 2, padding=(0, 1))'),
    ],
    [
      'zero points of weights',
      { x: i8([2, 5, 7, 6], bytes), w: i8([4, 5, 3, 3], bytes), z: zeros(4) },
      ({ x, w, z }) => F.quantizedConv2d(x, w, null, { ...even, weightZeroPoint: z, padding: 1 }),
      dequantized('F.conv2d((x.double() + 3) / 4, (w.double() - z.reshape(-1, 1, 1, 1)) / 2, padding=1)'),
    ],
    [
      'uneven padding',
      { x: i8([2, 4, 6, 6], bytes), w: i8([3, 4, 2, 2], bytes) },
      ({ x, w }) => F.quantizedConv2d(x, w, null, { ...even, padding: 'same' }),
      dequantized('F.conv2d(F.pad((x.double() + 3) / 4, (0, 1, 0, 1)), w.double() / 2)'),
    ],
  ]),
  ...op('maxPool2d', [
    ['levels', { x: x8(2, 3, 9, 7) }, ({ x }) => F.maxPool2d(x, 2), `F.max_pool2d(${made('x', 1, 7)}, 2).int_repr()`],
    [
      'signed levels, padded',
      { x: i8([2, 3, 9, 7], (u) => Math.floor(100 * u) - 128) },
      ({ x }) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }),
      `F.max_pool2d(${made('x', 1, 7)}, 3, 2, 1).int_repr()`,
    ],
    [
      'levels of one image',
      { x: stepped(x8(3, 8, 8)) },
      ({ x }) => F.maxPool2d(x, [2, 3]),
      `F.max_pool2d(${made('x[None]', 1, 7)}, (2, 3)).int_repr()[0]`,
    ],
  ]),
  ...op('quantizedLinear', [
    [
      'bias',
      { x: x8(5, 13), w: w8(7, 13), b: real([7]) },
      ({ x, w, b }) => F.quantizedLinear(x, w, b, uneven),
      linear('b'),
    ],
    ['no bias', { x: x8(3, 16), w: w8(8, 16) }, ({ x, w }) => F.quantizedLinear(x, w, null, uneven), linear('None')],
    [
      'more dimensions',
      { x: x8(2, 3, 9), w: w8(4, 9), b: real([4]) },
      ({ x, w, b }) => F.quantizedLinear(x, w, b, uneven),
      linear('b'),
    ],
    [
      'scales by channel',
      { x: x8(5, 33), w: w8(6, 33), b: real([6]), s: scales(6) },
      ({ x, w, b, s }) => F.quantizedLinear(x, w, b, { ...uneven, weightScale: s }),
      linear('b', byChannel(6)),
    ],
    [
      'saturation',
      { x: x8(5, 64), w: w8(6, 64) },
      ({ x, w }) => F.quantizedLinear(x, w, null, { ...uneven, scale: 0.02 }),
      linear('None', made('w', 0.01, 0), 0.02),
    ],
    [
      'ties',
      { x: u8([9, 3], below(6)), w: i8([5, 3], (u) => Math.floor(5 * u) - 2) },
      ({ x, w }) => F.quantizedLinear(x, w, null, { inputScale: 0.5, weightScale: 0.5, scale: 0.5, zeroPoint: 50 }),
      `qF.linear(${made('x', 0.5, 0)}, ${made('w', 0.5, 0)}, None, 0.5, 50).int_repr()`,
    ],
    [
      'permuted',
      { x: permuted(x8(5, 12)), w: permuted(w8(7, 12)), b: real([7]) },
      ({ x, w, b }) => F.quantizedLinear(x, w, b, uneven),
      linear('b'),
    ],
    [
      'stepped',
      { x: stepped(x8(5, 12)), w: stepped(w8(7, 12)) },
      ({ x, w }) => F.quantizedLinear(x, w, null, uneven),
      linear('None'),
    ],
    [
      'nothing',
      { x: x8(0, 12), w: w8(7, 12) },
      ({ x, w }) => F.quantizedLinear(x, w, null, uneven),
      'torch.empty(0, 7, dtype=torch.uint8)',
    ],
    [
      'a vector',
      { x: x8(12), w: w8(7, 12) },
      ({ x, w }) => F.quantizedLinear(x, w, null, uneven),
      `qF.linear(${made('x[None]', 0.02, 131)}, ${made('w', 0.01, 0)}, None, 0.15, 120).int_repr()[0]`,
    ],
    [
      'int8 input',
      { x: i8([5, 13], bytes), w: i8([7, 13], bytes), b: real([7], quarters) },
      ({ x, w, b }) => F.quantizedLinear(x, w, b, even),
      dequantized('F.linear((x.double() + 3) / 4, w.double() / 2, b.double())'),
    ],
    [
      'zero points of weights',
      { x: i8([5, 13], bytes), w: i8([7, 13], bytes), z: zeros(7) },
      ({ x, w, z }) => F.quantizedLinear(x, w, null, { ...even, weightZeroPoint: z }),
      dequantized('F.linear((x.double() + 3) / 4, (w.double() - z.reshape(-1, 1)) / 2)'),
    ],
  ]),
];

/** What an observer of PyTorch chooses for x: scale and zero point, of one element or of as many as there are channels. */
function observed(observer: string, shape = '()'): string {
  return `[(o := torch.ao.quantization.${observer}), o(x), o.calculate_qparams()[0].reshape(${shape}), o.calculate_qparams()[1].reshape(${shape})][2:]`;
}

/** PyTorch's quantised tensor of given levels. */
function made(levels: string, scale: number, zeroPoint: number): string {
  return `torch._make_per_tensor_quantized_tensor(${levels}.contiguous(), ${scale}, ${zeroPoint})`;
}

function byChannel(channels: number): string {
  return `torch._make_per_channel_quantized_tensor(w, s.double(), torch.zeros(${channels}, dtype=torch.long), 0)`;
}

/** Quantised layers of PyTorch with the parameters of `uneven`. */
function conv(rest: string, weight = made('w', 0.01, 0), scale = 0.15): string {
  return `qF.conv2d(${made('x', 0.02, 131)}, ${weight}, ${rest}, scale=${scale}, zero_point=120).int_repr()`;
}

function linear(bias: string, weight = made('w', 0.01, 0), scale = 0.15): string {
  return `qF.linear(${made('x', 0.02, 131)}, ${weight}, ${bias}, ${scale}, 120).int_repr()`;
}

/** The real result of a layer with the parameters of `even`, quantised. */
function dequantized(result: string): string {
  return `torch.quantize_per_tensor((${result}).float(), 64.0, -5, torch.qint8).int_repr()`;
}
