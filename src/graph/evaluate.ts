/**
 * @file The reference machine: evaluates a graph by its operations' plain loops. It is the `cpu` device, and in its
 * float64 mode the judge that both the GPU and the remote are compared with.
 */
import type { HostArray } from '../base/dtype.ts';
import { decode, dtypes, encode, isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { withRoom } from '../base/room.ts';
import { checkWhole } from './assertion.ts';
import { isLeafNode } from './ops/identity.ts';
import type { Node, Operand } from './types.ts';

/**
 * `stored`: every result is rounded to its dtype, as a device would store it. `float64`: floating results keep double
 * precision throughout; integers and bools are stored as always.
 */
export type Precision = 'stored' | 'float64';

/** Changes what is computed on the way, to see what comes of it. */
export interface Disturbance {
  /** What an operation reads. */
  readonly operands: (node: Node, operands: readonly Operand[]) => readonly Operand[];
  /** What it gives; of a leaf, and of an operation that is defined by simpler ones, there are no operands. */
  readonly result: (node: Node, operands: readonly Operand[], values: Float64Array) => Float64Array;
}

/** What helps where the host has no room: the reference computes in doubles. */
const remedy = "use a smaller batch, or compute on the device by .to('webgpu')";

/** Values of the nodes, as doubles. Every leaf must have its value on the host. A value is dropped after its last reader. */
export function evaluate(targets: readonly Node[], precision: Precision, disturbance?: Disturbance): Float64Array[] {
  const steps = stepsTo(targets, precision);
  const readers = new Map<Node, number>();
  for (const { needs } of steps) for (const need of needs) readers.set(need, (readers.get(need) ?? 0) + 1);
  for (const target of targets) readers.set(target, Infinity);
  const results = new Map<Node, Float64Array>();
  for (const { node, needs, simple } of steps) {
    results.set(
      node,
      simple
        ? disturbed(node, [], results.get(simple)!, disturbance)
        : withRoom(node.op.name, node.shape, Float64Array.BYTES_PER_ELEMENT, remedy, () =>
            compute(node, results, precision, disturbance),
          ),
    );
    for (const need of needs) {
      const left = readers.get(need)! - 1;
      readers.set(need, left);
      if (left === 0) results.delete(need);
    }
  }
  return targets.map((target) => results.get(target)!);
}

interface EvaluationStep {
  readonly node: Node;
  /** What must be there first. */
  readonly needs: readonly Node[];
  /** For an operation that is defined by simpler ones: the node that has its value. */
  readonly simple?: Node;
}

/** The nodes to compute, each after what it needs, found without recursion, since graphs get deep. */
function stepsTo(targets: readonly Node[], precision: Precision): EvaluationStep[] {
  const steps: EvaluationStep[] = [];
  const done = new Set<Node>();
  const stack = [...targets];
  while (stack.length) {
    const node = stack[stack.length - 1];
    if (done.has(node)) {
      stack.pop();
      continue;
    }
    const known = isGiven(node, precision);
    const simple = node.op.decompose && !known ? decomposed(node) : undefined;
    const needs = known ? [] : simple ? [simple] : node.inputs;
    const missing = needs.filter((need) => !done.has(need));
    if (missing.length) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    done.add(node);
    steps.push({ node, needs, ...(simple && { simple }) });
  }
  return steps;
}

/** The same, as host arrays of the nodes' dtypes. */
export function evaluateStored(targets: readonly Node[]): HostArray[] {
  return evaluate(targets, 'stored').map((values, i) =>
    withRoom(targets[i].op.name, targets[i].shape, dtypes[targets[i].dtype].hostBytes, remedy, () =>
      encode(targets[i].dtype, values),
    ),
  );
}

const expansions = new WeakMap<Node, Node>();

function decomposed(node: Node): Node {
  let simple = expansions.get(node);
  if (!simple) {
    simple = node.op.decompose!(node.inputs, node.attrs);
    expansions.set(node, simple);
  }
  return simple;
}

/** Whether a node's value is taken as it is: a judge trusts the leaves only, since a device may have computed the others. */
function isGiven(node: Node, precision: Precision): boolean {
  return node.value !== undefined && (precision === 'stored' || isLeafNode(node) || node.inputs.length === 0);
}

function compute(
  node: Node,
  results: ReadonlyMap<Node, Float64Array>,
  precision: Precision,
  disturbance?: Disturbance,
): Float64Array {
  if (node.value && isGiven(node, precision)) return disturbed(node, [], given(node), disturbance);
  const operands = node.inputs.map((input): Operand => ({
    shape: input.shape,
    dtype: input.dtype,
    data: results.get(input)!,
  }));
  const read = disturbance ? disturbance.operands(node, operands) : operands;
  const values = disturbed(node, read, node.op.reference!(read, node.attrs, node), disturbance);
  checkWhole(node, values);
  if (precision === 'float64' && isFloat(node.dtype)) return values;
  const { round } = dtypes[node.dtype];
  return values.map(round);
}

const disturbed = (
  node: Node,
  operands: readonly Operand[],
  values: Float64Array,
  disturbance?: Disturbance,
): Float64Array => disturbance?.result(node, operands, values) ?? values;

function given(node: Node): Float64Array {
  return decode(
    node.dtype,
    node.value!.host ?? fail(`${node.op.name}: a leaf's value is not on the host; read it back first`),
  );
}
