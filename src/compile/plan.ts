/**
 * @file From a part of the graph to a schedule: the passes transform it, then each kernel's launches are put on slots.
 */
import { sizeOf } from '../base/shape.ts';
import type { NamedAlgorithm } from '../dnn/choice/choose.ts';
import type { Plan, Problem } from '../dnn/problem.ts';
import type { Slot } from '../gpu/kernel.ts';
import { cast } from '../graph/ops/elementwise/unary.ts';
import type { FullAttrs } from '../graph/ops/full.ts';
import { fullOp } from '../graph/ops/full.ts';
import type { KernelOpName } from '../graph/ops/index.ts';
import { isOfGradient } from '../graph/scopes.ts';
import type { Layout, Node } from '../graph/types.ts';
import type { ChainInput, ChainStep } from './elementwise.ts';
import { elementwiseLaunch } from './elementwise.ts';
import { fusedGroup } from './fused/group.ts';
import { fusedProblem } from './fused/problem.ts';
import { Graph } from './graph.ts';
import { isContiguous } from './layout.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerings } from './lower/index.ts';
import { deviceBytes } from './lower/move.ts';
import type { Packs } from './packed.ts';
import { packsOn } from './packed.ts';
import type { PassOptions } from './passes/index.ts';
import { runPasses } from './passes/index.ts';
import type { PointwiseGroup, Rows } from './passes/pointwise.ts';
import { purposeOf } from './purposes.ts';
import type { Region } from './region.ts';
import type { Schedule } from './schedule.ts';
import { ScheduleBuilder, intermediateBytes } from './schedule.ts';
import { twinsIn } from './twins.ts';
import { isView, lookedAt } from './views.ts';

export interface PlanOptions extends PassOptions {
  readonly choose: (problem: Problem, node: Node, named?: NamedAlgorithm) => Plan;
  /** Leaves whose values stay, so that what depends on them alone is computed once. */
  readonly steady?: ReadonlySet<Node>;
}

/** Plans the region's targets; output i of the schedule is target i. */
export function planRegion(region: Region, targets: readonly Node[], options: PlanOptions): Schedule {
  if (
    !options.device.features.has('shader-f16') &&
    [...region.leaves, ...region.order].some((n) => n.dtype === 'float16')
  )
    options.onRemark?.(
      'float16: this adapter has no shader-f16, so it keeps two float16 in a word and computes in float32; it saves memory, and no time',
    );
  const plan = (room?: number): Schedule =>
    lowerGraph(runPasses(Graph.recorded(region.leaves, targets), { ...options, room }), region, options);
  return options.room === undefined ? plan() : planWithin(options.room, plan);
}

/** Each plan tells how far the last one was off. */
const mostPlans = 8;

/** The first plan whose intermediates have room, else the one that takes least. */
function planWithin(room: number, plan: (goal?: number) => Schedule): Schedule {
  let best = plan();
  let least = intermediateBytes(best);
  const before = least;
  for (let [tried, goal] = [0, room]; least > room && goal > 0 && tried < mostPlans; tried++) {
    const next = plan(goal);
    const bytes = intermediateBytes(next);
    if (bytes < least) [best, least] = [{ ...next, thrift: { room, goal, before } }, bytes];
    goal -= Math.max(bytes - room, room / 16);
  }
  return best;
}

/** The schedule of a graph that has been through the passes. */
export function lowerGraph(graph: Graph, region: Region, options: PlanOptions): Schedule {
  const builder = new ScheduleBuilder();
  const planner = new Planner(builder, graph, region, options);
  for (const target of new Set(graph.targets)) planner.reserveOutput(target);
  planner.lowerAll();
  planner.finishOutputs();
  return builder.finish((leaf) => options.steady?.has(region.leaves[leaf]) ?? false);
}

/** Lowers nodes one after another onto slots. */
class Planner {
  private readonly builder: ScheduleBuilder;
  private readonly graph: Graph;
  private readonly numbers: Region['numbers'];
  /** Where a node's value lies, contiguous. */
  private readonly slots = new Map<Node, Slot>();
  private readonly copies = new Map<Node, Slot>();
  private readonly outputs = new Map<Node, Slot>();
  private readonly twins: ReadonlyMap<Node, Node>;
  private readonly context: LowerContext;
  private readonly packs: Packs;

  constructor(builder: ScheduleBuilder, graph: Graph, { leaves, numbers }: Region, options: PlanOptions) {
    this.builder = builder;
    this.graph = graph;
    this.numbers = numbers;
    this.twins = twinsIn(graph);
    leaves.forEach((leaf, i) => this.slots.set(leaf, builder.leaf(i)));
    this.packs = packsOn(options.device.features);
    this.context = {
      device: options.device,
      contiguous: (node) => this.contiguous(node),
      view: (node) => this.view(node),
      isSteady: (node) => options.steady?.has(this.lookedAt(graph.of(node)).base) ?? false,
      result: (node) => this.result(node),
      twin: (node) => this.twins.get(node),
      temporary: (bytes) => builder.temporary(bytes),
      assertion: (node) => this.assertion(node),
      emit: (...launches) => builder.emit(...launches),
      choose: options.choose,
    };
  }

  private assertion(node: Node): ReturnType<ScheduleBuilder['assertion']> | undefined {
    const assertion = node.op.assertion?.(node.inputs, node.attrs);
    if (!assertion) return undefined;
    const { message, operand } = assertion;
    const { shape, dtype } = operand === undefined ? node : node.inputs[operand];
    return this.builder.assertion({
      message,
      node: this.numbers.get(this.graph.partsOf(node)[0])!,
      type: { shape, dtype },
    });
  }

