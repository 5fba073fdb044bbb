/**
 * @file Reductions, and pointwise operations around them, that share a kernel.
 *
 *     before    y = exp(x)    s = sum(y)    z = y / s        three kernels
 *     after     z = one kernel over x, row by row
 *
 * A group goes along rows: all its reductions bring the same dimensions together, and its other values have an element
 * for each of the input's or one for each row. As with pointwise groups, a kernel's work joins the kernel that needs it
 * first, where everybody else who reads it runs later. Whether a group really is one kernel, the chooser decides: its
 * reductions apart are candidates too.
 */
import { isFloat } from '../../base/dtype.ts';
import { formatShape, sameShape, sizeOf } from '../../base/shape.ts';
import { fullOp } from '../../graph/ops/full.ts';
import { amax, amin, mean, prod, reducedShape, sum, variance } from '../../graph/ops/reduce.ts';
import { logSoftmax, softmax } from '../../graph/ops/softmax.ts';
import type { Node, Op } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { RefusalList } from '../refusals.ts';
import type { Packs } from '../packed.ts';
import { packsOn } from '../packed.ts';
import type { Where } from './pass.ts';
import { maxBuffers, maxSteps } from './pass.ts';
import type { PointwiseGroup, Rows } from './pointwise.ts';
import { alone } from './pointwise.ts';

export function reductions(graph: Graph, { device }: Where): Graph {
  const merging = new Merging(graph, packsOn(device.features));
  return graph.grouped(merging.result(), merging.refusals.all);
}

/**
 * Those that a fused kernel knows. Sums of integers may be wrong, which their own kernels tell; places and truths have
 * theirs too.
 */
const foldable: ReadonlySet<Op> = new Set<Op>([amax, amin, mean, prod, sum, variance]);
const siblingsTried = 8;

/** More walks over a row compute too much anew. */
const maxFolds = 4;

const alongRows: ReadonlySet<Op> = new Set<Op>([logSoftmax, softmax]);

/** The rows that a node goes along, where a fused kernel can compute it. */
export function rowsOf(node: Node, graph: Graph): Rows | undefined {
  const [x] = node.inputs;
  const isKnown = foldable.has(node.op) || alongRows.has(node.op);
  if (
    !isKnown ||
    !(node.compiled || node.formula !== undefined) ||
    !isFloat(x.dtype) ||
    graph.lookedAt(graph.of(x)).base.op === fullOp
  )
    return undefined;
  const { shape } = x;
  if (alongRows.has(node.op)) {
    const dims = [node.attrs.dim as number];
    return isLong(shape, dims) ? { shape, dims } : undefined;
  }
  const dims = node.attrs.dims as readonly number[];
  return isLong(shape, dims) ? { shape, dims, narrow: node.shape } : undefined;
}

const isLong = (shape: readonly number[], dims: readonly number[]): boolean =>
  sizeOf(shape) > 0 && sizeOf(dims.map((d) => shape[d])) > 1;

/** What one kernel computes as it stands so far. */
interface Unit {
  /** Where it runs: the index of its last node. */
  readonly at: number;
  readonly nodes: Set<Node>;
  rows?: Rows;
}

/** Walks from the results to the beginning, so that the kernels that read a unit are known when its turn comes. */
class Merging {
  readonly refusals = new RefusalList();
  private readonly graph: Graph;
  private readonly indices: ReadonlyMap<Node, number>;
  private readonly unitOf = new Map<Node, Unit>();
  private readonly viewNeededAt = new Map<Node, number>();
  private readonly packs: Packs;

  constructor(graph: Graph, packs: Packs) {
    this.graph = graph;
    this.packs = packs;
    this.indices = new Map(graph.order.map((node, i) => [node, i]));
    const groups = graph.groups.size > 0 ? graph.groups : alone(graph);
    for (const [last, { nodes }] of groups) this.add(last, nodes);
    for (const node of graph.order) {
      const rows = rowsOf(node, graph);
      if (rows) this.add(node, [node], rows);
    }
    // What has taken reductions up may join what had nothing in common with it before.
    while (this.sweep()) this.viewNeededAt.clear();
  }

