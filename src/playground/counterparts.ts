/**
 * @file What belongs together in the inside of a run: of whatever is selected, its kernels, nodes, layers and lines.
 */
import type { Compilation, KernelPlace } from '../compile/compilation.ts';
import type { Inspection } from '../session/protocol.ts';
import type { Selection } from './selection.ts';

export interface Highlight {
  /** By `kernelKey`. */
  readonly kernels: ReadonlySet<string>;
  /** Recorded nodes, by `nodeKey`. */
  readonly nodes: ReadonlySet<string>;
  /** By `layerPath`. */
  readonly layers: ReadonlySet<string>;
  readonly lines: ReadonlySet<number>;
}

export const kernelKey = ({ schedule, kernel }: KernelPlace): string => `${schedule}:${kernel}`;

/** The name of a node as a selection: numbers of nodes are those of their schedule. */
export const nodeKey = (schedule: number, node: number): string => `${schedule}:${node}`;

/** The name of a selection that is several nodes of a schedule, as a fused one is; as many as a link may hold. */
export function nodesKey(schedule: number, nodes: readonly number[]): string {
  let key = nodeKey(schedule, nodes[0]);
  for (const node of nodes.slice(1)) if (key.length + String(node).length < mostLetters) key += `,${node}`;
  return key;
}

const mostLetters = 200;

/** `'features.0'` of `'SimpleCNN.features.0 (Conv2d)'`, as choices and selections name it; of a root its class. */
export function layerPath(name: string): string {
  const own = name.replace(/, backward$/, '');
  return /^[^.]+\.(.+) \([^)]*\)$/.exec(own)?.[1] ?? own;
}

/** Whether a layer is the one of the path, or within it. */
export function isWithin(name: string, path: string): boolean {
  const own = layerPath(name);
  return own === path || own.startsWith(`${path}.`) || name.startsWith(`${path}.`);
}

export const noHighlight: Highlight = { kernels: new Set(), nodes: new Set(), layers: new Set(), lines: new Set() };

/** Nodes and kernels are lit where one of them is selected, or has what is selected. */
export function highlightOf({ kind, name }: Selection, { schedules }: Pick<Inspection, 'schedules'>): Highlight {
  const [kernels, nodes] = [new Set<string>(), new Set<string>()];
  const [layers, lines] = [new Set<string>(), new Set<number>()];
  for (const [s, schedule] of schedules.entries()) {
    const chosen = nodesOf(schedule, s, kind, name);
    for (const [k, kernel] of schedule.kernels.entries()) {
      const isLit = kind === 'kernel' ? kernel.name === name : kernel.nodes.some((node) => chosen.has(node));
      if (isLit) kernels.add(kernelKey({ schedule: s, kernel: k }));
    }
    for (const node of schedule.recorded) {
      if (!chosen.has(node.id)) continue;
      nodes.add(nodeKey(s, node.id));
      if (node.kind !== 'computed') continue;
      if (node.layer !== undefined) layers.add(layerPath(node.layer));
      for (const line of node.lines) lines.add(line);
    }
  }
  if (kind === 'line') lines.add(Number(name));
  if (kind === 'layer') layers.add(name);
  return { kernels, nodes, layers, lines };
}

/** The numbers of the recorded nodes of what is selected. */
function nodesOf(
  { recorded, kernels }: Compilation,
  schedule: number,
  kind: Selection['kind'],
  name: string,
): ReadonlySet<number> {
  switch (kind) {
    case 'kernel':
      return new Set(kernels.filter((kernel) => kernel.name === name).flatMap(({ nodes }) => nodes));
    case 'node':
      return nodesNamed(schedule, recorded, name);
    case 'layer':
      return new Set(recorded.filter(({ layer }) => layer !== undefined && isWithin(layer, name)).map(({ id }) => id));
    case 'line':
      return new Set(recorded.filter(({ lines }) => lines.includes(Number(name))).map(({ id }) => id));
  }
}

function nodesNamed(schedule: number, recorded: Compilation['recorded'], name: string): ReadonlySet<number> {
  const [of, numbers = ''] = name.split(':');
  const wanted = new Set(of === String(schedule) ? numbers.split(',').map(Number) : []);
  return new Set(recorded.flatMap(({ id }) => (wanted.has(id) ? [id] : [])));
}