  reserveOutput(target: Node): void {
    const slot = this.builder.output(deviceBytes(target), this.holds(target));
    this.outputs.set(target, slot);
    const node = this.graph.resultOf(target);
    if (this.graph.isResult(node) && !this.slots.has(node)) this.slots.set(node, slot);
  }

  lowerAll(): void {
    const lowered = new Set(this.twins.values());
    const grouped = new Set([...this.graph.groups.values()].flatMap(({ nodes }) => nodes));
    for (const node of this.graph.order) {
      if (lowered.has(node) || isView(node) || sizeOf(node.shape) === 0 || node.op === fullOp) continue;
      const group = this.graph.groups.get(node);
      if (!group && grouped.has(node)) continue;
      const twin = this.twins.get(node);
      this.builder.emitFor(purposeOf(group?.nodes ?? [node, ...(twin ? [twin] : [])], this.graph, this.numbers), () => {
        if (group?.rows) this.lowerRows(group as PointwiseGroup & { readonly rows: Rows });
        else if (group) this.lowerGroup(group);
        else lowerings[node.op.name as KernelOpName](node, this.context);
      });
    }
  }

  /** Copies targets whose value ended elsewhere: views, constants, and two names for one node. */
  finishOutputs(): void {
    for (const [target, slot] of this.outputs) {
      const node = this.graph.resultOf(target);
      if (this.slots.get(node) === slot || sizeOf(node.shape) === 0) continue;
      this.builder.emitFor({ nodes: [this.numbers.get(target)!], flops: 0 }, () => this.copy(node, slot));
    }
  }

  private lowerGroup({ nodes, outputs }: PointwiseGroup): void {
    const inputs: ChainInput[] = [];
    const known = new Map<Node, number>();
    const inside = new Set(nodes);
    for (const arg of nodes.flatMap((node) => this.graph.inputsOf(node)))
      if (!inside.has(arg) && !known.has(arg)) known.set(arg, inputs.push(this.chainInput(arg)) - 1);
    nodes.forEach((node, s) => known.set(node, inputs.length + s));
    const steps = nodes.map((node): ChainStep => {
      const told = node.op.elementwise!.holds && this.assertion(node);
      return {
        op: node.op,
        attrs: node.attrs,
        args: this.graph.inputsOf(node).map((input) => known.get(input)!),
        dtype: node.dtype,
        ...(outputs.includes(node) && { output: this.result(node) }),
        ...(told && { assertion: told }),
      };
    });
    this.builder.emit(elementwiseLaunch({ inputs, steps, shape: nodes[nodes.length - 1].shape, packs: this.packs }));
  }

  private lowerRows(group: PointwiseGroup & { readonly rows: Rows }): void {
    const { desc, slots } = fusedGroup(group, {
      inputsOf: (node) => this.graph.inputsOf(node),
      input: (node) => this.chainInput(node),
      result: (node) => this.result(node),
    });
    const plan = this.context.choose(fusedProblem(desc), group.nodes.at(-1)!);
    const workspace = plan.workspace.map((bytes) => this.builder.temporary(bytes));
    this.builder.emit(...plan.algorithm.launches(desc, plan.config, { ...slots, workspace }));
  }

  private chainInput(node: Node): ChainInput {
    const { base, layout } = this.lookedAt(node);
    if (base.op === fullOp) return { constant: (base.attrs as FullAttrs).value, dtype: node.dtype };
    return { slot: this.contiguous(base), layout, dtype: node.dtype };
  }

  private lookedAt(node: Node): { readonly base: Node; readonly layout: Layout } {
    return lookedAt(
      node,
      (view) => this.graph.of(view.inputs[0]),
      (base) => this.slots.has(base) || this.copies.has(base),
    );
  }

  private view(given: Node): { slot: Slot; layout: Layout } {
    const { base, layout } = this.lookedAt(this.graph.of(given));
    return { slot: this.contiguous(base), layout };
  }

  private contiguous(given: Node): Slot {
    const node = this.graph.of(given);
    const slot = this.slots.get(node) ?? this.copies.get(node);
    if (slot !== undefined) return slot;
    const { base, layout } = this.lookedAt(node);
    if (base !== node && base.op !== fullOp && isContiguous(layout)) return this.contiguous(base);
    const copy = this.builder.temporary(Math.max(4, deviceBytes(node)), this.holds(node));
    if (sizeOf(node.shape) > 0) this.copy(node, copy);
    this.copies.set(node, copy);
    return copy;
  }

  /** Writes a view, a constant or another node's value to a slot, contiguous. */
  private copy(node: Node, to: Slot): void {
    // A view that no layout describes is a reshape; its elements come in the order of what it reshapes.
    const isThere = this.slots.has(node) || this.copies.has(node);
    const reshaped = isView(node) && !isThere && this.lookedAt(node).base === node;
    const source = reshaped ? this.graph.of(node.inputs[0]) : node;
    const step = { op: cast, attrs: { dtype: node.dtype }, args: [0], dtype: node.dtype, output: to };
    this.builder.emit(
      elementwiseLaunch({ inputs: [this.chainInput(source)], steps: [step], shape: source.shape, packs: this.packs }),
    );
  }

  private result(given: Node): Slot {
    const node = this.graph.of(given);
    const existing = this.slots.get(node);
    if (existing !== undefined) return existing;
    const slot = this.builder.temporary(Math.max(4, deviceBytes(node)), this.holds(node));
    this.slots.set(node, slot);
    return slot;
  }

  /** As what a node's value is told in records of memory. */
  private holds(node: Node): 'activations' | 'gradients' {
    return this.graph.partsOf(node).some(isOfGradient) ? 'gradients' : 'activations';
  }
}
