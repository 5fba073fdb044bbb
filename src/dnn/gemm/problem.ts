/**
 * @file A matrix product as a problem: its operands by role, and single output elements by the definition, in float64.
 */
import { sizeOf } from '../../base/shape.ts';
import { activate } from '../../graph/ops/conv2d-fused.ts';
import type { Operand, Problem } from '../problem.ts';
import type { GemmSlots } from './algorithm.ts';
import type { GemmDescriptor } from './descriptor.ts';
import { describeGemm, extentOf, gemmFlops, gemmKey } from './descriptor.ts';
import { gemmAlgorithms } from './table.ts';

export function gemmProblem(d: GemmDescriptor): Problem<GemmDescriptor, GemmSlots> {
  const operand = (role: string, elements: number, access: Operand['access'] = 'read'): Operand => ({
    role,
    elements,
    dtype: d.dtype,
    access,
  });
  const c = extentOf(d.c, d, d.M, d.N);
  const shape = [d.outer, d.inner, d.M, d.N];
  const operands = [
    operand('a', extentOf(d.a, d, d.M, d.K)),
    operand('b', extentOf(d.b, d, d.K, d.N)),
    { ...operand('c', c, 'write'), shape: c === sizeOf(shape) ? shape : undefined },
  ];
  if (d.epilogue.bias) operands.push(operand('bias', d.channel === 'column' ? d.N : d.inner * d.M));
  if (d.epilogue.residual) operands.push(operand('residual', c));
  return {
    operation: 'matmul',
    direction: 'forward',
    desc: d,
    key: `matmul ${gemmKey(d)}`,
    description: describeGemm(d),
    algorithms: gemmAlgorithms,
    operands,
    flops: gemmFlops(d),
    reference: (inputs, at) => Float64Array.from(at, (i) => element(d, inputs, i)),
  };
}

/** c at flat index i of a contiguous result. */
function element(
  d: GemmDescriptor,
  { a, b, bias, residual }: Readonly<Record<string, Float64Array>>,
  i: number,
): number {
  const n = i % d.N;
  const m = Math.floor(i / d.N) % d.M;
  const inner = Math.floor(i / (d.N * d.M)) % d.inner;
  const outer = Math.floor(i / (d.N * d.M * d.inner));
  const a0 = d.a.offset + outer * d.a.outer + inner * d.a.inner + m * d.a.row;
  const b0 = d.b.offset + outer * d.b.outer + inner * d.b.inner + n * d.b.column;
  let sum = 0;
  for (let k = 0; k < d.K; k++) sum += a[a0 + k * d.a.column] * b[b0 + k * d.b.row];
  const channel = d.channel === 'column' ? n : inner * d.M + m;
  return activate(d.epilogue.activation, sum + (bias ? bias[channel] : 0) + (residual ? residual[i] : 0));
}
