/**
 * @file Reductions: over strided inputs without copying them, by one invocation or by one workgroup an output.
 */
import { dtypes } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ReduceAttrs } from '../../graph/ops/reduce.ts';
import { collapse } from '../layout.ts';
import type { Lowering } from './context.ts';

const group = 64;
/** A workgroup an output pays off from this many elements each… */
const longEnough = 256;
/** …unless there are enough outputs to keep every invocation busy. */
const manyOutputs = 16384;

/** `shaders/lib/reduce.wgsl` walks this many kept and reduced dimensions. */
const maxRank = 4;

export const lowerReduce: Lowering = (node, context) => {
  const [x] = node.inputs;
  const { dims } = node.attrs as ReduceAttrs;
  let { slot, layout } = context.view(x);
  let parts = split(x.shape, layout.strides, dims);
  if (parts.kept.sizes.length > maxRank || parts.along.sizes.length > maxRank) {
    slot = context.contiguous(x);
    layout = { ...layout, offset: 0 };
    parts = split(x.shape, x.shape.map((_, d) => sizeOf(x.shape.slice(d + 1))), dims);
  }
  const outputs = sizeOf(node.shape);
  const length = dims.reduce((n, d) => n * x.shape[d], 1);
  const workgroup = length >= longEnough && outputs < manyOutputs;
  const floating = dtypes[x.dtype].kind === 'float';
  const half = x.dtype === 'float16' || node.dtype === 'float16';
  const file = workgroup ? 'reduce/2_workgroup.wgsl' : 'reduce/1_serial.wgsl';
  context.emit({
    kernel: {
      label: `${file.replace('.wgsl', '')} ${node.op.name}`,
      spec: {
        enable: half ? ['f16'] : [],
        const: { GROUP: group, LEAST: floating ? '-3.4028234663852886e38f' : '-2147483648i', GREATEST: floating ? '3.4028234663852886e38f' : '2147483647i' },
        alias: { Elem: dtypes[x.dtype].wgsl, Acc: floating ? 'f32' : 'i32', Out: dtypes[node.dtype].wgsl },
      },
      files: ['lib/grid.wgsl', 'lib/reduce.wgsl', `reduce/combine_${node.op.name}.wgsl`, file],
    },
    bindings: [
      reads(slot),
      writes(context.result(node)),
      params(outputs, length, layout.offset, ...padded(parts.kept.sizes, 1), ...padded(parts.kept.strides[0], 0), ...padded(parts.along.sizes, 1), ...padded(parts.along.strides[0], 0)),
    ],
    workgroups: linearGrid(workgroup ? outputs : ceilDiv(outputs, group)),
  });
};

function split(shape: readonly number[], strides: readonly number[], dims: readonly number[]) {
  const pick = (wanted: boolean) => {
    const chosen = shape.map((_, d) => d).filter((d) => dims.includes(d) === wanted);
    return collapse(chosen.map((d) => shape[d]), [chosen.map((d) => strides[d])]);
  };
  return { kept: pick(false), along: pick(true) };
}

/** Four values, the absent outer ones filled in. */
const padded = (values: readonly number[], fill: number): number[] => [...new Array<number>(maxRank - values.length).fill(fill), ...values];
