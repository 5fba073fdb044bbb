/**
 * @file From a part of the graph to a schedule: which nodes, in which order, fused how, by which launches.
 */
import { fail } from '../base/errors.ts';
import { sizeOf } from '../base/shape.ts';
import type { DeviceTraits } from '../dnn/algorithm.ts';
import type { Limits } from '../dnn/choice/candidates.ts';
import type { Named } from '../dnn/choice/choose.ts';
import type { Plan, Problem } from '../dnn/problem.ts';
import type { Slot } from '../gpu/kernel.ts';
import type { KernelOpName } from '../graph/ops/index.ts';
import type { FullAttrs } from '../graph/ops/full.ts';
import { cast } from '../graph/ops/elementwise/unary.ts';
import type { Layout, Node } from '../graph/types.ts';
import type { ChainInput, ChainStep } from './elementwise.ts';
import { elementwiseLaunch } from './elementwise.ts';
import { fuseConvolutions } from './fuse.ts';
import { contiguousLayout, isContiguous } from './layout.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerings } from './lower/index.ts';
import { deviceBytes } from './lower/move.ts';
import type { Region } from './region.ts';
import { collectRegion } from './region.ts';
import type { Schedule } from './schedule.ts';
import { ScheduleBuilder } from './schedule.ts';

export interface PlanOptions {
  readonly device: DeviceTraits;
  /** What the program rules out; fusing must leave it something. */
  readonly limits?: Limits;
  readonly choose: (problem: Problem, node: Node, named?: Named) => Plan;
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
  const fused = fuseConvolutions(order, new Set(targets.map((t) => composite.of(t))), options);
  const stands = (node: Node): Node => fused.get(composite.of(node)) ?? composite.of(node);

  const planner = new Planner(builder, region.leaves, stands, options);
  for (const target of keep) planner.reserveOutput(target);
  planner.lowerAll(live(targets.map(stands), stands, new Set(region.leaves)));
  planner.finishOutputs();
  return builder.finish();
}

/** Replaces operations that are defined by simpler ones. */
function expandComposites(order: readonly Node[]): { order: Node[]; of: (node: Node) => Node } {
  const stands = new Map<Node, Node>();
  const of = (node: Node): Node => stands.get(node) ?? node;
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
    stands.set(node, expanded.of(simple));
  }
  return { order: out, of };
}

/** The nodes that the targets need, inputs first, under the given substitution. */
function live(targets: readonly Node[], stands: (node: Node) => Node, leaves: ReadonlySet<Node>): Node[] {
  const seen = new Set<Node>(leaves);
  const out: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  for (const target of targets) {
    if (!seen.has(target)) stack.push({ node: target, next: 0 });
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top.next === 0 && seen.has(top.node)) {
        stack.pop();
        continue;
      }
      if (top.next < top.node.inputs.length) {
        const input = stands(top.node.inputs[top.next++]);
        if (!seen.has(input)) stack.push({ node: input, next: 0 });
        continue;
      }
      stack.pop();
      if (seen.has(top.node)) continue;
      seen.add(top.node);
      out.push(top.node);
    }
  }
  return out;
}

/** WebGPU guarantees eight storage buffers a stage; one is the output. */
const maxChainInputs = 7;

/** Longer chains are kernels that take long to compile and gain nothing. */
const maxChainSteps = 64;

/** What a node's kernel does with everything that is inlined into it. */
interface Chain {
  readonly inputs: number;
  readonly steps: number;
}

/** Lowers nodes one after another onto slots. */
class Planner {
  private readonly builder: ScheduleBuilder;
  private readonly stands: (node: Node) => Node;
  /** Where a node's value lies, contiguous. */
  private readonly slots = new Map<Node, Slot>();
  private readonly copies = new Map<Node, Slot>();
  private readonly outputs = new Map<Node, Slot>();
  private readonly readers = new Map<Node, Node[]>();
  /** Pointwise nodes that are computed inside their only reader's kernel. */
  private readonly inlined = new Set<Node>();
  private readonly chains = new Map<Node, Chain>();
  private readonly context: LowerContext;

  constructor(builder: ScheduleBuilder, leaves: readonly Node[], stands: (node: Node) => Node, options: PlanOptions) {
    this.builder = builder;
    this.stands = stands;
    leaves.forEach((leaf, i) => this.slots.set(leaf, builder.leaf(i)));
    this.context = {
      device: options.device,
      contiguous: (node) => this.contiguous(node),
      view: (node) => this.view(node),
      result: (node) => this.result(node),
      temporary: (bytes) => builder.temporary(bytes),
      emit: (...launches) => builder.emit(...launches),
      choose: options.choose,
    };
  }

  reserveOutput(target: Node): void {
    this.outputs.set(target, this.builder.output(deviceBytes(target)));
    const node = this.behindIdentities(target);
    if (!this.slots.has(node) && !isView(node) && node.op.name !== 'full')
      this.slots.set(node, this.outputs.get(target)!);
  }

  /** The node whose result a target is: `assign` and `detach` compute nothing. */
  private behindIdentities(target: Node): Node {
    let node = this.stands(target);
    while (!this.slots.has(node) && isIdentity(node)) node = this.stands(node.inputs[0]);
    return node;
  }

  lowerAll(order: readonly Node[]): void {
    for (const node of order) {
      for (const input of node.inputs) {
        const from = this.stands(input);
        const readers = this.readers.get(from);
        if (readers) readers.push(node);
        else this.readers.set(from, [node]);
      }
    }
    for (const node of order) this.inlineInto(node);
    for (const node of order) {
      if (isView(node) || this.inlined.has(node) || sizeOf(node.shape) === 0 || node.op.name === 'full') continue;
      if (node.op.elementwise) this.lowerChain(node);
      else lowerings[node.op.name as KernelOpName](node, this.context);
    }
  }

