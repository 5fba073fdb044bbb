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

/** The maxima y, their places in the H×W plane (int32), or both. */
export function maxPool(d: PoolDescriptor, slots: { x: Slot; y?: Slot; places?: Slot }): Launch {
  const kept = [slots.y, slots.places].filter((slot) => slot !== undefined);
  const keep = kept.length === 2 ? 'both' : slots.y === undefined ? 'place' : 'value';
  return launch(d, ['lib/math.wgsl', `pool/keep_${keep}.wgsl`, 'pool/1_max.wgsl'], [slots.x], kept, outputs(d));
}

/** dx from dy and the places that the forward pass kept. */
export function maxPoolBackward(d: PoolDescriptor, slots: { dy: Slot; places: Slot; dx: Slot }): Launch {
  return launch(d, ['pool/2_max_backward.wgsl'], [slots.dy, slots.places], [slots.dx], inputs(d));
}

export function averagePool(d: PoolDescriptor, slots: { x: Slot; y: Slot }): Launch {
  return launch(d, [divisorFile(d), 'pool/3_average.wgsl'], [slots.x], [slots.y], outputs(d));
}

export function averagePoolBackward(d: PoolDescriptor, slots: { dy: Slot; dx: Slot }): Launch {
  return launch(d, [divisorFile(d), 'pool/4_average_backward.wgsl'], [slots.dy], [slots.dx], inputs(d));
}

const outputs = (d: PoolDescriptor): number => d.N * d.C * d.P * d.Q;
const inputs = (d: PoolDescriptor): number => d.N * d.C * d.H * d.W;

const divisorFile = (d: PoolDescriptor): string => `pool/${d.mode.replaceAll(' ', '_')}.wgsl`;

function launch(d: PoolDescriptor, files: readonly string[], from: readonly Slot[], to: readonly Slot[], elements: number): Launch {
  const { enable, alias } = elementAliases(d.dtype, 'FMA');
  return {
    kernel: {
      label: files[files.length - 1].replace('.wgsl', ''),
      spec: { enable, alias, const: { GROUP: group } },
      files: ['lib/grid.wgsl', 'lib/pool.wgsl', ...files],
    },
    bindings: [...from.map(reads), poolParams(d), ...to.map(writes)],
    workgroups: linearGrid(ceilDiv(elements, group)),
  };
}
