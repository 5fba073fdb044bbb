/**
 * @file Evaluates cases with our tensors: outputs, gradients, gradients of gradients, by name.
 */
import type { HostTensor } from '../../src/base/safetensors.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { engine } from '../../src/compile/engine.ts';
import { permute } from '../../src/graph/expr.ts';
import { slice } from '../../src/graph/ops/views.ts';
import { record } from '../../src/graph/record.ts';
import type { DeviceType, Node } from '../../src/graph/types.ts';
import { grad } from '../../src/torch/autograd.ts';
import { autocast } from '../../src/torch/amp.ts';
import { fromHost, tensor } from '../../src/torch/creation.ts';
import '../../src/torch/torch.ts';
import { Tensor, readTensor } from '../../src/torch/tensor.ts';
import type { Case, CaseOptions, Placement } from './case.ts';
import { incomingGradient, stored } from './case.ts';

/** What a case gives, by name: `out`, `out1`, `grad x`, `grad2 x`. */
export type Results = ReadonlyMap<string, HostTensor>;

/** The cases' results on a device, computed in one schedule. */
export async function evaluateCases(cases: readonly Case[], device: DeviceType): Promise<Results[]> {
  const recorded = cases.map((c) => recordCase(c, device));
  await engine.realize(recorded.flatMap((tensors) => [...tensors.values()].map((t) => t.node)));
  return Promise.all(
    recorded.map(async (tensors) => {
      const entries = [...tensors].map(async ([name, t]): Promise<[string, HostTensor]> => [
        name,
        { shape: t.node.shape, dtype: t.dtype, data: await readTensor(t) },
      ]);
      return new Map(await Promise.all(entries));
    }),
  );
}

export function recordCase(c: Case, device: DeviceType): Map<string, Tensor> {
  const twice = c.grad === 'twice';
  const leaves: Record<string, Tensor> = {};
  const seen: Record<string, Tensor> = {};
  for (const [name, { dtype, placement, gradient }] of Object.entries(c.inputs)) {
    const { shape, data } = stored(c, name);
    leaves[name] = fromHost(data, shape, dtype, { device, requiresGrad: gradient && c.grad !== false });
    seen[name] = new Tensor(placed(leaves[name].node, placement));
  }
  const results = new Map<string, Tensor>();
  const result = c.autocast ? autocast(device, () => c.ours(seen)) : c.ours(seen);
  const outputs = [result].flat() as Tensor[];
  outputs.forEach((t, i) => results.set(i === 0 ? 'out' : `out${i}`, t));

  const wanted = Object.keys(leaves).filter((name) => leaves[name].requiresGrad);
  const gradients = differentiate(c, outputs, wanted, leaves, { createGraph: twice, retainGraph: true });
  for (const [name, grad] of gradients) results.set(`grad ${name}`, grad);
  if (twice)
    for (const [name, grad] of differentiate(c, [...gradients.values()], wanted, leaves, {}))
      results.set(`grad2 ${name}`, grad);
  return results;
}

/** The gradients of the outputs that have one, for the leaves that get one. */
function differentiate(
  c: CaseOptions,
  outputs: readonly Tensor[],
  wanted: readonly string[],
  leaves: Record<string, Tensor>,
  options: { createGraph?: boolean; retainGraph?: boolean },
): Map<string, Tensor> {
  const floating = outputs.filter((t) => t.requiresGrad);
  if (floating.length === 0 || wanted.length === 0) return new Map();
  const seeds = floating.map((t) =>
    tensor(incomingGradient(c, sizeOf(t.node.shape)), { shape: t.node.shape, dtype: t.dtype, device: t.device }),
  );
  const grads = grad(
    floating,
    wanted.map((name) => leaves[name]),
    { ...options, gradOutputs: seeds, allowUnused: true },
  );
  return new Map(wanted.flatMap((name, i) => (grads[i] ? [[name, grads[i]!]] : [])));
}

/** The node of that shape whose elements lie as told in the leaf. */
export function placed(node: Node, placement: Placement): Node {
  if (placement === 'permuted')
    return permute(
      node,
      node.shape.map((_, d) => node.shape.length - 1 - d),
    );
  const last = node.shape.length - 1;
  if (placement === 'stepped') return record(slice, [node], { dim: last, start: 0, end: node.shape[last], step: 2 });
  return node;
}
