/**
 * @file From a part of the graph to a schedule: which nodes, in which order, fused how, by which launches.
 */
import { fail } from '../base/errors.ts';
import { sizeOf } from '../base/shape.ts';
import type { DeviceTraits } from '../dnn/algorithm.ts';
import type { Limits } from '../dnn/choice/candidates.ts';
import type { NamedAlgorithm } from '../dnn/choice/choose.ts';
import type { Plan, Problem } from '../dnn/problem.ts';
import type { Slot } from '../gpu/kernel.ts';
import type { KernelOpName } from '../graph/ops/index.ts';
import type { FullAttrs } from '../graph/ops/full.ts';
import { fullOp } from '../graph/ops/full.ts';
import { assignOp, detach } from '../graph/ops/identity.ts';
import { cast } from '../graph/ops/elementwise/unary.ts';
import type { Layout, Node } from '../graph/types.ts';
import { inputsFirst } from '../graph/walk.ts';
import type { ChainInput, ChainStep } from './elementwise.ts';
import { elementwiseLaunch } from './elementwise.ts';
import { fuseConvolutions } from './fuse.ts';
import { fuseProducts } from './fuse-products.ts';
import { contiguousLayout, isContiguous } from './layout.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerings } from './lower/index.ts';
import { deviceBytes } from './lower/move.ts';
import type { PointwiseGroup } from './pointwise-groups.ts';
import { groupPointwise } from './pointwise-groups.ts';
import type { Region } from './region.ts';
import { collectRegion } from './region.ts';
import type { Schedule } from './schedule.ts';
import { ScheduleBuilder } from './schedule.ts';

export interface PlanOptions {
  readonly device: DeviceTraits;
  /** What the program rules out; fusing must leave it something. */
  readonly limits?: Limits;
  readonly choose: (problem: Problem, node: Node, named?: NamedAlgorithm) => Plan;
  /** Leaves whose values stay, so that what depends on them alone is computed once. */
  readonly steady?: ReadonlySet<Node>;
}

/** Plans the region's targets; output i of the schedule is target i. */
export function planRegion(region: Region, targets: readonly Node[], options: PlanOptions): Schedule {
  if (
    !options.device.features.has('shader-f16') &&
    [...region.leaves, ...region.order].some((n) => n.dtype === 'float16')
  ) {
    fail(
      "float16: this adapter has no shader-f16, which float16 on the GPU needs; use float32, or the cpu: .to('float32') or .to('cpu')",
    );
  }
  const builder = new ScheduleBuilder();
  const keep = new Set(targets);
  const composite = expandComposites(region.order);
  const order = composite.order;
  const kept = new Set(targets.map((t) => composite.of(t)));
  const convolutions = fuseConvolutions(order, kept, options);
  const fused = new Map([...convolutions, ...fuseProducts(order, kept, convolutions)]);
  const stands = (node: Node): Node => fused.get(composite.of(node)) ?? composite.of(node);

  const planner = new Planner(builder, region, stands, (node) => region.numbers.get(composite.from(node))!, options);
  for (const target of keep) planner.reserveOutput(target);
  const leaves = new Set(region.leaves);
  const needed = (nodes: readonly Node[]): Node[] => nodes.map(stands).filter((node) => !leaves.has(node));
  planner.lowerAll(inputsFirst(needed(targets), ({ inputs }) => needed(inputs)));
  planner.finishOutputs();
  return builder.finish((leaf) => options.steady?.has(region.leaves[leaf]) ?? false);
}

/** Replaces operations that are defined by simpler ones: `of` a node, what has its value; `from` which node one came. */
function expandComposites(order: readonly Node[]): {
  order: Node[];
  of: (node: Node) => Node;
  from: (node: Node) => Node;
} {
  const stands = new Map<Node, Node>();
  const of = (node: Node): Node => stands.get(node) ?? node;
  const origins = new Map<Node, Node>();
  const from = (node: Node): Node => origins.get(node) ?? node;
  const known = new Set(order);
  const out: Node[] = [];
  for (const node of order) {
    if (!node.op.decompose) {
      out.push(node);
      continue;
    }
    const simple = node.op.decompose(node.inputs, node.attrs);
    const inner = collectRegion([simple]).order.filter((n) => !known.has(n));
    for (const n of inner) known.add(n);
    const expanded = expandComposites(inner);
    out.push(...expanded.order);
    for (const n of expanded.order) origins.set(n, node);
    stands.set(node, expanded.of(simple));
  }
  return { order: out, of, from };
}

/** Lowers nodes one after another onto slots. */
class Planner {
  private readonly builder: ScheduleBuilder;
  private readonly stands: (node: Node) => Node;
  /** Where a node's value lies, contiguous. */
  private readonly slots = new Map<Node, Slot>();
  private readonly copies = new Map<Node, Slot>();
  private readonly outputs = new Map<Node, Slot>();
  private readonly context: LowerContext;

  constructor(
    builder: ScheduleBuilder,
    { leaves }: Region,
    stands: (node: Node) => Node,
    numberOf: (node: Node) => number,
    options: PlanOptions,
  ) {
    this.builder = builder;
    this.stands = stands;
    leaves.forEach((leaf, i) => this.slots.set(leaf, builder.leaf(i)));
    this.context = {
      device: options.device,
      contiguous: (node) => this.contiguous(node),
      view: (node) => this.view(node),
      isSteady: (node) => options.steady?.has(this.lookedAt(this.stands(node)).base) ?? false,
      result: (node) => this.result(node),
      temporary: (bytes) => builder.temporary(bytes),
      assertion: (node) => {
        const message = node.op.assertion?.(node.inputs, node.attrs);
        return message === undefined ? undefined : builder.assertion({ message, node: numberOf(node) });
      },
      emit: (...launches) => builder.emit(...launches),
      choose: options.choose,
    };
  }

