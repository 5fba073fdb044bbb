/**
 * @file How a tensor prints: PyTorch's form where its value is on the host, else what is known without computing.
 *
 * Printing is synchronous, and the value may be on the device. Who prints for the program gets a mark in its place, to be replaced when the
 * value has been read.
 */
import type { HostArray } from '../base/dtype.ts';
import { decode } from '../base/dtype.ts';
import { formatShape, sizeOf } from '../base/shape.ts';
import type { Node } from '../graph/types.ts';

/** At most this many elements are printed in full; of more, the first and last `edge` along each dimension. */
const threshold = 1000;
const edge = 3;

/** A text, and the marks in it that stand for values which are not on the host. */
export interface Print {
  readonly text: string;
  readonly marks: ReadonlyMap<string, Node>;
}

let marks: Map<string, Node> | undefined;
let count = 0;

/** What `render` makes of values; it may print tensors that are not computed. */
export function print(render: () => string): Print {
  const found = (marks = new Map());
  try {
    return { text: render(), marks: found };
  } finally {
    marks = undefined;
  }
}

/** `host` is the value, where it is known. */
export function formatTensor(t: Node, host: HostArray | undefined = t.value?.host): string {
  if (!host && marks) {
    const mark = `\uE000${++count}\uE000`; // of the private use area, so that no text has it by chance
    marks.set(mark, t);
    return mark;
  }
  const traits = [`shape=${formatShape(t.shape)}`, `dtype=${t.dtype}`, `device=${t.device}`];
  if (t.requiresGrad) traits.push('requiresGrad=true');
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
    if (dim === t.shape.length) return text(values[at]);
    const size = t.shape[dim];
    const step = sizeOf(t.shape.slice(dim + 1));
    const rows: string[] = [];
    for (let i = 0; i < size; i++) {
      if (short && size > 2 * edge && i === edge) {
        rows.push('...');
        i = size - edge;
      }
      rows.push(build(dim + 1, at + i * step, `${indent} `));
    }
    return `[${rows.join(dim === t.shape.length - 1 ? ', ' : `,\n${indent} `)}]`;
  };
  return `tensor(${build(0, 0, '       ')}, ${traits.join(', ')})`;
}
