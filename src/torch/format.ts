/**
 * @file How a tensor prints: PyTorch's form where its value is on the host, else what is known without computing.
 */
import { decode } from '../base/dtype.ts';
import { sizeOf } from '../base/shape.ts';
import type { Tensor } from './tensor.ts';

/** At most this many elements are printed in full; of more, the first and last `edge` along each dimension. */
const threshold = 1000;
const edge = 3;

export function formatTensor(t: Tensor): string {
  const traits = [`shape=${t.shape}`, `dtype=${t.dtype}`, `device=${t.device}`];
  if (t.requiresGrad) traits.push('requiresGrad=true');
  const host = t.node.value?.host;
  if (!host) return `tensor(<not computed>, ${traits.join(', ')})`;
  const values = decode(t.dtype, host);
  const isInteger = values.every((v) => Number.isInteger(v) || !Number.isFinite(v));
  const text = (v: number): string => {
    if (t.dtype === 'bool') return v ? 'true' : 'false';
    if (!Number.isFinite(v)) return Number.isNaN(v) ? 'nan' : v > 0 ? 'inf' : '-inf';
    if (t.dtype === 'float32' || t.dtype === 'float16') return isInteger ? `${v}.` : v.toFixed(4);
    return String(v);
  };
  const short = values.length > threshold;
  const build = (dim: number, at: number, indent: string): string => {
    if (dim === t.ndim) return text(values[at]);
    const size = t.node.shape[dim];
    const step = sizeOf(t.node.shape.slice(dim + 1));
    const rows: string[] = [];
    for (let i = 0; i < size; i++) {
      if (short && size > 2 * edge && i === edge) {
        rows.push('...');
        i = size - edge;
      }
      rows.push(build(dim + 1, at + i * step, `${indent} `));
    }
    return `[${rows.join(dim === t.ndim - 1 ? ', ' : `,\n${indent} `)}]`;
  };
  return `tensor(${build(0, 0, '       ')}, ${traits.join(', ')})`;
}
