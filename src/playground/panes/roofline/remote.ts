/**
 * @file A remote's layers under its own roofline. A report tells when a kernel ran and in which layer, not what it
 * moved or computed. That follows from this side's graph of the same call: the operations of the layer by the direct
 * method, and the bytes that it reads and writes at least. So a point is a layer: computed work over time measured
 * there.
 */
import { dtypes } from '../../../base/dtype.ts';
import { groupBy } from '../../../base/group-by.ts';
import { sizeOf } from '../../../base/shape.ts';
import type { GraphNode } from '../../../compile/compilation.ts';
import type { Inspection } from '../../../session/protocol.ts';
import type { Highlight } from '../../counterparts.ts';
import { layerPath } from '../../counterparts.ts';
import type { RemoteTrace, RemoteTraces, Untraced } from '../../remote-traces.ts';
import { lastCallOf } from '../../remote-traces.ts';
import type { PublishedCeilings } from './published.ts';
import { publishedCeilings } from './published.ts';
import type { Bound } from './points.ts';
import { boundBy } from './points.ts';

export interface LayerWork {
  readonly flops: number;
  readonly bytes: number;
}

export interface RemotePoint extends LayerWork, Bound {
  /** By its path. */
  readonly layer: string;
  readonly kernels: number;
  readonly ms: number;
  /** Of the time of all kernels of the trace. */
  readonly share: number;
}

export interface RemoteRoofline {
  readonly trace: RemoteTrace;
  readonly ceilings: PublishedCeilings;
  /** The longest first. */
  readonly points: readonly RemotePoint[];
  /** Kernels whose work is not known: of no layer, or of one that this side did not run. */
  readonly unknown: number;
}

export interface RemoteRooflines {
  readonly rooflines: readonly RemoteRoofline[];
  readonly without: readonly Untraced[];
}

export function remoteRooflines(
  { traces, untraced }: RemoteTraces,
  inspection: Pick<Inspection, 'schedules' | 'profile'>,
): RemoteRooflines {
  const rooflines: RemoteRoofline[] = [];
  const without = [...untraced];
  for (const trace of traces) {
    const ceilings = publishedCeilings(trace.report);
    if (typeof ceilings === 'string') without.push({ remote: trace.remote, reason: ceilings });
    else rooflines.push(rooflineOf(trace, ceilings, layerWork(trace.report.model, inspection)));
  }
  return { rooflines, without };
}

function rooflineOf(
  trace: RemoteTrace,
  ceilings: PublishedCeilings,
  work: ReadonlyMap<string, LayerWork>,
): RemoteRoofline {
  const total = trace.kernels.reduce((sum, { ms }) => sum + ms, 0);
  const points = [...groupBy(trace.kernels, ({ layer }) => layer)].flatMap(([layer, kernels]): RemotePoint[] => {
    const own = layer === undefined ? undefined : work.get(layer);
    const ms = kernels.reduce((sum, one) => sum + one.ms, 0);
    if (!own || ms === 0) return [];
    const share = ms / total;
    return [{ layer: layer!, kernels: kernels.length, ms, share, ...own, ...boundBy({ ...own, ms }, ceilings) }];
  });
  return {
    trace,
    ceilings,
    points: points.toSorted((a, b) => b.ms - a.ms),
    unknown: trace.kernels.length - points.reduce((sum, { kernels }) => sum + kernels, 0),
  };
}

/** Of the model's last call here, which is what a job is made of, by the layer's path. */
export function layerWork(
  model: string,
  { schedules, profile }: Pick<Inspection, 'schedules' | 'profile'>,
): ReadonlyMap<string, LayerWork> {
  const work = new Map<string, LayerWork>();
  const places = lastCallOf(model, profile?.events ?? []).flatMap(({ kernel }) => kernel ?? []);
  for (const [s, at] of groupBy(places, ({ schedule }) => schedule)) {
    const { kernels, recorded } = schedules[s] ?? { kernels: [], recorded: [] };
    const ran = new Set(at.flatMap(({ kernel }) => kernels[kernel]?.nodes ?? []));
    const nodes = recorded.filter(({ id, layer }) => ran.has(id) && layer !== undefined);
    for (const [path, own] of groupBy(nodes, ({ layer }) => layerPath(layer!))) {
      const before = work.get(path) ?? { flops: 0, bytes: 0 };
      const flops = own.reduce((sum, node) => sum + node.flops, before.flops);
      work.set(path, { flops, bytes: before.bytes + bytesOf(own, recorded) });
    }
  }
  return work;
}

/** What some nodes read from others, and what others read from them, each once. */
function bytesOf(own: readonly GraphNode[], all: readonly GraphNode[]): number {
  const byId = new Map(all.map((node) => [node.id, node]));
  const inside = new Set(own.map(({ id }) => id));
  /** Past views, which move nothing. */
  const behind = (id: number): number => {
    let at = byId.get(id);
    for (let steps = all.length; at?.kind === 'view' && at.inputs.length > 0 && steps > 0; steps--)
      at = byId.get(at.inputs[0]);
    return at?.id ?? id;
  };
  const readBy = (nodes: readonly GraphNode[]): Set<number> =>
    new Set(nodes.flatMap(({ inputs }) => inputs.map(behind)));
  const reads = [...readBy(own)].filter((id) => !inside.has(id));
  const readElsewhere = readBy(all.filter(({ id, kind }) => !inside.has(id) && kind !== 'view'));
  const shownAs = new Set(all.filter(({ isTarget }) => isTarget).map(({ id }) => behind(id)));
  const writes = [...inside].filter((id) => readElsewhere.has(id) || shownAs.has(id));
  return [...reads, ...writes].reduce((sum, id) => sum + sizeOfNode(byId.get(id)), 0);
}

const sizeOfNode = (node: GraphNode | undefined): number =>
  node && node.kind !== 'constant' ? sizeOf(node.shape) * dtypes[node.dtype].hostBytes : 0;

export const isPointLit = ({ layer }: RemotePoint, { layers }: Highlight): boolean => layers.has(layer);
