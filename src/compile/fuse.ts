/**
 * @file Fusion, for what was recorded inside a compiled module: a convolution takes what follows it.
 *
 * conv2d → add residual → activation → 2×2 max pool becomes one conv2dFused, and conv2d → batch norm by running statistics
 * becomes a conv2d with other filters and another bias. A link is fused only where nobody else reads what lies between, since then the
 * intermediate need never exist; whether the pool really is a part of the same kernel, the chooser decides. (Chains of
 * pointwise operations are fused later, when the schedule makes kernels of them.)
 */
import { sameShape, sizeOf } from '../base/shape.ts';
import type { DeviceTraits } from '../dnn/algorithm.ts';
import type { Limits } from '../dnn/choice/candidates.ts';
import { candidates } from '../dnn/choice/candidates.ts';
import { convProblem } from '../dnn/conv2d/problem.ts';
import * as e from '../graph/expr.ts';
import type { Conv2dAttrs } from '../graph/ops/conv2d.ts';
import { conv2d } from '../graph/ops/conv2d.ts';
import type { Conv2dFusedAttrs, Epilogue, Pool } from '../graph/ops/conv2d-fused.ts';
import { activationOf, conv2dFused, poolOf } from '../graph/ops/conv2d-fused.ts';
import { add, normalized } from '../graph/ops/elementwise/index.ts';
import { full } from '../graph/ops/full.ts';
import { record } from '../graph/record.ts';
import { recordingWith } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import { descriptorOf } from './lower/dnn.ts';

/** A convolution as it stands so far, and the node that recorded it. */
interface Convolution {
  readonly node: Node;
  readonly attrs: Conv2dFusedAttrs;
}

/** The convolution that a node is, or has become, if only one other node needs its value. */
type Before = (node: Node) => Convolution | undefined;

/** Where the schedule will run, and what the program rules out there. */
interface Where {
  readonly device: DeviceTraits;
  readonly limits?: Limits;
}

/** Each gives what stands for the node once the convolution before it has taken it up, where that can be. */
const rules: readonly ((node: Node, before: Before, where: Where) => Node | undefined)[] = [
  takeNorm,
  takeResidual,
  takeActivation,
  takePool,
];

/** Maps each node that fusion replaced to what stands for it; nodes without an entry stand for themselves. */
export function fuseConvolutions(order: readonly Node[], keep: ReadonlySet<Node>, where: Where): Map<Node, Node> {
  const readers = new Map<Node, number>();
  for (const node of order) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const replaced = new Map<Node, Node>();
  const before: Before = (node) =>
    node.compiled && readers.get(node) === 1 && !keep.has(node) ? convolutionOf(replaced.get(node) ?? node) : undefined;
  for (const node of order) {
    if (!node.compiled) continue;
    for (const rule of rules) {
      const fused = rule(node, before, where);
      if (!fused) continue;
      replaced.set(node, fused);
      break;
    }
  }
  return replaced;
}

function convolutionOf(node: Node): Convolution | undefined {
  if (node.op === conv2dFused) return { node, attrs: node.attrs as Conv2dFusedAttrs };
  if (node.op !== conv2d) return undefined;
  return {
    node,
    attrs: {
      ...(node.attrs as Conv2dAttrs),
      epilogue: { bias: node.inputs.length === 3, residual: false, activation: 'identity' },
    },
  };
}

const isBare = (conv: Convolution): boolean => isLinear(conv) && !conv.attrs.epilogue.residual;
const isLinear = ({ attrs: { epilogue } }: Convolution): boolean =>
  epilogue.activation === 'identity' && !epilogue.pool;

/**
 * Batch norm with running statistics multiplies each output channel by weight / √(variance + eps) and adds a number, and
 * so may the filters and the bias beforehand: the filters become what the norm makes of an image whose mean is 0, the
 * bias what it makes of one pixel. Only where no gradient is asked for, since that would need the filters as they were.
 */
function takeNorm(node: Node, before: Before): Node | undefined {
  if (node.op !== normalized || node.requiresGrad || node.attrs.training) return undefined;
  const [y, mean, ...rest] = node.inputs;
  if (y.shape.length !== 4 || ![mean, ...rest].every(({ shape }) => sameShape(shape, [y.shape[1], 1, 1])))
    return undefined;
  const conv = before(y);
  if (!conv || !isBare(conv)) return undefined;
  const [x, w, bias] = conv.node.inputs;
  const [variance, scale] = rest;
  const zero = full([], 'float32', 0, w.device);
  return made(conv, () => {
    const ofFilter = (t: Node): Node => e.reshape(t, [y.shape[1], 1, 1, 1]);
    const ofChannel = (t: Node): Node => e.reshape(t, [y.shape[1]]);
    const filters = record(
      normalized,
      [w, zero, ofFilter(variance), ...(scale ? [ofFilter(scale)] : [])],
      node.attrs as never,
    );
    const shift = record(
      normalized,
      [bias ?? full([], w.dtype, 0, w.device), ...[mean, ...rest].map(ofChannel)],
      node.attrs as never,
    );
    return record(conv2d, [x, filters, shift], conv.node.attrs as Conv2dAttrs);
  });
}

function takeResidual(node: Node, before: Before): Node | undefined {
  if (node.op !== add) return undefined;
  for (const [y, residual] of [node.inputs, node.inputs.toReversed()]) {
    const conv = sameShape(y.shape, residual.shape) ? before(y) : undefined;
    if (conv && isBare(conv)) return withEpilogue(conv, { residual: true }, residual);
  }
  return undefined;
}

function takeActivation(node: Node, before: Before): Node | undefined {
  const activation = activationOf(node);
  const conv = activation && before(node.inputs[0]);
  return conv && isLinear(conv) ? withEpilogue(conv, { activation }) : undefined;
}

/** A gradient would need the places of the maxima, and so the plane that they are found in. */
function takePool(node: Node, before: Before, where: Where): Node | undefined {
  const pool = node.requiresGrad ? undefined : poolOf(node);
  const conv = pool && before(node.inputs[0]);
  return conv && !conv.attrs.epilogue.pool && canPool(conv, pool, where) ? withEpilogue(conv, { pool }) : undefined;
}

/**
 * Whether what was asked for by name can pool, be it in a launch of its own: not where it is a configuration without a pool, or where the
 * limit leaves no room for the planes between. The chooser finds something where no name was given.
 */
function canPool({ node, attrs }: Convolution, pool: Pool, { device, limits }: Where): boolean {
  const { algorithms, config, mathType, epilogue } = attrs;
  if (algorithms?.forward === undefined || sizeOf(node.shape) === 0) return true;
  const [x, w] = node.inputs;
  const desc = descriptorOf(node.op.name, x, w, attrs, 'forward', { ...epilogue, pool });
  return (
    candidates(convProblem(desc), device, {
      ...limits,
      algo: algorithms.forward,
      config,
      ...(mathType && { mathTypes: [mathType] }),
    }).plans.length > 0
  );
}

/** The convolution with more in its epilogue, and perhaps one more operand for it. */
const withEpilogue = (conv: Convolution, more: Partial<Epilogue>, ...operands: readonly Node[]): Node =>
  made(conv, () =>
    record(conv2dFused, [...conv.node.inputs, ...operands], {
      ...conv.attrs,
      epilogue: { ...conv.attrs.epilogue, ...more },
    }),
  );

/** Records what stands in a convolution's place, as a part of the layer that recorded it. */
const made = ({ node }: Convolution, make: () => Node): Node =>
  recordingWith({ gradMode: false, scope: node.scope, compiled: true }, make);
