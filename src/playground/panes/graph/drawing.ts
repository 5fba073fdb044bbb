/**
 * @file What of a graph is drawn: boxes, frames around opened ones, edges. Fused operations are one box that opens,
 * and so is a layer where there are too many nodes; views and constants may be left out, and then an edge leads past
 * them.
 */
import { groupBy } from '../../../base/group-by.ts';
import type { Words } from '../../../base/words.ts';
import type { Compilation, GraphNode } from '../../../compile/compilation.ts';
import { operationsText } from '../../kernel-figures.ts';
import { say } from '../../language.ts';
import type { Stage } from './stages.ts';

export interface Box {
  readonly key: string;
  readonly kind: GraphNode['kind'] | 'layer';
  /** The last of what it stands for: the value that others read. */
  readonly node: GraphNode;
  readonly names: readonly string[];
  /** Recorded nodes, by number. */
  readonly parts: readonly number[];
  /** Nodes of the stage that it stands for or is a part of, by number. */
  readonly nodes: readonly number[];
  readonly layers: readonly string[];
  readonly lines: readonly number[];
  /** Several operations, which a click shows one by one. */
  readonly opens: boolean;
  /** The frame that it is drawn in. */
  readonly within?: string;
}

/** A box that was opened. */
export interface Frame {
  readonly key: string;
  readonly kind: Container['kind'];
  readonly title: string;
  readonly within?: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Numbers of pairs that are not fused, whose edge it is. */
  readonly unfused: readonly number[];
}

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly edges: readonly Edge[];
}

export interface DrawingOptions {
  readonly leaves: boolean;
  readonly views: boolean;
  readonly byLayer: boolean;
  /** Keys of boxes that are opened. */
  readonly open: ReadonlySet<string>;
}

/** What several nodes are drawn as while it is closed. */
interface Container {
  readonly key: string;
  readonly kind: 'fused' | 'layer';
  readonly title: string;
}

/** The smallest thing that can be a box. */
interface Atom {
  readonly key: string;
  readonly node: GraphNode;
  /** The node of the stage that it is, or is a part of, by number. */
  readonly of: number;
  readonly containers: readonly Container[];
}

export function draw(
  { graph, isLast }: Pick<Stage, 'graph' | 'isLast'>,
  { recorded, unfused }: Pick<Compilation, 'recorded' | 'unfused'>,
  options: DrawingOptions,
): Drawing {
  const byId = new Map(graph.map((node) => [node.id, node]));
  const recordedBy = new Map(recorded.map((node) => [node.id, node]));
  const shown = graph.filter((node) => isDrawn(node, options));
  const groups = groupBy(shown, ({ group }) => group);
  const atomsOf = new Map(shown.map((node) => [node.id, atomsFor(node, groups, recordedBy, options)]));
  const boxOf = (atom: Atom): string => atom.containers.find(({ key }) => !options.open.has(key))?.key ?? atom.key;
  const edges = new Map<string, { from: string; to: string; unfused: number[] }>();
  const connect = (from: string, to: string): void => {
    if (from !== to) edges.set(`${from}>${to}`, { from, to, unfused: [] });
  };
  for (const node of graph) {
    const atoms = atomsOf.get(node.id);
    if (!atoms) continue;
    for (const atom of atoms)
      for (const other of atoms) if (atom.node.inputs.includes(other.node.id)) connect(boxOf(other), boxOf(atom));
    for (const input of node.inputs)
      for (const source of drawnBehind(input, byId, atomsOf)) {
        const reads = byId.get(source)!;
        const reader = atoms.find((atom) => [input, ...reads.parts].some((id) => atom.node.inputs.includes(id)));
        connect(boxOf(atomsOf.get(source)!.at(-1)!), boxOf(reader ?? atoms[0]));
      }
  }
  const { boxes, frames } = boxesOf([...atomsOf.values()].flat(), boxOf, options);
  if (isLast)
    for (const [i, { edge }] of unfused.entries()) {
      const [producer, consumer] = edge.map((id) => atomsOf.get(id));
      if (producer && consumer)
        markedEdge(boxOf(producer.at(-1)!), boxOf(consumer[0]), [...edges.values()], boxes)?.unfused.push(i);
    }
  return { boxes, frames, edges: [...edges.values()] };
}

function isDrawn({ kind }: GraphNode, { leaves, views, byLayer }: DrawingOptions): boolean {
  if (kind === 'computed') return true;
  if (byLayer) return false;
  return kind === 'view' || kind === 'constant' ? views : leaves;
}

