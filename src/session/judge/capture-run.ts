/**
 * @file What this side gives for a comparison beside the program's own results: the output of each layer, and
 * gradients, of the model's graph computed once more with those as results.
 *
 * A layer that is a result is not fused with what follows it, so the numbers are the layer's own.
 */
import type { HostArray } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import * as e from '../../graph/expr.ts';
import { assigned } from '../../graph/ops/identity.ts';
import { leaf } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node, TracedModel } from '../../graph/types.ts';
import { capturedGradients, capturedLayers } from '../../remote/capture.ts';
import { grad } from '../../torch/autograd.ts';
import { Tensor } from '../../torch/tensor.ts';
import type { Variation } from './rerecord.ts';
import { rerecord } from './rerecord.ts';

/** A tensor of this side: the node that says what it is, and its numbers. */
export interface HostCopy {
  readonly node: Node;
  readonly data: HostArray;
}

export interface Capture {
  readonly outputs: readonly HostCopy[];
  /** By path. */
  readonly layers: ReadonlyMap<string, HostCopy>;
  /** By their names in the results. */
  readonly gradients: ReadonlyMap<string, HostCopy>;
}

export interface CaptureRequest {
  readonly layers: boolean;
  readonly gradients: boolean;
}

/** Computes nodes and reads them back, in one go. */
export type Compute = (nodes: readonly Node[]) => Promise<readonly HostArray[]>;

/**
 * Computes what is wanted. The nodes that are given are of a second copy that is not computed: one that was has
 * forgotten its history, and the float64 machine wants to compute it itself. What it starts from is read to the host.
 */
export async function captureRun(
  model: TracedModel,
  wanted: CaptureRequest,
  compute: Compute,
  variation: Variation = {},
): Promise<Capture> {
  const inputs = await compute(model.inputs);
  await compute([...model.state.values(), ...(model.training?.targets ?? [])]);
  const computed = replicate(model, wanted, inputs, variation);
  const truth = replicate(model, wanted, inputs);
  const values = await compute(all(computed));
  const data = new Map(all(truth).map((node, i) => [node, values[i]]));
  const hold = (nodes: ReadonlyMap<string, Node>): Map<string, HostCopy> =>
    new Map([...nodes].map(([name, node]) => [name, { node, data: data.get(node)! }]));
  return {
    outputs: truth.outputs.map((node) => ({ node, data: data.get(node)! })),
    layers: hold(truth.layers),
    gradients: hold(truth.gradients),
  };
}

interface Replica {
  readonly outputs: readonly Node[];
  readonly layers: ReadonlyMap<string, Node>;
  readonly gradients: ReadonlyMap<string, Node>;
}

const all = ({ outputs, layers, gradients }: Replica): Node[] => [
  ...outputs,
  ...layers.values(),
  ...gradients.values(),
];

function replicate(
  model: TracedModel,
  wanted: CaptureRequest,
  inputData: readonly HostArray[],
  variation: Variation = {},
): Replica {
  const { inputs, state, outputs } = model;
  const given = new Map<Node, Node>(
    [...state.values()].map((node) => [node, node.requiresGrad ? assigned(node, true) : node]),
  );
  inputs.forEach((node, i) => given.set(node, leaf(node, node.device, inputData[i], isFloat(node.dtype))));
  const copies = rerecord(outputs, given, variation);
  const layers = wanted.layers
    ? [...capturedLayers(model).kept].map(([path, node]): [string, Node] => [path, copies.get(node)!])
    : [];
  return {
    outputs: outputs.map((node) => copies.get(node)!),
    layers: new Map(layers),
    gradients: wanted.gradients
      ? recordingWith({ gradMode: true }, () => gradientsOf(model, copies, variation))
      : new Map(),
  };
}

function gradientsOf(model: TracedModel, copies: ReadonlyMap<Node, Node>, variation: Variation): Map<string, Node> {
  const { kept } = capturedGradients(model);
  const sources = [...kept.values()].map((node) => new Tensor(copies.get(node)!));
  const found = grad(new Tensor(lossOf(model, copies, variation)), sources, { allowUnused: true });
  return new Map([...kept.keys()].flatMap((name, i) => (found[i] ? [[name, found[i].node] as const] : [])));
}

/** The program's own loss of the copies, or else the sum of the outputs. */
export function lossOf(
  { outputs, training }: TracedModel,
  copies: ReadonlyMap<Node, Node>,
  variation: Variation = {},
): Node {
  const results = outputs.map((node) => copies.get(node)!);
  if (training)
    return rerecord([training.loss], new Map(outputs.map((node, i) => [node, results[i]])), variation).get(
      training.loss,
    )!;
  const sums = results
    .filter((node) => isFloat(node.dtype))
    .map((node) =>
      e.sum(
        node,
        node.shape.map((_, d) => d),
      ),
    );
  return sums.reduce((a, b) => e.add(a, e.cast(b, a.dtype)));
}
