/**
 * @file Padding: elements before and behind dimensions, constant or taken from the tensor.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { cat } from '../../graph/ops/cat.ts';
import { full } from '../../graph/ops/full.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { takeAlong } from '../ops/index-nodes.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

const input = p.tensor('input');
const pads = p.kind<readonly number[]>(
  'an array of whole numbers',
  'two for each dimension, the last one first',
  (v) => Array.isArray(v) && v.every((n) => Number.isSafeInteger(n)),
);

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/**
 * Elements before and behind dimensions, the last dimension first: [left, right, top, bottom, …]. Negative numbers cut
 * off.
 * `reflect` mirrors without the edge, `replicate` repeats the edge, `circular` wraps around.
 */
export const pad = fn(
  'F.pad',
  [
    input,
    pads('pad'),
    p.choice(['constant', 'reflect', 'replicate', 'circular'])('mode', 'constant'),
    p.float('value', null),
  ],
  (self, pads, mode, value): Tensor => {
    if (pads.length % 2 !== 0 || pads.length > 2 * self.ndim)
      fail(
        `pad: ${pads.length} numbers for a tensor of ${self.ndim} dimensions; give two for each dimension, the last one first`,
      );
    if (mode !== 'constant' && (value ?? 0) !== 0)
      fail(`pad: value is ${value}, and mode '${mode}' fills with the tensor's own elements; leave it out`);
    let x = self.node;
    for (let i = 0; i < pads.length; i += 2) {
      const dim = self.ndim - 1 - i / 2;
      x =
        mode === 'constant'
          ? padConstant(x, dim, pads[i], pads[i + 1], value ?? 0)
          : padByIndex(x, dim, pads[i], pads[i + 1], mode);
    }
    return new Tensor(x === self.node ? e.copy(x) : x);
  },
  { pythonCall: true },
);

function padConstant(x: Node, dim: number, before: number, after: number, value: number): Node {
  const size = x.shape[dim];
  if (size + before + after < 0)
    fail(`pad: ${before} and ${after} cut more off than the ${size} elements of dim ${dim}`);
  const kept = e.slice(x, dim, Math.min(size, Math.max(0, -before)), Math.max(0, size + Math.min(0, after)));
  const [front, back] = [Math.max(0, before), Math.max(0, after)];
  if (value === 0) return e.padZeros(kept, dim, front, back);
  const block = (n: number): Node[] => (n > 0 ? [full(x.shape.with(dim, n), x.dtype, value, x.device)] : []);
  return front + back === 0 ? kept : record(cat, [...block(front), kept, ...block(back)], { dim });
}

function padByIndex(x: Node, dim: number, before: number, after: number, mode: Exclude<PadMode, 'constant'>): Node {
  const size = x.shape[dim];
  const most = { reflect: size - 1, replicate: size > 0 ? Infinity : 0, circular: size }[mode];
  if (most === undefined)
    fail(`pad: unknown mode '${String(mode)}'; known are constant, reflect, replicate and circular`);
  if (Math.max(before, after) > most)
    fail(
      `pad: mode '${mode}' can add at most ${most} elements to dim ${dim} of size ${size}, asked for ${before} and ${after}`,
    );
  if (before === 0 && after === 0) return x;
  const source = (i: number): number => {
    if (mode === 'replicate') return Math.min(size - 1, Math.max(0, i));
    if (mode === 'circular') return (i + size) % size;
    return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
  };
  return takeAlong(
    x,
    dim,
    Int32Array.from({ length: size + before + after }, (_, i) => source(i - before)),
  );
}

const padding = { pad };
methods(padding);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof padding> {}
}