  result(): Map<Node, PointwiseGroup> {
    const units = [...new Set(this.unitOf.values())].filter(({ nodes, rows }) => !rows || nodes.size > 1);
    return new Map(
      units.map(({ nodes: unsorted, rows }) => {
        const nodes = [...unsorted].sort((a, b) => this.indices.get(a)! - this.indices.get(b)!);
        return [nodes.at(-1)!, { nodes, outputs: this.written(unsorted), ...(rows && { rows }) }];
      }),
    );
  }

  /** Whether any joined. */
  private sweep(): boolean {
    let joined = false;
    for (const node of this.graph.order.toReversed()) {
      const unit = this.unitOf.get(node);
      if (unit && unit.at === this.indices.get(node)) joined = this.tryToJoin(unit) || joined;
    }
    return joined;
  }

  private add(last: Node, nodes: readonly Node[], rows?: Rows): void {
    const unit: Unit = { at: this.indices.get(last)!, nodes: new Set(nodes), ...(rows && { rows }) };
    for (const node of nodes) this.unitOf.set(node, unit);
  }

  /**
   * When a node's value is needed. A view computes nothing itself, so it needs its input when its first reader runs.
   */
  private neededAt(node: Node): number {
    const unit = this.unitOf.get(node);
    if (unit || !node.op.view) return unit?.at ?? this.indices.get(node)!;
    const known = this.viewNeededAt.get(node);
    if (known !== undefined) return known;
    let first = Infinity;
    for (const reader of this.graph.readersOf(node)) first = Math.min(first, this.neededAt(reader));
    this.viewNeededAt.set(node, first);
    return first;
  }

  private tryToJoin(unit: Unit): boolean {
    const readers = this.readersOf(unit);
    const needed = new Map(readers.map((reader) => [reader, this.neededAt(reader)]));
    const first = readers.reduce((least, reader) => Math.min(least, needed.get(reader)!), Infinity);
    const soonest = readers.filter((reader) => needed.get(reader) === first);
    const into = soonest.map((reader) => this.unitOf.get(reader)).find((found) => found !== undefined);
    const outside = soonest.find((reader) => !into || this.unitOf.get(reader) !== into);
    const why = outside || !into ? `${outside?.op.name ?? 'the program'} needs the value first` : this.join(into, unit);
    for (const reader of readers) this.noteRefusal(unit, reader, why);
    return why === undefined || (unit.rows !== undefined && this.joinSibling(unit, first));
  }

  /**
   * A reduction joins another one that brings the same values together, which runs before anybody needs either: a mean,
   * and a variance.
   */
  private joinSibling(unit: Unit, first: number): boolean {
    const sources = [...unit.nodes]
      .flatMap((node) => this.graph.inputsOf(node))
      .filter((node) => !unit.nodes.has(node));
    for (const reader of sources.flatMap((source) => this.nextReaders(source, unit.at))) {
      const sibling = this.unitOf.get(reader);
      if (!sibling?.rows || sibling === unit || sibling.at < unit.at || sibling.at >= first) continue;
      if (this.join(sibling, unit) === undefined) return true;
    }
    return false;
  }

