/**
 * @file Numbers to levels and back. Levels are whole numbers, so they are compared exactly; scales of whole powers of
 * two put many elements on ties.
 */
import * as torch from '../../../src/torch/torch.ts';
import { f16, fixed, i32, i8, op, permuted, stepped, u8 } from '../case.ts';
import { beyond, byte, bytes, quarters, real, scales, zeros } from './levels.ts';

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
];
