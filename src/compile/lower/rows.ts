/**
 * @file Operations that walk along one dimension, row by row: softmax, running sums and products.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { SpecBlock } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
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
    overRows(node, context, 'softmax', ['lib/math.wgsl', 'lib/exponential.wgsl', `softmax/${form}.wgsl`], {});

export const lowerScan =
  (total: Total): Lowering =>
  (node, context) => {
    const [x] = node.inputs;
    const { reverse } = node.attrs as ScanAttrs;
    const accumulator = context.assertion(node) ? total.whole : total.plain;
    const number = isFloat(x.dtype) ? 'f32' : 'i32';
    overRows(node, context, 'scan', combineFiles(accumulator, node), {
      const: { REVERSE: String(reverse) },
      alias: { Acc: accumulator.structure ?? number, Out: dtypes[node.dtype].wgsl },
    });
  };

function overRows(node: Node, context: LowerContext, folder: string, files: readonly string[], spec: SpecBlock): void {
  const [x] = node.inputs;
  const { dim } = node.attrs as { dim: number };
  const length = x.shape[dim];
  const rows = sizeOf(x.shape) / length;
  const workgroup = length >= longEnough && rows < manyRows;
  const file = `${folder}/${workgroup ? '2_workgroup' : '1_serial'}.wgsl`;
  context.emit({
    kernel: {
      label: `${file.replace('.wgsl', '')} ${node.op.name}`,
      spec: {
        enable: x.dtype === 'float16' ? ['f16'] : [],
        const: { GROUP: group, ...spec.const },
        alias: { Elem: dtypes[x.dtype].wgsl, ...spec.alias },
      },
      files: ['lib/grid.wgsl', 'lib/rows.wgsl', ...files, file],
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
