/**
 * @file The reference machine: evaluates a graph by its operations' plain loops. It is the `cpu` device, and in its
 * float64 mode the judge that both the GPU and the remote are compared with.
 */
import type { HostArray } from '../base/dtype.ts';
import { decode, dtypes, encode, isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { withRoom } from '../base/room.ts';
import { checkAssertion } from './assertion.ts';
import * as e from './expr.ts';
import { isLeafNode } from './ops/identity.ts';
import type { Node, Operand } from './types.ts';
import { inputsFirst } from './walk.ts';

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

/**
 * Told of each operation that was computed: the node that the program recorded, and from when to when in milliseconds.
 */
export type Watch = (node: Node, start: number, end: number) => void;

/** What helps where the host has no room: the reference computes in doubles. */
const remedy = "use a smaller batch, or compute on the device by .to('webgpu')";

/**
 * Values of the nodes, as doubles. Every leaf must have its value on the host. A value is dropped after its last
 * reader.
 */
export function evaluate(
  targets: readonly Node[],
  precision: Precision,
  disturbance?: Disturbance,
  watch?: Watch,
): Float64Array[] {
  const steps = stepsTo(targets, precision);
  const owners = watch && ownersOf(steps);
  const readers = new Map<Node, number>();
  for (const { needs } of steps) for (const need of needs) readers.set(need, (readers.get(need) ?? 0) + 1);
  for (const target of targets) readers.set(target, Infinity);
  const results = new Map<Node, Float64Array>();
  for (const { node, needs, simple } of steps) {
    const start = watch && performance.now();
    results.set(
      node,
      simple
        ? disturbed(node, [], results.get(simple)!, disturbance)
        : withRoom(node.op.name, node.shape, Float64Array.BYTES_PER_ELEMENT, remedy, () =>
            compute(node, results, precision, disturbance),
          ),
    );
    if (needs.length > 0 && !simple) watch?.(owners?.get(node) ?? node, start!, performance.now());
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

/** The nodes to compute, each after what it needs. */
function stepsTo(targets: readonly Node[], precision: Precision): EvaluationStep[] {
  const step = (node: Node): EvaluationStep => {
    if (isGiven(node, precision)) return { node, needs: [] };
    if (!node.op.decompose) return { node, needs: node.inputs };
    const simple = decomposed(node);
    return { node, needs: [simple], simple };
  };
  return inputsFirst(targets, (node) => step(node).needs).map(step);
}

/** Of nodes that an operation is defined by, the one that the program recorded. */
function ownersOf(steps: readonly EvaluationStep[]): Map<Node, Node> {
  const owners = new Map<Node, Node>();
  for (const { node, needs, simple } of steps.toReversed()) {
    const owner = owners.get(node) ?? (simple && node);
    if (!owner) continue;
    for (const need of needs) if (!owner.inputs.includes(need)) owners.set(need, owner);
  }
  return owners;
}

/** The same, as host arrays of the nodes' dtypes. */
export function evaluateStored(targets: readonly Node[], watch?: Watch): HostArray[] {
  return evaluate(targets, 'stored', undefined, watch).map((values, i) =>
    withRoom(targets[i].op.name, targets[i].shape, dtypes[targets[i].dtype].hostBytes, remedy, () =>
      encode(targets[i].dtype, values),
    ),
  );
}

const expansions = new WeakMap<Node, Node>();

function decomposed(node: Node): Node {
  let simple = expansions.get(node);
  if (!simple) {
    simple = simplified(node);
    expansions.set(node, simple);
  }
  return simple;
}

/** bfloat16 keeps so few bits that steps of it would show: as in PyTorch's kernels, they are of float32. */
function simplified({ op, inputs, attrs, dtype }: Node): Node {
  if (![dtype, ...inputs.map((input) => input.dtype)].includes('bfloat16')) return op.decompose!(inputs, attrs);
  const wide = inputs.map((input) => (input.dtype === 'bfloat16' ? e.cast(input, 'float32') : input));
  return e.cast(op.decompose!(wide, attrs), dtype);
}

/**
 * Whether a node's value is taken as it is: a judge trusts the leaves only, since a device may have computed the
 * others.
 */
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
  if (!disturbance) checkAssertion(node, operands, values); // what is changed on the way may leave any range
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
