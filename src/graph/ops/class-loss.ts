/**
 * @file The loss of class indices: minus the logarithm of the probability of each sample's class. `F.nll_loss` of
 * logarithms, and
 * `F.cross_entropy` of scores, whose gradient is softmax less one for the class.
 *
 * A sample is a position of [N, C, …] without its classes. Classes are in range: whoever records these operations
 * checks that. A mean divides by the weights of the samples' classes. That total is a node of its own (`classTotal`),
 * since the gradient needs it; loss and total are twins, which one kernel computes.
 */
import { sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, Node, Op, Operand, TensorType } from '../types.ts';

export interface ClassLossAttrs extends Attrs {
  /** The dimension of classes. */
  readonly dim: number;
  /** Samples of this class count for nothing. */
  readonly ignoreIndex: number;
  readonly reduction: 'none' | 'mean' | 'sum';
  /** The first operand is scores, the second their logSoftmax; else the only one is logarithms. */
  readonly scores: boolean;
}

export interface ClassLossBackwardAttrs extends ClassLossAttrs {
  /** Of the scores. */
  readonly shape: readonly number[];
}

/** The operands of a loss by role. */
export function lossOperands<T>(inputs: readonly T[], { scores }: ClassLossAttrs): LossOperands<T> {
  const [logs, labels, weight] = scores ? inputs.slice(1) : inputs;
  return { logs, labels, weight };
}

export interface LossOperands<T> {
  readonly logs: T;
  readonly labels: T;
  readonly weight?: T;
}

/** The operands of a loss's gradient by role: a mean's has its total, that of scores their logarithms. */
export function lossBackwardOperands<T>(
  inputs: readonly T[],
  { reduction, scores }: ClassLossAttrs,
): { readonly g: T; readonly labels: T; readonly total?: T; readonly logs?: T; readonly weight?: T } {
  const rest = [...inputs];
  const next = (): T => rest.shift()!;
  const [g, labels] = [next(), next()];
  const total = reduction === 'mean' ? next() : undefined;
  const logs = scores ? next() : undefined;
  return { g, labels, total, logs, weight: rest[0] };
}

interface Sample {
  /** Its number. */
  readonly n: number;
  /** Its place in a tensor of `size` classes, of class 0, and how far classes are apart. */
  readonly at: number;
  readonly step: number;
  readonly label: number;
  readonly weight: number;
}

/** Calls `visit` for every sample that is not ignored. */
function eachSample(
  labels: Operand,
  weight: Operand | undefined,
  shape: readonly number[],
  { dim, ignoreIndex }: ClassLossAttrs,
  visit: (sample: Sample) => void,
): void {
  const classes = shape[dim];
  const step = sizeOf(shape.slice(dim + 1));
  labels.data.forEach((label, n) => {
    if (label === ignoreIndex) return;
    const at = Math.floor(n / step) * classes * step + (n % step);
    visit({ n, at, step, label, weight: weight?.data[label] ?? 1 });
  });
}

const optional = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

/** Operands: lossOperands. Its value is a number, or one a sample where the reduction is `'none'`. */
export const classLoss: Op<ClassLossAttrs> = {
  name: 'classLoss',
  infer: (inputs, attrs) => {
    const { logs, labels } = lossOperands<TensorType>(inputs, attrs);
    return { shape: attrs.reduction === 'none' ? labels.shape : [], dtype: logs.dtype };
  },
  reference: (inputs, attrs) => {
    const { logs, labels, weight } = lossOperands(inputs, attrs);
    const losses = new Float64Array(labels.data.length);
    let total = 0;
    eachSample(labels, weight, logs.shape, attrs, (sample) => {
      losses[sample.n] = -logs.data[sample.at + sample.label * sample.step] * sample.weight;
      total += sample.weight;
    });
    if (attrs.reduction === 'none') return losses;
    const sum = losses.reduce((a, b) => a + b, 0);
    return Float64Array.of(attrs.reduction === 'mean' ? sum / total : sum);
  },
  gradient: ({ inputs, attrs, grad }) => {
    const { logs, labels, weight } = lossOperands(inputs, attrs);
    const total = attrs.reduction === 'mean' ? record(classTotal, inputs, attrs) : undefined;
    const operands = [grad, labels, ...optional(total), ...(attrs.scores ? [logs] : []), ...optional(weight)];
    const back = record(classLossBackward, operands, { ...attrs, shape: logs.shape });
    return inputs.map((_, i) => (i === 0 ? back : undefined));
  },
  sums: sumsOf(1, (inputs, attrs) => sizeOf(lossOperands(inputs, attrs).labels.shape)),
  twin: 'classTotal',
  python: (inputs, attrs) => {
    const { logs, labels, weight } = lossOperands(inputs, attrs);
    const call = attrs.scores ? `F.cross_entropy(${inputs[0]}` : `F.nll_loss(${logs}`;
    const options = [weight && `weight=${weight}`, `ignore_index=${attrs.ignoreIndex}`].filter(Boolean).join(', ');
    return `${call}, ${labels}.long(), ${options}, reduction='${attrs.reduction}')`;
  },
};

