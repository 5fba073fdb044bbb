/**
 * @file In-place updates on a lazy graph: the tensor gets a new node, and the value before stays for results that were
 * recorded from it and are not computed yet (pending.ts). A training loop holds each parameter twice, little more, and
 * needs no dispose.
 */
import { dtypes } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { formatShape, sameShape } from '../base/shape.ts';
import { obstacle } from '../graph/capture.ts';
import * as e from '../graph/expr.ts';
import { assigned, isLeafNode, overwrite } from '../graph/ops/identity.ts';
import { createNode, lastNodeId } from '../graph/record.ts';
import { recordingNow, recordingWith } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import { overwritten } from './gradient-records.ts';
import { isDetached, look, overlaps, placeOf, putAt } from './memory.ts';
import { pendingUpdates, retired } from './pending.ts';
import type { Tensor } from './tensor.ts';
import { writeBack } from './write-back.ts';

/** The value before the present one, which results that are recorded now are often computed from. */
const previous = new WeakMap<Tensor, Node>();

/**
 * Puts a new value in a tensor's place, outside autograd: what optimizers and running statistics do; `update` names it
 * in errors.
 */
export function replaceValue(tensor: Tensor, value: Node, update = 'an update'): void {
  const old = tensor.node;
  if (old.value) {
    const before = previous.get(tensor);
    if (before) retired.add(before);
    previous.set(tensor, old);
  }
  const node = assigned(value, old.requiresGrad);
  replaceLeaf(tensor, node, update);
  pendingUpdates.add(tensor);
}

/** Puts data in a tensor's place: a leaf that has its value already, as initialisations and loaded weights do. */
export function replaceLeaf(tensor: Tensor, data: Node, update: string): void {
  obstacle(`changes a tensor in place, by ${update}`);
  overwritten.set(tensor.node, { what: update, firstNode: Infinity, lastNode: -Infinity });
  if (tensor.place.steps.length > 0) tensor.setNode(data);
  else settle(tensor, data, data);
}

/**
 * An in-place operation as a user writes it: `formula` gives the new value out of place, with its gradients; the
 * tensor, and every tensor that shares its memory, takes it over. The value keeps the tensor's shape and dtype. Returns
 * the tensor.
 */
export function changeInPlace(tensor: Tensor, what: string, formula: (x: Tensor) => Tensor): Tensor {
  const before = tensor.node;
  const { place } = tensor;
  obstacle(`changes a tensor in place, by ${what}`);
  checkWritable(tensor, what);
  const firstNode = lastNodeId() + 1;
  const value = fresh(storable(what, formula(tensor).node, before), firstNode);
  const whole = place.steps.length === 0 ? value : writeBack(place, value);
  const update = { what, firstNode, lastNode: lastNodeId() };
  overwritten.set(before, update);
  overwritten.set(place.memory.node, update);
  const through = !recordingNow().gradMode || isDetached(place);
  const root = withHistory(whole, place.memory.node, through);
  settle(tensor, place.steps.length === 0 ? root : withHistory(value, before, through), root);
  if (!value.requiresGrad) pendingUpdates.add(place.memory);
  pendingUpdates.limit();
  return tensor;
}

/** Has a tensor whose memory was written to through another look at it again. */
export function lookAgain(tensor: Tensor, before: Node): void {
  const { place } = tensor;
  settle(
    tensor,
    recordingWith({ gradMode: true }, () => withHistory(look(place), before, true)),
  );
}

/** Has a gradient take up another in place: whoever looks at its memory sees the sum. Records nothing else. */
export function takeUp(gradient: Tensor, sum: Node): void {
  const { place } = gradient;
  settle(gradient, sum, place.steps.length === 0 ? sum : writeBack(place, sum));
}

/** Makes the node the tensor's, at its place; with `root`, also the memory's new value, one version later. */
function settle(tensor: Tensor, node: Node, root?: Node): void {
  const { memory } = tensor.place;
  if (root) {
    const { layout } = placeOf(memory.node);
    memory.node = root;
    memory.version++;
    putAt(root, { memory, steps: [], layout, version: memory.version });
  }
  putAt(node, { ...tensor.place, version: memory.version });
  tensor.setNode(node);
}

function checkWritable({ node, place }: Tensor, what: string): void {
  if (overlaps(place))
    fail(
      `${what}: several elements of this tensor are one in memory, as expand() makes them; change a copy (x.clone())`,
    );
  if (!recordingNow().gradMode || isDetached(place)) return;
  if (node.requiresGrad && isLeafNode(node))
    fail(
      `${what}: a leaf that requires a gradient cannot be changed in place where gradients are recorded; do it inside torch.noGrad(), or change a copy (x.clone())`,
    );
  const base = place.memory.node;
  if (base.requiresGrad && isLeafNode(base))
    fail(
      `${what}: this is a view of a leaf that requires a gradient, which cannot be changed in place where gradients are recorded; do it inside torch.noGrad(), or change a copy (x.clone())`,
    );
}

/** The value as the tensor can store it: of its shape and dtype. */
function storable(what: string, value: Node, before: Node): Node {
  if (!sameShape(value.shape, before.shape))
    fail(
      `${what}: the result has shape ${formatShape(value.shape)} and the tensor ${formatShape(before.shape)}; in place the shape stays`,
    );
  const kinds = ['bool', 'int', 'float'];
  if (kinds.indexOf(dtypes[value.dtype].kind) > kinds.indexOf(dtypes[before.dtype].kind))
    fail(
      `${what}: a result of dtype ${value.dtype} cannot be stored in a tensor of ${before.dtype}; use the form without underscore`,
    );
  return e.cast(value, before.dtype);
}

/** A node of its own, so that no other tensor stands for it. */
const fresh = (node: Node, firstNode: number): Node => (node.id >= firstNode && !node.op.view ? node : e.copy(node));

/** As in PyTorch, what is written where no gradient is recorded leaves the tensor its history. */
function withHistory(node: Node, before: Node, through: boolean): Node {
  if (node.requiresGrad || !before.requiresGrad) return node;
  return isLeafNode(before)
    ? assigned(node, true)
    : createNode(overwrite, [node, before], { through }, node, node.device, true);
}
