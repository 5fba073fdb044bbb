/**
 * @file Layers on levels, compared exactly.
 *
 * PyTorch's quantised layers take uint8 activations on x86. Weights stay within 7 bits there, as PyTorch recommends,
 * since some of its kernels add pairs of products in 16 bits. Other operands are checked by dequantising, computing in
 * float64 and quantising.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { Input } from '../case.ts';
import { below, i32, i8, op, permuted, stepped, u8 } from '../case.ts';
import { byte, bytes, made, quarters, real, scales, sevenBits, zeros } from './levels.ts';

const x8 = (...shape: number[]): Input => u8(shape, byte);
const w8 = (...shape: number[]): Input => i8(shape, sevenBits);

/** Parameters as they are found in practice, and some under which every number is exact in float32. */
const uneven = { inputScale: 0.02, inputZeroPoint: 131, weightScale: 0.01, scale: 0.15, zeroPoint: 120 };
const even = { inputScale: 0.25, inputZeroPoint: -3, weightScale: 0.5, scale: 64, zeroPoint: -5 };

export const quantizedLayers = [
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
