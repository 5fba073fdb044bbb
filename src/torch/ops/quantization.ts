/**
 * @file Quantisation in PyTorch's decomposed form (torch.ops.quantized_decomposed): a quantised tensor is a plain int8
 * or uint8 tensor, and its scale and zero point are given beside it; real = (level − zeroPoint) · scale.
 *
 * PyTorch's older form, torch.quantize_per_tensor, hides the three in one tensor; its int_repr() is what stands here.
 */
import { fail } from '../../base/errors.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { QuantizedType } from '../../graph/ops/elementwise/index.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import { detached } from '../../graph/ops/identity.ts';
import { intMatmul } from '../../graph/ops/int8.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat } from './apply.ts';
import type { Place, QuantizationParameter, Range } from './quantization-nodes.ts';
import { levelRange, scaleNodes, zeroPointNode } from './quantization-nodes.ts';

export type { QuantizedType } from '../../graph/ops/elementwise/index.ts';

const everywhere = (x: Tensor): Place => ({ x, shape: [] });

function alongAxis(what: string, x: Tensor, axis: number): Place {
  const dim = normalizeDim(what, axis, x.ndim);
  return { x, shape: x.node.shape.slice(dim).map((size, d) => (d === 0 ? size : 1)) };
}

function rangeOf(what: string, dtype: QuantizedType): Range {
  return (
    ops.levelsOf[dtype] ?? fail(`${what}: unknown dtype ${String(dtype)}; quantised elements are 'int8' or 'uint8'`)
  );
}

function quantize(
  what: string,
  x: Tensor,
  scale: QuantizationParameter,
  zeroPoint: QuantizationParameter,
  place: Place,
  dtype: QuantizedType,
): Tensor {
  requireFloat(what, x);
  const range = rangeOf(what, dtype);
  const { inverse } = scaleNodes(what, 'scale', scale, place);
  return new Tensor(
    inOwnMemory(
      record(
        ops.quantize,
        [e.cast(x.node, 'float32'), inverse, zeroPointNode(what, 'zeroPoint', zeroPoint, place, range)],
        { dtype },
      ),
    ),
  );
}

function dequantize(
  what: string,
  q: Tensor,
  scale: QuantizationParameter,
  zeroPoint: QuantizationParameter,
  place: Place,
): Tensor {
  const range = levelRange(what, q);
  return new Tensor(
    inOwnMemory(
      record(
        ops.dequantize,
        [
          q.node,
          scaleNodes(what, 'scale', scale, place).scale,
          zeroPointNode(what, 'zeroPoint', zeroPoint, place, range),
        ],
        {},
      ),
    ),
  );
}

function fakeQuantize(
  what: string,
  x: Tensor,
  scale: QuantizationParameter,
  zeroPoint: QuantizationParameter,
  place: Place,
  quantMin: number,
  quantMax: number,
): Tensor {
  requireFloat(what, x);
  for (const [name, value] of Object.entries({ quantMin, quantMax }))
    if (!Number.isInteger(value) || Math.abs(value) > 2 ** 24)
      fail(`${what}: ${name} ${value} is not a whole number that float32 can count to, at most 2²⁴ from 0`);
  if (quantMin > quantMax) fail(`${what}: quantMin ${quantMin} is above quantMax ${quantMax}`);
  const nodes = scaleNodes(what, 'scale', scale, place);
  return new Tensor(
    record(
      ops.fakeQuantize,
      [x.node, nodes.inverse, nodes.scale, zeroPointNode(what, 'zeroPoint', zeroPoint, place, [quantMin, quantMax])],
      { quantMin, quantMax },
    ),
  );
}

const input = p.tensor('input');
const isQuantized = (v: unknown): boolean => v === 'int8' || v === 'uint8';
const quantizedType = p.kind<QuantizedType>('a quantised dtype', "'int8' or 'uint8'", isQuantized)('dtype');
const parameter = p.kind<QuantizationParameter>(
  'a number or a tensor',
  'one of them',
  (v) => typeof v === 'number' || v instanceof Tensor,
);
const axis = p.int('axis');
const range = [p.int('quantMin'), p.int('quantMax')] as const;

/**
 * The nearest levels of x, `'int8'` or `'uint8'`: x / scale + zeroPoint, rounded half to even; beyond the dtype's range
 * its end, NaN its lower end. (PyTorch's cpu gives the lower end for infinities and above 2⁶³ scales too; its newer
 * decomposition does as here.)
 */
export const quantizePerTensor = fn(
  'torch.quantize_per_tensor',
  [input, parameter('scale'), parameter('zeroPoint'), quantizedType],
  (input, scale, zeroPoint, dtype): Tensor =>
    quantize('quantizePerTensor', input, scale, zeroPoint, everywhere(input), dtype),
);

