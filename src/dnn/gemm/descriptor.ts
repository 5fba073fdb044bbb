/**
 * @file The matmul descriptor: c[b, m, n] = Σ_k a[b, m, k] · b[b, k, n], with every operand under its own strides.
 *
 * Strides say what a transpose would copy: A·B, Aᵀ·B and A·Bᵀ are the same sum over other strides. The batch has two
 * levels, outer and inner, so that one of them can stay put (stride 0: a weight that all images share, a group's filter
 * in each image, a key that several heads read).
 */
import { fail } from '../../base/errors.ts';
import type { Epilogue, FloatType } from '../kernels/epilogue.ts';
import { epilogueWords, noEpilogue } from '../kernels/epilogue.ts';

/** Where an operand's elements lie in its buffer, in elements. */
export interface MatrixLayout {
  readonly offset: number;
  readonly outer: number;
  readonly inner: number;
  readonly row: number;
  readonly column: number;
}

export interface GemmDescriptor {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** Sizes of the two levels of the batch; each pair (outer, inner) is one matrix product. */
  readonly outer: number;
  readonly inner: number;
  readonly a: MatrixLayout;
  readonly b: MatrixLayout;
  /** The result's columns are adjacent: its column stride is 1. */
  readonly c: MatrixLayout;
  readonly dtype: FloatType;
  /** c is kept as float32 whatever the dtype is: a part of a sum that others are added to. */
  readonly wideResult: boolean;
  readonly epilogue: Epilogue;
  /**
   * What the bias is counted by: the column (a linear layer), or the row with the inner batch above it (a convolution's
   * output channel).
   */
  readonly channel: 'row' | 'column';
}

export interface GemmOptions {
  readonly outer?: number;
  readonly inner?: number;
  readonly a?: Partial<MatrixLayout>;
  readonly b?: Partial<MatrixLayout>;
  readonly c?: Partial<Omit<MatrixLayout, 'column'>>;
  readonly dtype?: FloatType;
  readonly wideResult?: boolean;
  readonly epilogue?: Epilogue;
  readonly channel?: 'row' | 'column';
}

/** A checked descriptor; without options, one product of contiguous row-major operands. */
export function gemmDescriptor(M: number, N: number, K: number, options: GemmOptions = {}): GemmDescriptor {
  const { outer = 1, inner = 1 } = options;
  for (const [name, size] of Object.entries({ M, N, K, outer, inner })) {
    if (!Number.isInteger(size) || size < 1) fail(`matmul: ${name} is ${size}, not a whole number of at least 1`);
  }
  return {
    M,
    N,
    K,
    outer,
    inner,
    a: layout(M, K, inner, options.a),
    b: layout(K, N, inner, options.b),
    c: layout(M, N, inner, options.c),
    dtype: options.dtype ?? 'float32',
    wideResult: options.wideResult ?? false,
    epilogue: options.epilogue ?? noEpilogue,
    channel: options.channel ?? 'column',
  };
}

/**
 * The strides of a row-major matrix whose transpose is stored, for a `rows`×`columns` operand: element (i, j) lies at
 * j·rows + i.
 */
export const transposed = (rows: number): { row: number; column: number } => ({ row: 1, column: rows });

/** Multiplications and additions: 2·M·N·K for each matrix of the batch. */
export const gemmFlops = (d: GemmDescriptor): number => 2 * d.M * d.N * d.K * d.outer * d.inner;

/** One line for people: `12×64×64 · 12×64×49, Bᵀ, float32`. */
export function describeGemm(d: GemmDescriptor): string {
  const batch = d.outer * d.inner === 1 ? '' : `${d.outer * d.inner}×`;
  const parts = [`${batch}${d.M}×${d.K} · ${batch}${d.K}×${d.N}`];
  if (d.a.column !== 1 && d.a.row === 1) parts.push('Aᵀ');
  if (d.b.column !== 1 && d.b.row === 1) parts.push('Bᵀ');
  parts.push(d.dtype);
  const tail = epilogueWords(d.epilogue);
  if (tail.length) parts.push(`+ ${tail.join(' + ')}`);
  return parts.join(', ');
}

/** Elements from the buffer's beginning to the last one of a `rows`×`columns` operand; strides may be negative. */
export const extentOf = (
  l: MatrixLayout,
  { outer, inner }: Pick<GemmDescriptor, 'outer' | 'inner'>,
  rows: number,
  columns: number,
): number =>
  [
    [outer, l.outer],
    [inner, l.inner],
    [rows, l.row],
    [columns, l.column],
  ].reduce((last, [size, stride]) => last + (size - 1) * Math.max(0, stride), l.offset) + 1;

/** Equal keys, equal work. */
export const gemmKey = (d: GemmDescriptor): string => JSON.stringify(d);

function layout(rows: number, columns: number, inner: number, given: Partial<MatrixLayout> = {}): MatrixLayout {
  return { offset: 0, outer: inner * rows * columns, inner: rows * columns, row: columns, column: 1, ...given };
}