/** The drawn nodes whose values a node holds: itself, or what lies behind views that are left out. */
function drawnBehind(id: number, byId: ReadonlyMap<number, GraphNode>, drawn: ReadonlyMap<number, unknown>): number[] {
  if (drawn.has(id)) return [id];
  const node = byId.get(id);
  return node?.kind === 'view' ? node.inputs.flatMap((input) => drawnBehind(input, byId, drawn)) : [];
}

function atomsFor(
  node: GraphNode,
  groups: ReadonlyMap<number | undefined, readonly GraphNode[]>,
  recorded: ReadonlyMap<number, GraphNode>,
  { byLayer }: DrawingOptions,
): Atom[] {
  const { id, parts, group, kind } = node;
  const inner = kind === 'computed' && parts.length > 1 ? parts.flatMap((part) => recorded.get(part) ?? []) : [];
  const fused: Container[] = [];
  if (group !== undefined) fused.push(fusedBy(`group ${group}`, groups.get(group)!));
  if (inner.length > 1) fused.push(fusedBy(`fused ${id}`, inner));
  const layer = layersOf([...parts.flatMap((part) => recorded.get(part) ?? []), node]).join(' + ') || say(ownCode);
  const containers = byLayer ? [{ key: `layer ${layer}`, kind: 'layer' as const, title: layer }, ...fused] : fused;
  if (inner.length < 2) return [{ key: `node ${id}`, node, of: id, containers }];
  return inner.map((part, i) => {
    const last = i === inner.length - 1;
    return { key: `part ${part.id}`, node: { ...part, isTarget: last && node.isTarget }, of: id, containers };
  });
}

const fusedBy = (key: string, nodes: readonly GraphNode[]): Container => ({
  key,
  kind: 'fused',
  title: operationsText(nodes.map(({ name }) => name)),
});

function boxesOf(
  atoms: readonly Atom[],
  boxOf: (atom: Atom) => string,
  { open }: DrawingOptions,
): Pick<Drawing, 'boxes' | 'frames'> {
  const frames = new Map<string, Frame>();
  const boxes = [...groupBy(atoms, boxOf)].map(([key, inside]): Box => {
    const { node, containers } = inside.at(-1)!;
    const closed = containers.find((container) => container.key === key);
    const around = containers.slice(0, closed ? containers.indexOf(closed) : undefined).filter((c) => open.has(c.key));
    for (const [i, container] of around.entries())
      frames.set(container.key, { ...container, ...(i > 0 && { within: around[i - 1].key }) });
    return {
      key,
      kind: closed?.kind === 'layer' ? 'layer' : node.kind,
      node,
      names: closed?.kind === 'layer' ? [closed.title] : inside.map((atom) => atom.node.name),
      parts: distinct(inside.flatMap((atom) => atom.node.parts)),
      nodes: distinct(inside.map((atom) => atom.of)),
      layers: layersOf(inside.map((atom) => atom.node)),
      lines: distinct(inside.flatMap((atom) => atom.node.lines)).toSorted((a, b) => a - b),
      opens: closed !== undefined,
      ...(around.length > 0 && { within: around.at(-1)!.key }),
    };
  });
  return { boxes, frames: [...frames.values()] };
}

/** The edge into the consumer that comes from the producer, be it past views. */
function markedEdge<E extends Edge>(
  producer: string,
  consumer: string,
  edges: readonly E[],
  boxes: readonly Box[],
): E | undefined {
  const views = new Set(boxes.filter(({ kind }) => kind === 'view').map(({ key }) => key));
  const comesFrom = (box: string): boolean =>
    box === producer || (views.has(box) && edges.some(({ from, to }) => to === box && comesFrom(from)));
  return edges.find(({ from, to }) => to === consumer && comesFrom(from));
}

/** What no module recorded. */
const ownCode: Words = { en: 'outside modules', zh: '模块之外' };

/** Of nodes that compute something; of those that a pass made, that of the last of what they are made of. */
function layersOf(nodes: readonly GraphNode[]): string[] {
  return distinct(nodes.flatMap(({ kind, layer }) => (kind === 'computed' && layer !== undefined ? layer : []))).map(
    layerTitle,
  );
}

/** `'features.0'` of `'SimpleCNN.features.0 (Conv2d)'`, with what is said behind it. */
export function layerTitle(layer: string): string {
  const [name, ...rest] = layer.split(', ');
  const path = /^[^.]+\.(.+) \([^)]*\)$/.exec(name)?.[1] ?? name;
  return [path.replaceAll('#', ' '), ...rest].join(', ');
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
