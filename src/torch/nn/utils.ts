/**
 * @file torch.nn.utils: gradient clipping, which changes `grad` of the parameters in place and computes nothing until
 * it is needed; parameters as one vector.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { amax } from '../../graph/ops/reduce.ts';
import { record } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import { cat } from '../ops/combine.ts';
import { withFusion } from '../compiler/fusion.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

const parameters = p.kind<Tensor | Iterable<Tensor>>(
  'parameters',
  'model.parameters(), or a list of tensors',
  (v) => typeof v === 'object' && v !== null && (v instanceof Tensor || Symbol.iterator in v),
)('parameters');
/** PyTorch's way to launch fewer kernels, which changes no number. */
const foreach = p.flag('foreach', null);

const gradientsOf = (parameters: Tensor | Iterable<Tensor>): Tensor[] =>
  (parameters instanceof Tensor ? [parameters] : [...parameters]).flatMap((p) => p.gradient ?? []);

const all = (node: Node): number[] => node.shape.map((_, d) => d);

/**
 * Scales all gradients down together if their total norm is above `maxNorm`. Returns the norm before scaling.
 * `normType`: 2, 1, another positive number, or Infinity.
 */
export const clipGradNorm_ = fn(
  'nn.utils.clip_grad_norm_',
  [
    parameters,
    p.float('maxNorm'),
    p.float('normType', 2),
    p.refused('errorIfNonfinite', false, 'look at the norm that it gives'),
    foreach,
  ],
  (parameters, maxNorm, normType): Tensor => {
    const grads = gradientsOf(parameters);
    if (grads.length === 0) return fail('clipGradNorm_: no parameter has a gradient; call it after backward()');
    return recordingWith({ gradMode: false }, () =>
      withFusion(() => {
        const total = totalNorm(
          grads.map((grad) => grad.node),
          normType,
        );
        const ratio = e.div(e.fullLike(total, maxNorm), e.add(total, 1e-6));
        const factor = e.where(e.gt(ratio, 1), 1, ratio);
        for (const grad of grads) grad.setNode(e.mul(grad.node, factor));
        return new Tensor(total);
      }),
    );
  },
);

function totalNorm(grads: readonly Node[], p: number): Node {
  if (!(p > 0)) fail(`clipGradNorm_: normType is ${p}; it must be above 0`);
  if (p === Infinity) {
    return grads
      .map((g) => record(amax, [e.abs(g)], { dims: all(g), keepdim: false }))
      .reduce((a, b) => e.maximum(a, b));
  }
  const power = (g: Node): Node => (p === 2 ? e.mul(g, g) : p === 1 ? e.abs(g) : e.pow(e.abs(g), p));
  const sum = grads.map((g) => e.sum(power(g), all(g))).reduce((a, b) => e.add(a, b));
  return p === 2 ? e.sqrt(sum) : p === 1 ? sum : e.pow(sum, 1 / p);
}

/** Clamps every element of the gradients to ±clipValue. */
export const clipGradValue_ = fn(
  'nn.utils.clip_grad_value_',
  [parameters, p.float('clipValue'), foreach],
  (parameters, clipValue): void => {
    if (!(clipValue >= 0)) fail(`clipGradValue_: clipValue is ${clipValue}; it must be at least 0`);
    recordingWith({ gradMode: false }, () =>
      withFusion(() => {
        for (const grad of gradientsOf(parameters)) {
          const below = e.where(e.gt(grad.node, clipValue), clipValue, grad.node);
          grad.setNode(e.where(e.lt(below, -clipValue), -clipValue, below));
        }
      }),
    );
  },
);

/** All parameters one after another, as a vector; gradients flow back to them. */
export const parametersToVector = fn('nn.utils.parameters_to_vector', [parameters], (parameters): Tensor => {
  const all = parameters instanceof Tensor ? [parameters] : [...parameters];
  return all.length > 0 ? cat(all.map((x) => x.reshape(-1))) : fail('parametersToVector: got no parameters');
});

/** Gives the parameters the elements of a vector, one after another. */
export const vectorToParameters = fn(
  'nn.utils.vector_to_parameters',
  [p.tensor('vec'), parameters],
  (vec, parameters): void => {
    const all = parameters instanceof Tensor ? [parameters] : [...parameters];
    const count = all.reduce((n, { node }) => n + sizeOf(node.shape), 0);
    if (vec.ndim !== 1 || vec.node.shape[0] !== count)
      fail(
        `vectorToParameters: the vector has ${sizeOf(vec.node.shape)} elements and the parameters ${count}; they must be as many`,
      );
    let start = 0;
    recordingWith({ gradMode: false }, () => {
      for (const x of all) {
        const end = start + sizeOf(x.node.shape);
        x.copy_(
          vec
            .detach()
            .slice(0, start, end)
            .reshape([...x.node.shape]),
        );
        start = end;
      }
    });
  },
);
