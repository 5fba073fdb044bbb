/**
 * @file Recording: how a node comes into being.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import type { Shape } from '../base/shape.ts';
import { checkShape, formatShape, sizeOf } from '../base/shape.ts';
import { noteNode } from './capture.ts';
import { recordingNow } from './recording.ts';
import type { Attrs, DeviceType, Node, Op, TensorType } from './types.ts';

let nextId = 1;

/** Nodes with a greater id were recorded later than now. */
export const lastNodeId = (): number => nextId - 1;

/** Records an operation. Shape and dtype are known on return; nothing has run. */
export function record<A extends Attrs>(op: Op<A>, inputs: readonly Node[], attrs: A): Node {
  const type = op.infer(inputs, attrs);
  checkShape(op.name, type.shape);
  const requiresGrad =
    recordingNow().gradMode && op.gradient !== 'none' && isFloat(type.dtype) && inputs.some((n) => n.requiresGrad);
  return createNode(op, inputs, attrs, type, commonDevice(op.name, inputs), requiresGrad);
}

/** A leaf that holds host data, or data that will be given to it. */
export function leaf(type: TensorType, device: DeviceType, host?: HostArray, requiresGrad = false): Node {
  if (host && host.length !== sizeOf(type.shape)) {
    fail(
      `tensor: ${host.length} elements do not fill the shape ${formatShape(type.shape)}, which has ${sizeOf(type.shape)}`,
    );
  }
  const node = createNode(dataOp, [], {}, type, device, requiresGrad);
  if (host) node.value = { host };
  return node;
}

/** A node without inputs whose attributes say all: `full`. */
export function constant<A extends Attrs>(op: Op<A>, type: TensorType, attrs: A, device: DeviceType): Node {
  return createNode(op, [], attrs, type, device, false);
}

/** The operation of leaves: it has a value and cannot be computed. */
export const dataOp: Op<Attrs> = {
  name: 'data',
  infer: () => fail('data: a leaf is made by leaf(), not recorded'),
  reference: () => fail('data: this leaf has lost its value; it was disposed, or the device was lost'),
  gradient: 'none',
  sums: 'none',
  python: () => fail('data: a leaf has no PyTorch call'),
};

/** Hears of every node as it is recorded; set by whoever computes nodes. */
export const recordHook: { listener?: (node: Node) => void } = {};

/** Makes a node as told; `record` is what operations use. */
export function createNode(
  op: Op,
  inputs: readonly Node[],
  attrs: Attrs,
  type: TensorType,
  device: DeviceType,
  requiresGrad: boolean,
): Node {
  const surroundings = recordingNow();
  const { compiled, formula } = surroundings;
  const { shape, dtype } = type;
  const key = nodeKey(op.name, attrs, shape, dtype);
  const node = nodeOfKind(
    { op, attrs, shape, dtype, device, requiresGrad, compiled, formula, key },
    inputs,
    surroundings,
  );
  noteNode(node);
  recordHook.listener?.(node);
  return node;
}

/** What a node has whatever it is recorded from. */
export type NodeKind = Pick<
  Node,
  'op' | 'attrs' | 'shape' | 'dtype' | 'device' | 'requiresGrad' | 'compiled' | 'formula' | 'key'
>;

/** What it belongs to. */
export type Surroundings = Pick<Node, 'scope' | 'part' | 'call'>;

/** What a node has whatever it was recorded from. */
export const kindOf = ({ op, attrs, shape, dtype, device, requiresGrad, compiled, formula, key }: Node): NodeKind => ({
  op,
  attrs,
  shape,
  dtype,
  device,
  requiresGrad,
  compiled,
  formula,
  key,
});

/** The same, for whoever hears of every node. */
export function recordAgain(
  kind: NodeKind,
  inputs: readonly Node[],
  surroundings: Surroundings,
  formula: number | undefined,
): Node {
  const node = nodeOfKind(kind, inputs, surroundings, formula);
  noteNode(node);
  recordHook.listener?.(node);
  return node;
}

/** A node like one that was recorded before, of other inputs: nothing is checked or inferred again. */
export function nodeOfKind(
  kind: NodeKind,
  inputs: readonly Node[],
  { scope, part, call }: Surroundings,
  formula = kind.formula,
): Node {
  for (const input of inputs) input.read = true;
  return {
    id: nextId++,
    op: kind.op,
    inputs,
    attrs: kind.attrs,
    shape: kind.shape,
    dtype: kind.dtype,
    device: kind.device,
    requiresGrad: kind.requiresGrad,
    scope,
    part,
    call,
    compiled: kind.compiled,
    formula,
    key: kind.key,
    value: undefined,
    visible: false,
    read: false,
  };
}

function nodeKey(name: string, attrs: Attrs, shape: Shape, dtype: DType): string {
  let key = `${name}|${dtype}|${shape.join(',')}`;
  for (const k in attrs) key += `|${k}=${keyOf(attrs[k])}`;
  return key;
}

function keyOf(value: unknown): string {
  if (Object.is(value, -0)) return '-0'; // another constant than 0
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function commonDevice(what: string, inputs: readonly Node[]): DeviceType {
  if (inputs.length === 0) fail(`${what}: an operation without inputs needs a leaf`);
  const first = inputs[0].device;
  for (const node of inputs) {
    if (node.device === first) continue;
    // As in PyTorch, a scalar on the cpu goes with tensors of any device.
    const scalar = inputs.find((n) => n.shape.length > 0);
    if (node.shape.length === 0 || first !== scalar?.device) continue;
    fail(`${what}: operands are on ${first} and ${node.device}; move one with .to('${first}')`);
  }
  return inputs.find((n) => n.shape.length > 0)?.device ?? first;
}