  reserveOutput(target: Node): void {
    this.outputs.set(target, this.builder.output(deviceBytes(target)));
    const node = this.behindIdentities(target);
    if (!this.slots.has(node) && !isView(node) && node.op !== fullOp) this.slots.set(node, this.outputs.get(target)!);
  }

  /** The node whose result a target is: `assign` and `detach` compute nothing. */
  private behindIdentities(target: Node): Node {
    let node = this.stands(target);
    while (!this.slots.has(node) && isIdentity(node)) node = this.stands(node.inputs[0]);
    return node;
  }

  lowerAll(order: readonly Node[]): void {
    const groups = groupPointwise({
      nodes: order,
      inputsOf: (node) => node.inputs.map(this.stands),
      isTarget: (node) => this.slots.has(node),
      storageOf: (node) => {
        const { base } = this.lookedAt(node);
        return base.op === fullOp ? undefined : base;
      },
    });
    for (const node of order) {
      if (isView(node) || sizeOf(node.shape) === 0 || node.op === fullOp) continue;
      const group = groups.get(node);
      if (group) this.lowerGroup(group);
      else if (!node.op.elementwise) lowerings[node.op.name as KernelOpName](node, this.context);
    }
  }

  /** Copies targets whose value ended elsewhere: views, constants, and two names for one node. */
  finishOutputs(): void {
    for (const [target, slot] of this.outputs) {
      const node = this.behindIdentities(target);
      if (this.slots.get(node) !== slot && sizeOf(node.shape) > 0) this.copy(node, slot);
    }
  }

  private lowerGroup({ nodes, outputs }: PointwiseGroup): void {
    const inputs: ChainInput[] = [];
    const known = new Map<Node, number>();
    const inside = new Set(nodes);
    for (const arg of nodes.flatMap((node) => node.inputs.map(this.stands)))
      if (!inside.has(arg) && !known.has(arg)) known.set(arg, inputs.push(this.chainInput(arg)) - 1);
    nodes.forEach((node, s) => known.set(node, inputs.length + s));
    const steps = nodes.map((node): ChainStep => ({
      op: node.op,
      attrs: node.attrs,
      args: node.inputs.map((input) => known.get(this.stands(input))!),
      dtype: node.dtype,
      ...(outputs.includes(node) && { output: this.result(node) }),
    }));
    this.builder.emit(elementwiseLaunch({ inputs, steps, shape: nodes[nodes.length - 1].shape }));
  }

  private chainInput(node: Node): ChainInput {
    const { base, layout } = this.lookedAt(node);
    if (base.op === fullOp) return { constant: (base.attrs as FullAttrs).value, dtype: node.dtype };
    return { slot: this.contiguous(base), layout, dtype: node.dtype };
  }

  /** The node whose storage a view looks at, and how. Where no layout says how, the view itself has to be written out. */
  private lookedAt(node: Node): { readonly base: Node; readonly layout: Layout } {
    const views: Node[] = [];
    let base = node;
    while (base.op.view && !this.slots.has(base) && !this.copies.has(base)) {
      views.push(base);
      base = this.stands(base.inputs[0]);
    }
    let layout = contiguousLayout(base.shape);
    for (const view of views.toReversed()) {
      const found = view.op.view!(layout, view.attrs, view);
      if (!found && base.op !== fullOp) base = view;
      layout = found ?? contiguousLayout(view.shape);
    }
    return { base, layout };
  }

  private view(given: Node): { slot: Slot; layout: Layout } {
    const { base, layout } = this.lookedAt(this.stands(given));
    return { slot: this.contiguous(base), layout };
  }

  private contiguous(given: Node): Slot {
    const node = this.stands(given);
    const slot = this.slots.get(node) ?? this.copies.get(node);
    if (slot !== undefined) return slot;
    const { base, layout } = this.lookedAt(node);
    if (base !== node && base.op !== fullOp && isContiguous(layout)) return this.contiguous(base);
    const copy = this.builder.temporary(Math.max(4, deviceBytes(node)));
    if (sizeOf(node.shape) > 0) this.copy(node, copy);
    this.copies.set(node, copy);
    return copy;
  }

  /** Writes a view, a constant or another node's value to a slot, contiguous. */
  private copy(node: Node, to: Slot): void {
    // A view that no layout describes is a reshape; its elements come in the order of what it reshapes.
    const isThere = this.slots.has(node) || this.copies.has(node);
    const reshaped = isView(node) && !isThere && this.lookedAt(node).base === node;
    const source = reshaped ? this.stands(node.inputs[0]) : node;
    const step = { op: cast, attrs: { dtype: node.dtype }, args: [0], dtype: node.dtype, output: to };
    this.builder.emit(elementwiseLaunch({ inputs: [this.chainInput(source)], steps: [step], shape: source.shape }));
  }

  private result(given: Node): Slot {
    const node = this.stands(given);
    const existing = this.slots.get(node);
    if (existing !== undefined) return existing;
    const slot = this.builder.temporary(Math.max(4, deviceBytes(node)));
    this.slots.set(node, slot);
    return slot;
  }
}

const isView = (node: Node): boolean => node.op.view !== undefined;
const isIdentity = (node: Node): boolean => node.op === assignOp || node.op === detach;
