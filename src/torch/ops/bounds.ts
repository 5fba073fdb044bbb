/**
 * @file What is known of numbers before anything is computed, so that checks can look at it: the numbers themselves
 * where they are on the host, else between which integers they lie.
 */
import type { DType, HostArray } from '../../base/dtype.ts';
import { dtypes } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Range } from '../../graph/assertion.ts';
import { isGiven, looksAtHost } from '../../graph/capture.ts';
import { cat } from '../../graph/ops/cat.ts';
import * as pointwise from '../../graph/ops/elementwise/index.ts';
import type { FullAttrs } from '../../graph/ops/full.ts';
import { fullOp } from '../../graph/ops/full.ts';
import { detach, toDeviceOp } from '../../graph/ops/identity.ts';
import type { DimAttrs, ScatterAttrs } from '../../graph/ops/indexing.ts';
import { gather, scatterSum } from '../../graph/ops/indexing.ts';
import { matmul } from '../../graph/ops/matmul.ts';
import type { ReduceAttrs } from '../../graph/ops/reduce.ts';
import { argmax, argmin, sum } from '../../graph/ops/reduce.ts';
import type { ScanAttrs } from '../../graph/ops/scan.ts';
import { cumsum } from '../../graph/ops/scan.ts';
import { argsort } from '../../graph/ops/sort.ts';
import { reshape } from '../../graph/ops/views.ts';
import type { Node, Op } from '../../graph/types.ts';

/** Operations that leave the numbers and their order as they are. */
const sameNumbers: ReadonlySet<Op> = new Set<Op>([reshape, detach, toDeviceOp]);

/** The numbers of an index where they are on the host, through what leaves them as they are: `target.view(-1)`. */
export function hostOf(index: Node): HostArray | undefined {
  const at = holderOf(index);
  looksAtHost(at);
  return at.value?.host;
}

/** Whether a node's numbers are on the host. */
export const isOnHost = (node: Node): boolean => holderOf(node).value?.host !== undefined;

/** What has the node's numbers. */
function holderOf(node: Node): Node {
  let at = node;
  while (!at.value?.host && sameNumbers.has(at.op) && at.inputs.length > 0) [at] = at.inputs;
  return at;
}

export interface Bounds {
  readonly least: number;
  readonly greatest: number;
}

/** What a dtype can hold at all. */
export const anyOf: Readonly<Record<DType, Bounds>> = {
  float32: { least: -Infinity, greatest: Infinity },
  float16: { least: -Infinity, greatest: Infinity },
  bfloat16: { least: -Infinity, greatest: Infinity },
  int64: { least: -(2 ** 31), greatest: 2 ** 31 - 1 },
  int32: { least: -(2 ** 31), greatest: 2 ** 31 - 1 },
  int8: { least: -128, greatest: 127 },
  uint8: { least: 0, greatest: 255 },
  bool: { least: 0, greatest: 1 },
};

/** The bounds of an operation's integers, from its inputs and theirs. */
type Rule = (inputs: readonly Node[], attrs: any, of: (input: Node) => Bounds) => Bounds;

const below = (size: number): Bounds => ({ least: 0, greatest: size - 1 });
const around = (bounds: readonly Bounds[]): Bounds => ({
  least: Math.min(...bounds.map(({ least }) => least)),
  greatest: Math.max(...bounds.map(({ greatest }) => greatest)),
});
const each = (f: (a: number, b: number) => number, a: Bounds, b: Bounds): Bounds => ({
  least: f(a.least, b.least),
  greatest: f(a.greatest, b.greatest),
});

/** Between what the ends of two ranges give: of sums, differences and products all others lie there. */
const ofEnds = (f: (a: number, b: number) => number, a: Bounds, b: Bounds): Bounds => {
  const ends = [a.least, a.greatest].flatMap((x) => [b.least, b.greatest].map((y) => f(x, y)));
  return { least: Math.min(...ends), greatest: Math.max(...ends) };
};
const plus = (a: Bounds, b: Bounds): Bounds => ofEnds((x, y) => x + y, a, b);
const times = (a: Bounds, b: Bounds): Bounds => ofEnds((x, y) => x * y, a, b);
const exactly = (value: number): Bounds => ({ least: value, greatest: value });
const sizes = ({ least, greatest }: Bounds): Bounds => ({
  least: least > 0 ? least : greatest < 0 ? -greatest : 0,
  greatest: Math.max(-least, greatest),
});
const negated = ({ least, greatest }: Bounds): Bounds => ({ least: -greatest, greatest: -least });

/** A quotient is no larger than what was divided. */
const quotient: Rule = ([x, by], _, of) => {
  const all = around([of(x), exactly(0), exactly(-1)]);
  return of(by).least >= 0 ? all : around([all, negated(all)]);
};
/** 0 and 1 to a power stay small; what is larger grows with it, and has either sign where it is negative. */
const power: Rule = ([x, by], _, of) => {
  const greatest = Math.max(1, sizes(of(x)).greatest ** Math.max(0, of(by).greatest));
  return { least: of(x).least < 0 ? -greatest : 0, greatest };
};

