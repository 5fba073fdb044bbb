/**
 * @file Autocast at a call: the operands in the dtypes that the table (autocast-policy.ts) wants of the function.
 *
 * The casts are nodes of the graph like any, so gradients go back through them in the dtypes of the forward pass, and
 * the function's own body runs without autocast, as PyTorch's operations do below theirs.
 */
import type { DType } from '../base/dtype.ts';
import { isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import * as e from '../graph/expr.ts';
import { isLeafNode } from '../graph/ops/identity.ts';
import type { Autocast } from '../graph/recording.ts';
import { recordingNow } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import type { Policy } from './autocast-policy.ts';
import { policyOf } from './autocast-policy.ts';
import { Tensor } from './tensor.ts';

/** A function's arguments under autocast; `undefined` where they are as they were given. */
export function castArguments(path: string, values: readonly unknown[], asksDtype: boolean): unknown[] | undefined {
  const { autocast } = recordingNow();
  if (!autocast) return undefined;
  const policy = policyOf(path, autocast.device);
  if (policy === undefined) return undefined;
  if (policy === 'refused')
    fail(
      `${path.slice(path.lastIndexOf('.') + 1)}: unsafe under autocast, since the logarithm of a rounded probability may be infinite; leave the sigmoid out and use binaryCrossEntropyWithLogits`,
    );
  const dtype = dtypeOf(policy, values, autocast);
  if (policy === 'float32' && asksDtype) return undefined;
  return values.map((value) => castValue(value, dtype, autocast));
}

function dtypeOf(policy: Exclude<Policy, 'refused'>, values: readonly unknown[], autocast: Autocast): DType {
  if (policy === 'lower') return autocast.dtype;
  if (policy === 'float32') return 'float32';
  const given = values.flat().flatMap((value) => (isEligible(value, autocast) ? [value.dtype] : []));
  return given.every((dtype) => dtype === autocast.dtype) ? autocast.dtype : 'float32';
}

/** Numbers and whole ones stay as they are, and tensors that are on another device. */
const isEligible = (value: unknown, { device }: Autocast): value is Tensor =>
  value instanceof Tensor && isFloat(value.dtype) && value.node.device === device;

function castValue(value: unknown, dtype: DType, autocast: Autocast): unknown {
  if (Array.isArray(value)) return value.map((item) => castValue(item, dtype, autocast));
  if (!isEligible(value, autocast) || value.dtype === dtype) return value;
  const { node } = value;
  return new Tensor(
    dtype === autocast.dtype && isWeight(node) ? knownCast(node, dtype, autocast) : e.cast(node, dtype),
  );
}

/** What PyTorch keeps the casts of: leaves of float32 that ask for a gradient. */
const isWeight = (node: Node): boolean => node.dtype === 'float32' && node.requiresGrad && isLeafNode(node);

/** Casts of weights by the region that made them; none of those that keep none. */
const castsOf = new WeakMap<Autocast, WeakMap<Node, Node>>();

/** Has a region keep casts, those of the region around it too. */
export function keepCasts(autocast: Autocast, around: Autocast | undefined): void {
  castsOf.set(autocast, (around && castsOf.get(around)) ?? new WeakMap<Node, Node>());
}

/**
 * One cast of a weight, however often the region reads it; in each call of a module its own, so that the call stands
 * for itself in the remote program. Compiled code has equal casts once anyway.
 */
function knownCast(node: Node, dtype: DType, autocast: Autocast): Node {
  const { scope, gradMode, compiled } = recordingNow();
  const casts = compiled ? undefined : castsOf.get(autocast);
  const known = casts?.get(node);
  if (known && known.dtype === dtype && known.scope === scope && known.requiresGrad === gradMode) return known;
  const made = e.cast(node, dtype);
  casts?.set(node, made);
  return made;
}