/** The same with a scale and a zero point for each channel along `axis`. */
export const quantizePerChannel = fn(
  'torch.quantize_per_channel',
  [input, p.tensor('scales'), p.tensor('zeroPoints'), axis, quantizedType],
  (input, scales, zeroPoints, axis, dtype): Tensor =>
    quantize('quantizePerChannel', input, scales, zeroPoints, alongAxis('quantizePerChannel', input, axis), dtype),
);

/** The real numbers of the levels, float32: (input − zeroPoint) · scale. */
export const dequantizePerTensor = fn(
  'ours.dequantize_per_tensor',
  [input, parameter('scale'), parameter('zeroPoint')],
  (input, scale, zeroPoint): Tensor => dequantize('dequantizePerTensor', input, scale, zeroPoint, everywhere(input)),
);

/** The same with a scale and a zero point for each channel along `axis`. */
export const dequantizePerChannel = fn(
  'ours.dequantize_per_channel',
  [input, p.tensor('scales'), p.tensor('zeroPoints'), axis],
  (input, scales, zeroPoints, axis): Tensor =>
    dequantize('dequantizePerChannel', input, scales, zeroPoints, alongAxis('dequantizePerChannel', input, axis)),
);

/**
 * x quantised to levels from quantMin to quantMax and back, in x's dtype: what a network that is trained for
 * quantisation computes with. The gradient is 1 between the ends and 0 beyond; none goes to the scale.
 */
export const fakeQuantizePerTensorAffine = fn(
  'torch.fake_quantize_per_tensor_affine',
  [input, parameter('scale'), parameter('zeroPoint'), ...range],
  (input, scale, zeroPoint, quantMin, quantMax): Tensor =>
    fakeQuantize('fakeQuantizePerTensorAffine', input, scale, zeroPoint, everywhere(input), quantMin, quantMax),
);

/** The same with a scale and a zero point for each channel along `axis`. */
export const fakeQuantizePerChannelAffine = fn(
  'torch.fake_quantize_per_channel_affine',
  [input, p.tensor('scale'), p.tensor('zeroPoint'), axis, ...range],
  (input, scale, zeroPoint, axis, quantMin, quantMax): Tensor =>
    fakeQuantize(
      'fakeQuantizePerChannelAffine',
      input,
      scale,
      zeroPoint,
      alongAxis('fakeQuantizePerChannelAffine', input, axis),
      quantMin,
      quantMax,
    ),
);

/** int8 [M, K] · int8 [K, N] → int32 [M, N], exact; PyTorch's torch._int_mm. */
export const intMm = fn('torch._int_mm', [p.tensor('self'), p.tensor('mat2')], (self, mat2): Tensor => {
  for (const t of [self, mat2])
    if (t.dtype !== 'int8')
      fail(`intMm: operands are ${self.dtype} and ${mat2.dtype}; both must be int8, as quantizePerTensor gives it`);
  return new Tensor(record(intMatmul, [self.node, mat2.node], {}));
});

/**
 * `symmetric`: the zero point is the middle, and the range reaches as far up as down. `axis`: one of each for each
 * channel along this dimension.
 */
const choice = [
  p.kind<QuantizedType>('a quantised dtype', "'int8' or 'uint8'", isQuantized)('dtype', 'uint8'),
  p.flag('symmetric', false),
  p.int('axis', null),
] as const;

/**
 * The scale (float32) and the zero point (int32, of a symmetric range int64, as PyTorch's observers give it) under
 * which the elements of x, and 0, just fit: [] each, or [C] along `axis`. They are PyTorch's MinMaxObserver's and
 * PerChannelMinMaxObserver's.
 */
export const chooseQparams = fn(
  'ours.choose_qparams',
  [input, '*', ...choice],
  (input, dtype, symmetric, axis): { scale: Tensor; zeroPoint: Tensor } => {
    requireFloat('chooseQparams', input);
    const [low, high] = rangeOf('chooseQparams', dtype);
    if (sizeOf(input.node.shape) === 0)
      fail(`chooseQparams: a tensor of shape ${input.shape} has no elements to choose by`);
    const x = e.cast(detached(input.node), 'float32');
    const channel = axis === null ? undefined : normalizeDim('chooseQparams', axis, x.shape.length);
    const dims = x.shape.map((_, d) => d).filter((d) => d !== channel);
    const least = e.minimum(e.amin(x, dims), 0);
    const greatest = e.maximum(e.amax(x, dims), 0);
    const scaleOf = (span: Node, levels: number): Node => e.maximum(e.div(span, levels), 2 ** -23);
    if (symmetric) {
      const scale = scaleOf(e.maximum(greatest, e.neg(least)), (high - low) / 2);
      return {
        scale: new Tensor(scale),
        zeroPoint: new Tensor(full(scale.shape, 'int64', Math.ceil((low + high) / 2), scale.device)),
      };
    }
    const scale = scaleOf(e.sub(greatest, least), high - low);
    const zeroPoint = e.minimum(e.maximum(e.sub(low, e.round(e.div(least, scale))), low), high);
    return { scale: new Tensor(scale), zeroPoint: new Tensor(e.cast(zeroPoint, 'int32')) };
  },
);