  /** The next few in the order who read a value, as very many may. */
  private nextReaders(node: Node, after: number): readonly Node[] {
    const readers = this.graph.readersOf(node);
    let [low, high] = [0, readers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.indices.get(readers[middle])! > after) high = middle;
      else low = middle + 1;
    }
    return readers.slice(low, low + siblingsTried);
  }

  /** Of pairs that this pass is about. */
  private noteRefusal(unit: Unit, reader: Node, why: string | undefined): void {
    const other = this.unitOf.get(reader);
    if (!other || other === unit || !(unit.rows ?? other.rows)) return;
    const inside = why ?? 'a kernel that runs earlier computes and writes it';
    for (const input of this.graph.inputsOf(reader))
      if (unit.nodes.has(input) && this.unitOf.get(input) !== other) this.refusals.note(reader, input, inside);
  }

  /** Joins a unit to the one that needs it first, or says why that cannot be. */
  private join(into: Unit, unit: Unit): string | undefined {
    const rows = both(into.rows, unit.rows);
    if (typeof rows === 'string') return rows;
    if (!rows) return 'its first reader is in a kernel that brings nothing together';
    const nodes = new Set([...unit.nodes, ...into.nodes]);
    const why = this.whyNot(nodes, rows);
    if (why !== undefined) return why;
    for (const node of unit.nodes) {
      into.nodes.add(node);
      this.unitOf.set(node, into);
    }
    into.rows = rows;
    return undefined;
  }

  private whyNot(nodes: ReadonlySet<Node>, rows: Rows): string | undefined {
    const eager = [...nodes].find(({ compiled }) => !compiled);
    if (eager && ![...nodes].every(({ formula }) => formula !== undefined && formula === eager.formula))
      return `${eager.op.name} is not inside torch.compile`;
    for (const node of nodes) {
      const { op, shape } = node;
      if (op.elementwise?.holds) return `${op.name} checks its operand, which kernels along rows do not`;
      const packed = [node, ...node.inputs].find(({ dtype }) => this.packs(dtype));
      if (packed) return `${packed.dtype} shares words, which kernels along rows do not read`;
      if (op.random) return `${op.name} draws random numbers, and rows may be walked over several times`;
      const isWide = sameShape(shape, rows.shape);
      if (!isWide && !(rows.narrow && sameShape(shape, rows.narrow)))
        return `sizes differ: ${formatShape(shape)} and rows of ${formatShape(rows.shape)}`;
      const readsNarrow = this.graph
        .inputsOf(node)
        .some((input) => nodes.has(input) && !sameShape(input.shape, rows.shape));
      if (isWide && readsNarrow && !isBeside(rows))
        return `${formatShape(rows.narrow!)} has no dimension for the rows of ${formatShape(rows.shape)}`;
    }
    const bound = new Set([...nodes].flatMap((node) => this.buffersOf(node, nodes))).size + this.written(nodes).length;
    if (bound > maxBuffers) return `the kernel would bind ${bound} buffers; WebGPU guarantees ${maxBuffers}`;
    if (nodes.size > maxSteps) return `the kernel would compute ${nodes.size} operations, and ${maxSteps} are the most`;
    const folds = this.foldsOf(nodes);
    return folds > maxFolds
      ? `the kernel would walk over its rows ${folds} times for one sum after the other, and ${maxFolds} are the most`
      : undefined;
  }

  /**
   * How many sums and the like lie one after the other: a softmax is two of them, and so is a variance, with its mean.
   */
  private foldsOf(nodes: ReadonlySet<Node>): number {
    const folds = new Map<Node, number>();
    const order = [...nodes].sort((a, b) => this.indices.get(a)! - this.indices.get(b)!);
    for (const node of order) {
      const before = this.graph.inputsOf(node).map((input) => folds.get(input) ?? 0);
      const own = node.op.elementwise ? 0 : alongRows.has(node.op) || node.op === variance ? 2 : 1;
      folds.set(node, Math.max(0, ...before) + own);
    }
    return Math.max(...folds.values());
  }

  /** Who reads a unit's values, besides itself. */
  private readersOf({ nodes }: Unit): Node[] {
    return [...new Set([...nodes].flatMap((node) => this.graph.readersOf(node)))].filter(
      (reader) => !nodes.has(reader),
    );
  }

  private written(nodes: ReadonlySet<Node>): Node[] {
    return [...nodes].filter(
      (node) => this.graph.isResult(node) || !this.graph.readersOf(node).every((reader) => nodes.has(reader)),
    );
  }

  private buffersOf(node: Node, inside: ReadonlySet<Node>): Node[] {
    return this.graph.inputsOf(node).flatMap((input) => {
      if (inside.has(input)) return [];
      const { base } = this.graph.lookedAt(input);
      return base.op === fullOp ? [] : [base];
    });
  }
}

/** The rows of two units together, or why they have none. */
function both(a: Rows | undefined, b: Rows | undefined): Rows | string | undefined {
  if (!a || !b) return a ?? b;
  if (!sameShape(a.shape, b.shape) || !sameShape(a.dims, b.dims))
    return `they go along other rows: dims ${formatShape(a.dims)} of ${formatShape(a.shape)}, and ${formatShape(b.dims)} of ${formatShape(b.shape)}`;
  if (a.narrow && b.narrow && !sameShape(a.narrow, b.narrow))
    return `sizes differ: ${formatShape(a.narrow)} and ${formatShape(b.narrow)}`;
  return { ...a, ...b };
}

/** Whether one number a row broadcasts to the row that it belongs to. */
function isBeside({ shape, dims, narrow = [] }: Rows): boolean {
  const lead = new Array<number>(shape.length - narrow.length).fill(1);
  return sameShape([...lead, ...narrow], reducedShape(shape, { dims, keepdim: true }));
}
