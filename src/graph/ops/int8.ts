/**
 * @file Products of 8-bit integers, summed in int32: intMatmul and intConv2d. They are what lies inside a quantised
 * layer.
 *
 * Two more operands may follow x and w, int32: the numbers that stand for 0, one for x, and for w one or one for each
 * output channel. The sums are then those of x − zero and w − zero.
 */
import { fail } from '../../base/errors.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { convOutputSize } from '../geometry.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, Op, Operand, TensorType } from '../types.ts';
import type { Conv2dAttrs } from './conv2d.ts';
import { addProducts, four, geometryOf, keywords, padded, productsOf } from './conv2d.ts';

function checkOperands(what: string, x: TensorType, w: TensorType): void {
  if (x.dtype !== 'int8' && x.dtype !== 'uint8')
    fail(`${what}: input is ${x.dtype}; expected int8 or uint8, as quantizePerTensor gives it`);
  if (w.dtype !== 'int8')
    fail(`${what}: weight is ${w.dtype}; expected int8, as quantizePerTensor or quantizePerChannel gives it`);
}

/** The elements less the number that stands for 0; a zero point a channel belongs to `channelOf` an index. */
function centred(x: Operand, zero: Operand | undefined, channelOf: (i: number) => number): Float64Array {
  return zero ? x.data.map((v, i) => v - zero.data[zero.data.length === 1 ? 0 : channelOf(i)]) : x.data;
}

/** In float64, which is exact here and which PyTorch multiplies on every device. */
const centredPython = (x: string, zero: string | undefined): string =>
  zero === undefined || zero === '0' ? `${x}.double()` : `(${x}.double() - ${zero})`;

/** A zero point a filter, beside weights [K, C, R, S]; a number stays one. */
const perFilter = (zero: string): string => (Number.isNaN(Number(zero)) ? `${zero}.reshape(-1, 1, 1, 1)` : zero);

/** x [M, K] · w [K, N] → int32 [M, N]. The weight's zero points have the shape [] or [N]. */
export const intMatmul: Op<Attrs> = {
  name: 'intMatmul',
  infer: ([x, w]) => {
    checkOperands('intMm', x, w);
    if (x.shape.length !== 2 || w.shape.length !== 2)
      fail(`intMm: shapes ${formatShape(x.shape)} and ${formatShape(w.shape)}; expected 2 dimensions each`);
    if (x.shape[1] !== w.shape[0])
      fail(
        `intMm: ${formatShape(x.shape)} has ${x.shape[1]} columns and ${formatShape(w.shape)} has ${w.shape[0]} rows; they must be equal`,
      );
    return { shape: [x.shape[0], w.shape[1]], dtype: 'int32' };
  },
  reference: ([x, w, zeroX, zeroW], _, { shape: [M, N] }) => {
    const K = x.shape[1];
    const [xs, ws] = [centred(x, zeroX, () => 0), centred(w, zeroW, (i) => i % N)];
    const out = new Float64Array(M * N);
    for (let m = 0; m < M; m++) {
      for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) out[m * N + n] += xs[m * K + k] * ws[k * N + n];
    }
    return out;
  },
  gradient: 'none',
  sums: sumsOf(2, ([x], _, { shape }) => sizeOf(shape) * x.shape[1]),
  takesNumbers: true,
  python: ([x, w, zeroX, zeroW]) => `(${centredPython(x, zeroX)} @ ${centredPython(w, zeroW)}).to(torch.int32)`,
};

/**
 * x [N, C, H, W] and w [K, C / groups, R, S] → int32 [N, K, P, Q]. The weight's zero points have the shape [] or [K, 1,
 * 1, 1].
 */
export const intConv2d: Op<Conv2dAttrs> = {
  name: 'intConv2d',
  infer: ([x, w], attrs) => {
    checkOperands('quantizedConv2d', x, w);
    const [xs, ws] = [four('quantizedConv2d', 'input', x.shape), four('quantizedConv2d', 'weight', w.shape)];
    return { shape: [xs[0], ws[0], ...convOutputSize('quantizedConv2d', geometryOf(attrs, xs, ws))], dtype: 'int32' };
  },
  reference: ([x, w, zeroX, zeroW], attrs, y) => {
    const filter = sizeOf(w.shape.slice(1));
    const [xs, ws] = [centred(x, zeroX, () => 0), centred(w, zeroW, (i) => Math.floor(i / filter))];
    const out = new Float64Array(sizeOf(y.shape));
    addProducts(attrs, { shape: x.shape, data: xs }, { shape: w.shape, data: ws }, y.shape, out);
    return out;
  },
  gradient: 'none',
  sums: sumsOf(2, ([, w], _, y) => productsOf(w.shape, y.shape)),
  takesNumbers: true,
  python: ([x, w, zeroX, zeroW], attrs) =>
    `F.conv2d(${[padded(centredPython(x, zeroX), attrs), centredPython(w, zeroW && perFilter(zeroW)), ...keywords(attrs)].join(', ')}).to(torch.int32)`,
};
