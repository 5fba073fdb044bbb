/**
 * @file What a pass is: a pure function from graph to graph, and what it may ask.
 */
import type { DeviceTraits } from '../../dnn/algorithm.ts';
import type { Limits } from '../../dnn/choice/candidates.ts';
import type { Graph } from '../graph.ts';

/** Where the schedule will run, and what the program rules out there. */
export interface Where {
  readonly device: DeviceTraits;
  readonly limits?: Limits;
  /** Bytes that intermediates may take together, where memory is short. */
  readonly room?: number;
}

/** WebGPU guarantees eight storage buffers a stage. */
export const maxBuffers = 8;

/** Longer kernels take long to compile and gain nothing. */
export const maxSteps = 64;

export interface Pass {
  /** One sentence for people. */
  readonly about: string;
  readonly run: (graph: Graph, where: Where) => Graph;
}