  /** Copies targets whose value ended elsewhere: views, constants, and two names for one node. */
  finishOutputs(): void {
    for (const [target, slot] of this.outputs) {
      const node = this.behindIdentities(target);
      if (this.slots.get(node) !== slot && sizeOf(node.shape) > 0) this.copy(node, slot);
    }
  }

  /** Compiled pointwise operations run inside their only reader where that is pointwise too and of the same shape, and not too large. */
  private inlineInto(reader: Node): void {
    if (!reader.op.elementwise || !reader.compiled) return;
    const args = reader.inputs.map(this.stands);
    const inner = args.filter((arg) => this.canInline(arg, reader)).map((arg) => this.chains.get(arg)!);
    const chain = {
      inputs: args.length - inner.length + inner.reduce((n, { inputs }) => n + inputs, 0),
      steps: 1 + inner.reduce((n, { steps }) => n + steps, 0),
    };
    const fits = chain.inputs <= maxChainInputs && chain.steps <= maxChainSteps;
    this.chains.set(reader, fits ? chain : { inputs: args.length, steps: 1 });
    if (fits) for (const arg of args) if (this.canInline(arg, reader)) this.inlined.add(arg);
  }

  private canInline(node: Node, reader: Node): boolean {
    return (
      this.chains.has(node) &&
      !this.slots.has(node) &&
      this.readers.get(node)?.length === 1 &&
      sizeOf(reader.shape) === sizeOf(node.shape)
    );
  }

  private lowerChain(node: Node): void {
    const inputs: ChainInput[] = [];
    const known = new Map<Node, number>();
    const steps: { node: Node; args: Node[] }[] = [];
    const gather = (n: Node): void => {
      const args = n.inputs.map(this.stands);
      for (const arg of args) {
        if (this.inlined.has(arg)) gather(arg);
        else if (!known.has(arg)) known.set(arg, inputs.push(this.chainInput(arg)) - 1);
      }
      steps.push({ node: n, args });
    };
    gather(node);
    steps.forEach((step, s) => known.set(step.node, inputs.length + s));
    const chainSteps = steps.map(({ node: n, args }): ChainStep => ({
      op: n.op,
      attrs: n.attrs,
      args: args.map((a) => known.get(a)!),
      dtype: n.dtype,
    }));
    this.builder.emit(elementwiseLaunch({ inputs, steps: chainSteps, shape: node.shape, output: this.result(node) }));
  }

  private chainInput(node: Node): ChainInput {
    const base = this.viewedNode(node);
    if (base.op.name === 'full') return { constant: (base.attrs as FullAttrs).value, dtype: node.dtype };
    return { ...this.view(node), dtype: node.dtype };
  }

  /** The node whose storage a chain of views looks at. */
  private viewedNode(node: Node): Node {
    let base = node;
    while (base.op.view && !this.slots.has(base)) base = this.stands(base.inputs[0]);
    return base;
  }

  private view(given: Node): { slot: Slot; layout: Layout } {
    const node = this.stands(given);
    const slot = this.slots.get(node) ?? this.copies.get(node);
    if (slot !== undefined) return { slot, layout: contiguousLayout(node.shape) };
    if (node.op.view) {
      const base = this.view(node.inputs[0]);
      const layout = node.op.view(base.layout, node.attrs, node);
      if (layout) return { slot: base.slot, layout };
      return { slot: this.contiguous(node), layout: contiguousLayout(node.shape) };
    }
    return { slot: this.contiguous(node), layout: contiguousLayout(node.shape) };
  }

  private contiguous(given: Node): Slot {
    const node = this.stands(given);
    const slot = this.slots.get(node) ?? this.copies.get(node);
    if (slot !== undefined) return slot;
    if (node.op.view) {
      const base = this.view(node.inputs[0]);
      const layout = node.op.view(base.layout, node.attrs, node);
      if (layout && isContiguous(layout)) return base.slot;
    }
    const copy = this.builder.temporary(Math.max(4, deviceBytes(node)));
    if (sizeOf(node.shape) > 0) this.copy(node, copy);
    this.copies.set(node, copy);
    return copy;
  }

  /** Writes a view, a constant or another node's value to a slot, contiguous. */
  private copy(node: Node, to: Slot): void {
    const step = { op: cast, attrs: { dtype: node.dtype }, args: [0], dtype: node.dtype };
    this.builder.emit(
      elementwiseLaunch({ inputs: [this.copySource(node)], steps: [step], shape: node.shape, output: to }),
    );
  }

  private copySource(node: Node): ChainInput {
    const slot = this.slots.get(node);
    if (slot !== undefined) return { slot, layout: contiguousLayout(node.shape), dtype: node.dtype };
    if (!node.op.view || this.viewedNode(node).op.name === 'full') return this.chainInput(node);
    const base = this.stands(node.inputs[0]);
    const under = this.view(base);
    const layout = node.op.view(under.layout, node.attrs, node);
    if (layout) return { slot: under.slot, layout, dtype: node.dtype };
    // A reshape of elements that do not lie together: its input is written out first, then it is contiguous.
    return { slot: this.contiguous(base), layout: contiguousLayout(node.shape), dtype: node.dtype };
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
const isIdentity = (node: Node): boolean => node.op.name === 'assign' || node.op.name === 'detach';
