/**
 * @file What a run brings back beside its outputs: the outputs of layers, and gradients. Both sides choose by this
 * file, so that they bring the same.
 */
import { dtypes, isFloat } from '../base/dtype.ts';
import { sizeOf } from '../base/shape.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { maxCapturedBytes, tensorNames } from './job.ts';
import { layerOutputs } from './modules.ts';
import { argumentNames } from './names.ts';

export interface Capture {
  /** By name, in the order of the model. */
  readonly kept: ReadonlyMap<string, Node>;
  /** Names of what would have been above the bound. */
  readonly leftOut: readonly string[];
}

/** The layers whose outputs are brought back, by path. */
export function capturedLayers(model: TracedModel): Capture {
  return withinBound(layerOutputs(model));
}

/**
 * What gradients are brought back of, by the name that each has in the results: parameters first, then floating inputs.
 */
export function capturedGradients(model: TracedModel): Capture {
  const parameters = [...model.state]
    .filter(([, node]) => node.requiresGrad)
    .map(([key, node]): [string, Node] => [tensorNames.gradient(key), node]);
  const names = argumentNames(model.inputs.length);
  const inputs = model.inputs.flatMap((node, i): [string, Node][] =>
    isFloat(node.dtype) ? [[tensorNames.inputGradient(names[i]), node]] : [],
  );
  // Weights that are tied are one parameter, under the first of their keys.
  const first = new Map([...parameters, ...inputs].toReversed().map(([name, node]) => [node, name]));
  return withinBound(new Map([...parameters, ...inputs].filter(([name, node]) => first.get(node) === name)));
}

/** As many as fit; a large one does not keep those behind it out. */
function withinBound(tensors: ReadonlyMap<string, Node>): Capture {
  const kept = new Map<string, Node>();
  const leftOut: string[] = [];
  let bytes = 0;
  for (const [name, node] of tensors) {
    const size = sizeOf(node.shape) * dtypes[node.dtype].hostBytes;
    if (bytes + size > maxCapturedBytes) leftOut.push(name);
    else {
      kept.set(name, node);
      bytes += size;
    }
  }
  return { kept, leftOut };
}
