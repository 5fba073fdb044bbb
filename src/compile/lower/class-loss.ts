/**
 * @file Losses of class indices, and their gradients: a kernel each, where the samples are few enough for one
 * workgroup.
 */
import { dtypes } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Binding, KernelPart, Launch, ParamsBinding } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ClassLossAttrs, ClassLossBackwardAttrs } from '../../graph/ops/class-loss.ts';
import { classLoss, classTotal, lossBackwardOperands, lossOperands } from '../../graph/ops/class-loss.ts';
import type { Node } from '../../graph/types.ts';
import type { LowerContext, Lowering } from './context.ts';

const group = 64;

/** Samples that a workgroup adds up where there are more than one can. */
const chunkLength = 4096;
const mostChunks = 1024;

/** Binding 3, `struct Classes` of shaders/loss/classes.wgsl. */
function classesOf(shape: readonly number[], { dim, ignoreIndex }: ClassLossAttrs, chunk: number): ParamsBinding {
  const classes = shape[dim];
  return params(sizeOf(shape) / classes, classes, sizeOf(shape.slice(dim + 1)), ignoreIndex, chunk);
}

const elementPart = (node: Node): KernelPart => ({
  enable: node.dtype === 'float16' ? ['f16'] : [],
  alias: { Elem: dtypes[node.dtype].wgsl },
  files: ['loss/classes.wgsl'],
});

const weightPart = (weight: Node | undefined): KernelPart => ({
  enable: weight?.dtype === 'float16' ? ['f16'] : [],
  alias: weight ? { Weight: dtypes[weight.dtype].wgsl } : {},
  files: [`loss/weight_${weight ? 'by_class' : 'one'}.wgsl`],
});

/** Bindings in order; one that a kernel does without is filled with another that it reads, where more come after it. */
function filled(...bindings: readonly (Binding | undefined)[]): Binding[] {
  const end = bindings.findLastIndex((binding) => binding !== undefined) + 1;
  return bindings.slice(0, end).map((binding) => binding ?? bindings[1]!);
}

const optional = (node: Node | undefined, context: LowerContext): Binding | undefined =>
  node && reads(context.contiguous(node));

/** A loss, its total, or both by one kernel. */
export const lowerClassLoss: Lowering = (node, context) => {
  const attrs = node.attrs as ClassLossAttrs;
  const wanted = [node, context.twin(node)];
  const [loss, total] = [classLoss, classTotal].map((op) => wanted.find((n) => n?.op === op));
  const { logs, labels, weight } = lossOperands(node.inputs, attrs);
  const samples = sizeOf(labels.shape);
  const operands = [reads(context.contiguous(logs)), reads(context.contiguous(labels))];
  const weights = optional(weight, context);
  const bySample = [elementPart(logs), weightPart(weight), { files: ['loss/sample.wgsl'] }];

  if (attrs.reduction === 'none') {
    return context.emit({
      kernel: kernel('loss/each', linear(group), ...bySample),
      bindings: filled(...operands, writes(context.result(node)), classesOf(logs.shape, attrs, samples), weights),
      workgroups: linearGrid(ceilDiv(samples, group)),
    });
  }
  const delivered = writes(loss ? context.result(loss) : context.temporary(4));
  const totals = writes(total ? context.result(total) : context.temporary(4));
  const whole = { const: { MEAN: String(attrs.reduction === 'mean') }, files: ['loss/deliver_loss.wgsl'] };
  const reduced = (part: KernelPart[], bindings: Binding[], workgroups: number): Launch => ({
    kernel: kernel('loss/reduced', linear(group), ...part),
    bindings,
    workgroups: [workgroups, 1, 1],
  });
  const chunk = Math.max(chunkLength, ceilDiv(samples, mostChunks));
  const chunks = Math.max(1, ceilDiv(samples, chunk));
  const classes = classesOf(logs.shape, attrs, chunk);
  if (chunks === 1)
    return context.emit(reduced([...bySample, whole], filled(...operands, delivered, classes, weights, totals), 1));
  const sums = context.temporary(8 * chunks);
  return context.emit(
    reduced(
      [...bySample, { files: ['loss/deliver_sums.wgsl'] }],
      filled(...operands, writes(sums), classes, weights),
      chunks,
    ),
    reduced(
      [elementPart(logs), whole, { files: ['loss/stored.wgsl'] }],
      filled(reads(sums), reads(sums), delivered, params(chunks, 1, 1, 0, chunks), undefined, totals),
      1,
    ),
  );
};

export const lowerClassLossBackward: Lowering = (node, context) => {
  const attrs = node.attrs as ClassLossBackwardAttrs;
  const { g, labels, total, logs, weight } = lossBackwardOperands(node.inputs, attrs);
  context.emit({
    kernel: kernel('loss/backward', linear(group), elementPart(node), weightPart(weight), {
      files: [
        'lib/math.wgsl',
        'lib/exponential.wgsl',
        `loss/by_${logs ? 'scores' : 'logs'}.wgsl`,
        `loss/share_${attrs.reduction}.wgsl`,
      ],
    }),
    bindings: filled(
      reads(context.contiguous(g)),
      reads(context.contiguous(labels)),
      writes(context.result(node)),
      classesOf(attrs.shape, attrs, 0),
      optional(weight, context),
      optional(logs, context),
      optional(total, context),
    ),
    workgroups: linearGrid(ceilDiv(sizeOf(attrs.shape), group)),
  });
};
