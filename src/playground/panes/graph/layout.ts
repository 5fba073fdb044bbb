/**
 * @file Places boxes so that what is read stands above its reader: layers of a directed graph, by dagre.
 */
import { Graph, layout } from '@dagrejs/dagre';

export interface Sized {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly within?: string;
}

export interface LayoutRequest {
  readonly boxes: readonly Sized[];
  readonly frames: readonly { readonly key: string; readonly within?: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box or frame, by its upper left corner. */
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly areas: ReadonlyMap<string, Area>;
  /** One list an edge, in their order. */
  readonly lines: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

export function place({ boxes, frames, edges }: LayoutRequest): Placed {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 20, ranksep: 34, edgesep: 12, marginx: 16, marginy: 16 });
  for (const { key } of frames) graph.setNode(key, { width: 0, height: 0 });
  for (const { key, width, height } of boxes) graph.setNode(key, { width, height });
  for (const { key, within } of [...frames, ...boxes]) if (within !== undefined) graph.setParent(key, within);
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layout(graph);
  const areas = new Map<string, Area>();
  for (const { key } of [...frames, ...boxes]) {
    const { x, y, width, height } = graph.node(key) as Area;
    areas.set(key, { x: x - width / 2, y: y - height / 2, width, height });
  }
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const lines = edges.map(({ from, to }) => (graph.edge(from, to) as { points: readonly Point[] }).points);
  return { areas, lines, width, height };
}