const ofFirst: Rule = ([x], _, of) => of(x);
const ofReduced: Rule = ([x], { dims }: ReduceAttrs) => below(countOf(x, dims));
const notBelow: Rule = ([x, bound], _, of) => each(Math.max, of(x), of(bound));
const notAbove: Rule = ([x, bound], _, of) => each(Math.min, of(x), of(bound));

const countOf = ({ shape }: Node, dims: readonly number[]): number => sizeOf(dims.map((d) => shape[d]));

const rules: ReadonlyMap<Op, Rule> = new Map<Op, Rule>([
  [argmax, ofReduced],
  [argmin, ofReduced],
  [argsort, ([x], { dim }: DimAttrs) => below(x.shape[dim])],
  [sum, ([x], { dims }: ReduceAttrs, of) => times(of(x), exactly(countOf(x, dims)))],
  [cumsum, ([x], { dim }: ScanAttrs, of) => times(of(x), { least: 1, greatest: Math.max(1, x.shape[dim]) })],
  [matmul, ([a, b], _, of) => times(times(of(a), of(b)), exactly(a.shape.at(-1)!))],
  [scatterSum, ([x], { dim }: ScatterAttrs, of) => times(of(x), { least: 0, greatest: x.shape[dim] })],
  [pointwise.add, ([a, b], _, of) => plus(of(a), of(b))],
  [pointwise.sub, ([a, b], _, of) => plus(of(a), negated(of(b)))],
  [pointwise.mul, ([a, b], _, of) => times(of(a), of(b))],
  [pointwise.square, ([x], _, of) => times(sizes(of(x)), sizes(of(x)))],
  [pointwise.addcmul, ([x, a, b], { value }, of) => plus(of(x), times(exactly(value), times(of(a), of(b))))],
  [pointwise.neg, ([x], _, of) => negated(of(x))],
  [pointwise.abs, ([x], _, of) => sizes(of(x))],
  [pointwise.pow, power],
  [pointwise.floorDivide, quotient],
  [pointwise.truncDivide, quotient],
  [gather, ofFirst],
  [toDeviceOp, ofFirst],
  [cat, (inputs, _, of) => around(inputs.map(of))],
  [pointwise.where, ([, a, b], _, of) => around([of(a), of(b)])],
  [pointwise.clampMin, notBelow],
  [pointwise.maximum, notBelow],
  [pointwise.clampMax, notAbove],
  [pointwise.minimum, notAbove],
  [pointwise.clamp, ([x, low, high], _, of) => each(Math.min, each(Math.max, of(x), of(low)), of(high))],
  [
    pointwise.remainder,
    ([, by], _, of) => ({ least: Math.min(0, of(by).least + 1), greatest: Math.max(0, of(by).greatest - 1) }),
  ],
  [
    pointwise.inRange,
    (inputs, { least, greatest, allowed = least }: Range, of) =>
      inputs.length > 1 ? of(inputs[0]) : { least: Math.min(least, allowed), greatest: Math.max(greatest, allowed) },
  ],
  [pointwise.cast, ([x], _, of) => ({ least: Math.trunc(of(x).least), greatest: Math.trunc(of(x).greatest) })],
]);

/** So far operations are followed. */
const followed = 50;

/**
 * Between which numbers those of a node lie, as far as its operations tell. Of floats a constant's alone are known:
 * others may be NaN.
 */
export function boundsOf(asked: Node): Bounds {
  return followedFrom(true)(asked, 0);
}

/**
 * Whether the node's operation, of whole numbers, gives none beyond 32 bits, as far as its operands' operations tell. A
 * call that is being captured may have operands with other numbers in another call.
 */
export function fitsWord(node: Node): boolean {
  const of = followedFrom(false);
  const { least, greatest } = work(node, (input) => of(input, 1), false);
  return least >= anyOf.int64.least && greatest <= anyOf.int64.greatest;
}

/** `looks`: also at what a captured call is given. */
function followedFrom(looks: boolean): (node: Node, depth: number) => Bounds {
  const known = new Map<Node, Bounds>();
  const of = (node: Node, depth: number): Bounds => {
    const before = known.get(node);
    if (before) return before;
    const any = anyOf[node.dtype];
    const found = depth > followed ? any : work(node, (input) => of(input, depth + 1), looks);
    // What is converted may wrap.
    const bounds = found.least >= any.least && found.greatest <= any.greatest ? found : any;
    known.set(node, bounds);
    return bounds;
  };
  return of;
}

function work(node: Node, of: (input: Node) => Bounds, looks: boolean): Bounds {
  const { op, inputs, attrs, dtype, value } = node;
  if (op === fullOp) {
    const { value: constant } = attrs as FullAttrs;
    return { least: constant, greatest: constant };
  }
  if (dtypes[dtype].kind === 'float') return anyOf[dtype];
  if (looks) looksAtHost(node);
  if (value?.host && (looks || !isGiven(node))) return boundsOfHost(value.host);
  const rule = op.view ? ofFirst : rules.get(op);
  return rule && inputs.length > 0 ? rule(inputs, attrs, of) : anyOf[dtype];
}

/** Of no numbers, the empty range. */
function boundsOfHost(host: HostArray): Bounds {
  let [least, greatest] = [Infinity, -Infinity];
  for (const v of host) {
    if (v < least) least = v;
    if (v > greatest) greatest = v;
  }
  return { least, greatest };
}
