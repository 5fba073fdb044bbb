/**
 * @file Quantisation as training sees it: numbers rounded to levels that stay floating, and the parameters that
 * observers choose.
 */
import * as torch from '../../../src/torch/torch.ts';
import { f16, f32, i32, op, permuted, stepped } from '../case.ts';
import { beyond, quarters, real, scales, zeros } from './levels.ts';

export const fakeQuantization = [
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
];

/**
 * What an observer of PyTorch chooses for x: scale and zero point, of one element or of as many as there are channels.
 */
function observed(observer: string, shape = '()'): string {
  return `[(o := torch.ao.quantization.${observer}), o(x), o.calculate_qparams()[0].reshape(${shape}), o.calculate_qparams()[1].reshape(${shape})][2:]`;
}
