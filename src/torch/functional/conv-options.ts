/**
 * @file The options of convolutions over planes, quantised ones too.
 */
import { fail } from '../../base/errors.ts';
import { formatShape } from '../../base/shape.ts';
import type { BackwardDataAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import type { Name } from '../dnn/algorithm-names.ts';
import type { Pair, Single } from '../signature.ts';
import { noPython } from '../python-call.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { pair } from './options.ts';

/**
 * Elements of zeros around the input; `'same'` keeps its size at stride 1, `'valid'` is 0; [top, bottom, left, right]
 * pads each side by itself.
 */
export type PlanePadding = Pair | readonly [number, number, number, number] | 'same' | 'valid';
export const planePadding = p.kind<PlanePadding>(
  'a padding',
  "a number, a pair, four numbers, 'same' or 'valid'",
  (v) =>
    v === 'same' ||
    v === 'valid' ||
    Number.isSafeInteger(v) ||
    (Array.isArray(v) && (v.length === 2 || v.length === 4) && v.every(Number.isSafeInteger)),
  {
    // PyTorch pads both sides alike.
    python: (value) => (Array.isArray(value) && value.length === 4 ? noPython : p.alike(value)),
  },
);

/**
 * Runs exactly this algorithm, in cuDNN's name, or fails with the reason. `dnn.withConvolutionAlgorithm` names those of
 * its gradients.
 */
export const algo = p.ours(
  p.kind<Name<ForwardAlgorithm>>(
    'the name of an algorithm',
    "a name such as 'FFT'",
    (v) => typeof v === 'string',
  )('algo', null),
);

export const transposedAlgo = p.ours(
  p.kind<Name<BackwardDataAlgorithm>>(
    'the name of an algorithm',
    "a name such as 'ALGO_1'",
    (v) => typeof v === 'string',
  )('algo', null),
);

/** Elements of zeros around a line; `'same'` keeps its length at stride 1, `'valid'` is 0. */
export const linePadding = p.kind<Single | 'same' | 'valid'>(
  'a whole number',
  "one number, 'same' or 'valid'",
  (v) =>
    v === 'same' ||
    v === 'valid' ||
    Number.isSafeInteger(typeof v === 'object' && v !== null && Array.isArray(v) && v.length === 1 ? v[0] : v),
);

/** Where the windows lie, in the graph's words. */
export function convAttrs(
  what: string,
  weight: Tensor,
  strides: Pair,
  padding: PlanePadding,
  dilations: Pair,
  groups: number,
): Conv2dAttrs {
  const [stride, dilation] = [pair(strides), pair(dilations)];
  return { stride, dilation, padding: convPadding(what, padding, weight, stride, dilation), groups };
}

function convPadding(
  what: string,
  padding: PlanePadding,
  weight: Tensor,
  stride: readonly number[],
  dilation: readonly number[],
): readonly [number, number, number, number] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    if (stride.some((s) => s !== 1)) fail(`${what}: padding 'same' needs stride 1, got ${formatShape(stride)}`);
    const [h, w] = [0, 1].map((d) => dilation[d] * (weight.shape[2 + d] - 1));
    return [Math.floor(h / 2), Math.ceil(h / 2), Math.floor(w / 2), Math.ceil(w / 2)];
  }
  if (Array.isArray(padding) && padding.length === 4)
    return padding as unknown as readonly [number, number, number, number];
  const [h, w] = pair(padding as Pair);
  return [h, h, w, w];
}
