/**
 * @file Products of 8-bit integers in 32-bit sums: matmul and convolution, each by its definition or four elements to a
 * word. What the words hold and where the zero points come in is told in shaders/int8/.
 *
 * The packed kernels are taken where the shading language has them and a word can be filled; both are exact, so that
 * nothing but time depends on it.
 */
import type { Binding, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { DeviceTraits } from '../algorithm.ts';
import { convParams } from '../conv2d/algorithm.ts';
import type { ConvSizes } from '../conv2d/descriptor.ts';

const group = 64;

/** An operand and how its elements lie, seen as outer × size × inner; sums run along the middle. */
export interface Int8Operand {
  readonly slot: Slot;
  readonly offset: number;
  readonly strides: readonly [outer: number, along: number, inner: number];
  /** uint8 rather than int8. */
  readonly unsigned: boolean;
}

/** Numbers that stand for 0, int32: one for x; for w one, or one for each output channel. */
export interface ZeroPoints {
  readonly x: Slot;
  readonly w: Slot;
  readonly byChannel: boolean;
}

export interface Int8Job {
  readonly x: Int8Operand;
  readonly w: Int8Operand;
  readonly y: Slot;
  /** Absent where both are 0. */
  readonly zeroPoints?: ZeroPoints;
  readonly device: DeviceTraits;
  readonly temporary: (bytes: number) => Slot;
}

/**
 * y[m, n] = Σ_k x[m, k]·w[k, n]; strides of x are of rows and columns, those of w of columns (inner) and rows (along).
 */
export function int8Matmul([M, N, K]: readonly [number, number, number], job: Int8Job): Launch[] {
  const { x, w } = job;
  const shape = matmulParams(M, N, K, x, w);
  if (!isPacked(K, job)) return [product('1_matmul', job, ['int8/matmul_shape.wgsl'], [x.slot, w.slot], shape, M * N)];
  const words = ceilDiv(K, 4);
  const packed = [job.temporary(4 * M * words), job.temporary(4 * words * N)];
  return [
    pack(x, [M, K, 1], packed[0], job.zeroPoints?.x),
    pack(w, [1, K, N], packed[1]),
    product(
      '2_matmul_packed',
      job,
      ['int8/matmul_shape.wgsl', 'int8/dot.wgsl'],
      packed,
      shape,
      ceilDiv(M, 4) * ceilDiv(N, 4),
    ),
  ];
}

/** y = the convolution of x and w, which lie contiguous. */
export function int8Conv2d(d: ConvSizes, job: Int8Job): Launch[] {
  const { x, w } = job;
  const Cg = d.C / d.groups;
  if (!isPacked(Cg, job))
    return [product('1_conv2d', job, ['lib/conv.wgsl'], [x.slot, w.slot], convParams(d), d.N * d.K * d.P * d.Q)];
  const words = ceilDiv(Cg, 4);
  const packed = [job.temporary(4 * d.N * d.groups * words * d.H * d.W), job.temporary(4 * d.K * words * d.R * d.S)];
  const blocks = d.N * d.groups * ceilDiv(d.K / d.groups, 4) * ceilDiv(d.P * d.Q, 4);
  return [
    pack(x, [d.N * d.groups, Cg, d.H * d.W], packed[0], job.zeroPoints?.x),
    pack(w, [d.K, Cg, d.R * d.S], packed[1]),
    product('2_conv2d_packed', job, ['lib/conv.wgsl', 'int8/dot.wgsl'], packed, convParams(d), blocks),
  ];
}

const isPacked = (terms: number, { device }: Int8Job): boolean =>
  terms >= 4 && device.features.has('packed_4x8_integer_dot_product');

const matmulParams = (M: number, N: number, K: number, x: Int8Operand, w: Int8Operand): Binding =>
  params(M, N, K, x.offset, x.strides[0], x.strides[1], w.offset, w.strides[1], w.strides[2]);

/** How much lower the packed elements are, since a dot product takes signed ones. */
const shiftOf = ({ unsigned }: Int8Operand): string => (unsigned ? '128' : '0');

function product(
  name: string,
  { x, y, zeroPoints }: Int8Job,
  files: readonly string[],
  operands: readonly Slot[],
  shape: Binding,
  invocations: number,
): Launch {
  const zeros = zeroPoints ? [zeroPoints.x, zeroPoints.w] : [];
  return {
    kernel: kernel(`int8/${name}`, linear(group), {
      const: { SHIFT: shiftOf(x), ...(zeroPoints && { W_ZERO_STEP: Number(zeroPoints.byChannel) }) },
      files: [...files, `int8/${zeroPoints ? 'zero_points' : 'no_zero_points'}.wgsl`],
    }),
    bindings: [...operands.map(reads), writes(y), shape, ...zeros.map(reads)],
    workgroups: linearGrid(ceilDiv(invocations, group)),
  };
}

/**
 * Words of a product's operand. The missing ones of x take its zero point; what those of w hold is then multiplied by
 * 0.
 */
function pack(
  x: Int8Operand,
  [outer, size, inner]: readonly [number, number, number],
  to: Slot,
  zeroPoint?: Slot,
): Launch {
  const file = zeroPoint === undefined ? 'pack_no_zero_point' : 'pack_zero_point';
  return {
    kernel: kernel('int8/pack', linear(group), { const: { SHIFT: shiftOf(x) }, files: [`int8/${file}.wgsl`] }),
    bindings: [
      reads(x.slot),
      writes(to),
      params(outer, size, inner, x.offset, ...x.strides),
      ...(zeroPoint === undefined ? [] : [reads(zeroPoint)]),
    ],
    workgroups: linearGrid(ceilDiv(outer * ceilDiv(size, 4) * inner, group)),
  };
}
