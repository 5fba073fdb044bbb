/**
 * @file Pooling and its gradients, one kernel each. The gradients gather: every element of dx sums over the windows that
 * it lies in, in a fixed order, so that no atomics are needed and equal inputs give equal bits.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { elementAliases } from '../epilogue.ts';
import type { PoolDescriptor } from './descriptor.ts';
import { poolParams } from './descriptor.ts';

const group = 64;

/** y, and where `indices` is given, for each output the place of its largest input in the H×W plane (int32). */
export function maxPool(d: PoolDescriptor, slots: { x: Slot; y: Slot; indices?: Slot }): Launch {
  if (slots.indices === undefined) return launch(d, 'pool/1_max.wgsl', [slots.x], [slots.y], outputs(d));
  return launch(d, 'pool/2_max_indices.wgsl', [slots.x], [slots.y, slots.indices], outputs(d));
}

/** dx from dy and the indices that the forward pass kept. */
export function maxPoolBackward(d: PoolDescriptor, slots: { dy: Slot; indices: Slot; dx: Slot }): Launch {
  return launch(d, 'pool/3_max_backward.wgsl', [slots.dy, slots.indices], [slots.dx], inputs(d));
}

export function averagePool(d: PoolDescriptor, slots: { x: Slot; y: Slot }): Launch {
  return launch(d, 'pool/4_average.wgsl', [slots.x], [slots.y], outputs(d));
}

export function averagePoolBackward(d: PoolDescriptor, slots: { dy: Slot; dx: Slot }): Launch {
  return launch(d, 'pool/5_average_backward.wgsl', [slots.dy], [slots.dx], inputs(d));
}

const outputs = (d: PoolDescriptor): number => d.N * d.C * d.P * d.Q;
const inputs = (d: PoolDescriptor): number => d.N * d.C * d.H * d.W;

function launch(d: PoolDescriptor, file: string, from: readonly Slot[], to: readonly Slot[], elements: number): Launch {
  const { enable, alias } = elementAliases(d.dtype, 'FMA');
  const averages = d.mode === 'max' ? [] : [`pool/${d.mode.replaceAll(' ', '_')}.wgsl`];
  return {
    kernel: {
      label: file.replace('.wgsl', ''),
      spec: { enable, alias, const: { GROUP: group } },
      files: ['lib/grid.wgsl', 'lib/pool.wgsl', ...averages, file],
    },
    bindings: [...from.map(reads), ...to.map(writes), poolParams(d)],
    workgroups: linearGrid(ceilDiv(elements, group)),
  };
}
