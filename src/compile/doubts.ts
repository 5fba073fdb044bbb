/**
 * @file Where the program recorded what its device cannot compute: float16 without shader-f16, tensors beyond the largest buffer. That is
 * known when they are computed, lines later, if at all: what is fused away needs no buffer.
 */
import { DeviceLostError } from '../base/errors.ts';
import type { Device } from '../gpu/device.ts';
import { recorded } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import { deviceBytes } from './lower/move.ts';

/** By node, an error that was made where it was recorded. */
const places = new WeakMap<Node, Error>();

/** From here on, nodes that the device may refuse remember their place. */
export function doubtOn({ features, limits }: Device): void {
  const largest = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const isDoubtful = (node: Node): boolean =>
    node.device === 'webgpu' &&
    ((node.dtype === 'float16' && !features.has('shader-f16')) || deviceBytes(node) > largest);
  recorded.listener = (node) => {
    if (isDoubtful(node)) places.set(node, new Error(node.op.name));
  };
}

/** The error of computing nodes, placed where the first doubtful one was recorded. */
export function placed(error: unknown, nodes: Iterable<Node>): unknown {
  if (!(error instanceof Error) || error instanceof DeviceLostError) return error;
  for (const node of nodes) {
    const frames = places.get(node)?.stack?.split('\n').slice(1);
    if (!frames) continue;
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
    break;
  }
  return error;
}
