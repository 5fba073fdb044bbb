/**
 * @file Operations that walk along one dimension, row by row: softmax, running sums and products.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ScanAttrs } from '../../graph/ops/scan.ts';
import type { Node } from '../../graph/types.ts';
import type { LowerContext, Lowering } from './context.ts';
import type { Total } from './reduce.ts';
import { combineFiles } from './reduce.ts';

const group = 64;
/** A workgroup a row pays off from this many elements each… */
const longEnough = 128;
/** …unless there are enough rows to keep every invocation busy. */
const manyRows = 16384;

/** `form`: what an element becomes, an exponential or a logarithm. */
export const lowerSoftmax =
  (form: 'exponential' | 'logarithm'): Lowering =>
  (node, context) =>
    overRows(node, context, 'softmax', {
      const: { LOGARITHM: String(form === 'logarithm') },
      files: ['lib/math.wgsl', 'lib/exponential.wgsl', 'softmax/finish.wgsl'],
    });

export const lowerScan =
  (total: Total): Lowering =>
  (node, context) => {
    const [x] = node.inputs;
    const { reverse } = node.attrs as ScanAttrs;
    const accumulator = context.assertion(node) ? total.whole : total.plain;
    const number = isFloat(x.dtype) ? 'f32' : 'i32';
    overRows(node, context, 'scan', {
      const: { REVERSE: String(reverse) },
      files: combineFiles(accumulator, node),
      alias: { Acc: accumulator.structure ?? number, Out: dtypes[node.dtype].wgsl },
    });
  };

function overRows(node: Node, context: LowerContext, folder: string, part: KernelPart): void {
  const [x] = node.inputs;
  const { dim } = node.attrs as { dim: number };
  const length = x.shape[dim];
  const rows = sizeOf(x.shape) / length;
  const workgroup = length >= longEnough && rows < manyRows;
  const name = `${folder}/${workgroup ? '2_workgroup' : '1_serial'}`;
  context.emit({
    kernel: {
      ...kernel(name, linear(group), part, {
        enable: x.dtype === 'float16' ? ['f16'] : [],
        alias: { Elem: dtypes[x.dtype].wgsl },
        files: ['lib/rows.wgsl'],
      }),
      label: `${name} ${node.op.name}`,
    },
    bindings: [
      reads(context.contiguous(x)),
      writes(context.result(node)),
      params(rows, length, sizeOf(x.shape.slice(dim + 1))),
    ],
    epilogue: context.assertion(node),
    workgroups: linearGrid(workgroup ? rows : ceilDiv(rows, group)),
  });
}
