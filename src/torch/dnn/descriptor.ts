/**
 * @file cuDNN's descriptor of a convolution and of its tensors, as programs make it.
 */
import { isPlain } from '../../base/options.ts';
import type { Shape } from '../../base/shape.ts';
import { convolutionDescriptor as describe } from '../../dnn/api.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import type { Epilogue, Pool } from '../../dnn/kernels/epilogue.ts';
import { noEpilogue } from '../../dnn/kernels/epilogue.ts';
import { activationNames, pools } from '../../graph/ops/conv2d-fused.ts';
import type { Pair } from '../signature.ts';
import { fn, p } from '../signature.ts';

export const fourSizes = p.kind<Shape>(
  'four whole numbers',
  'a shape',
  (v) => Array.isArray(v) && v.length === 4 && v.every(Number.isSafeInteger),
);
const sides = p.kind<Pair | readonly [number, number, number, number]>(
  'a whole number, two or four of them',
  'one, [vertical, horizontal] or [top, bottom, left, right]',
  (v) =>
    Number.isSafeInteger(v) ||
    (Array.isArray(v) && (v.length === 2 || v.length === 4) && v.every(Number.isSafeInteger)),
);
const epilogue = p.kind<Epilogue>(
  'an epilogue',
  "one such as { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' }",
  (v) =>
    isPlain(v) &&
    typeof v.bias === 'boolean' &&
    typeof v.residual === 'boolean' &&
    activationNames.some((name) => name === v.activation) &&
    (v.pool === undefined || Object.hasOwn(pools, v.pool as Pool)),
  { plain: true },
);

export const geometry = [p.pair('stride', 1), sides('padding', 0), p.pair('dilation', 1), p.int('groups', 1)] as const;

/**
 * `cudnnSetConvolution2dDescriptor` and its tensors in one, of x [N, C, H, W] and w [K, C / groups, R, S]. Throws with
 * the values where they make no sense.
 */
export const convolutionDescriptor = fn(
  'ours.convolution_descriptor',
  [
    '*',
    fourSizes('x'),
    fourSizes('w'),
    ...geometry,
    p.choice(['forward', 'backward data', 'backward filter'])('direction', 'forward'),
    p.choice(['float32', 'float16'])('dtype', 'float32'),
    epilogue('epilogue', noEpilogue),
  ],
  (x, w, stride, padding, dilation, groups, direction, dtype, epilogue): ConvDescriptor =>
    describe({ x, w, stride, padding, dilation, groups, direction, dtype, epilogue }),
);