/**
 * What the mean divides by: the weights of the classes of all samples that count. The loss's operands, and its
 * attributes.
 */
export const classTotal: Op<ClassLossAttrs> = {
  name: 'classTotal',
  infer: () => ({ shape: [], dtype: 'float32' }),
  reference: (inputs, attrs) => {
    const { logs, labels, weight } = lossOperands(inputs, attrs);
    let total = 0;
    eachSample(labels, weight, logs.shape, attrs, (sample) => {
      total += sample.weight;
    });
    return Float64Array.of(total);
  },
  gradient: 'none',
  sums: sumsOf(0, (inputs, attrs) => sizeOf(lossOperands(inputs, attrs).labels.shape)),
  twin: 'classLoss',
  python: (inputs, attrs) => countsInPython(lossOperands(inputs, attrs), attrs) + '.sum()',
};

const countsInPython = (
  { labels, weight }: { readonly labels: string; readonly weight?: string },
  { ignoreIndex }: ClassLossAttrs,
): string => {
  const counted = `(${labels} != ${ignoreIndex})`;
  return weight ? `(${counted} * ${weight}[${labels}.long() * ${counted}])` : `${counted}.float()`;
};

/** Operands: lossBackwardOperands. */
export const classLossBackward: Op<ClassLossBackwardAttrs> = {
  name: 'classLossBackward',
  infer: ([g], { shape }) => ({ shape, dtype: g.dtype }),
  reference: (inputs, attrs) => {
    const { g, labels, total, logs, weight } = lossBackwardOperands(inputs, attrs);
    const out = new Float64Array(sizeOf(attrs.shape));
    eachSample(labels, weight, attrs.shape, attrs, (sample) => {
      const own = attrs.reduction === 'none' ? g.data[sample.n] : g.data[0];
      const share = (total ? own / total.data[0] : own) * sample.weight;
      for (let c = 0; c < attrs.shape[attrs.dim]; c++) {
        const i = sample.at + c * sample.step;
        const probability = logs ? Math.exp(logs.data[i]) : 0;
        if (logs || c === sample.label) out[i] = (probability - (c === sample.label ? 1 : 0)) * share;
      }
    });
    return out;
  },
  gradient: ({ inputs, attrs, grad, needs }) => {
    const { g, labels, total, logs, weight } = lossBackwardOperands<Node>(inputs, attrs);
    const { shape: _, ...loss } = { ...attrs, scores: false };
    // Without scores the gradient is the loss's transpose, and the loss therefore this one's.
    const back = (v: Node): Node => record(classLoss, [v, labels, ...optional(weight)], loss);
    const { dim } = attrs;
    const spread = logs && e.mul(grad, e.exp(logs));
    const byG = needs(0)
      ? back(spread ? e.sub(grad, e.expand(e.sum(spread, [dim], true), grad.shape)) : grad)
      : undefined;
    const byLogs = (): Node => {
      const plain = record(classLossBackward, [g, labels, ...optional(total), ...optional(weight)], {
        ...attrs,
        scores: false,
      });
      return e.neg(e.mul(spread!, e.sum(plain, [dim], true)));
    };
    const place = logs ? inputs.indexOf(logs, 2) : -1;
    return inputs.map((_, i) => (i === 0 ? byG : i === place && needs(i) ? byLogs() : undefined));
  },
  sums: 'none',
  python: (inputs, attrs) => {
    const { g, labels, total, logs, weight } = lossBackwardOperands(inputs, attrs);
    const { dim, ignoreIndex, shape } = attrs;
    const counts = countsInPython({ labels, weight }, attrs);
    const hot = `F.one_hot(${labels}.long() * (${labels} != ${ignoreIndex}), ${shape[dim]}).movedim(-1, ${dim})`;
    const share = `(${g} * ${counts}${total ? ` / ${total}` : ''}).unsqueeze(${dim})`;
    return `((${logs ? `${logs}.exp()` : '0'} - ${hot}) * ${share})`;
  },
};
