/**
 * @file The stages of a graph: as it was recorded, and after each pass that changed it.
 */
import type { Compilation, Costs, GraphNode } from '../../../compile/compilation.ts';

export interface Stage {
  /** `'recorded'`, or the pass. */
  readonly key: string;
  readonly title: string;
  readonly about: string;
  readonly graph: readonly GraphNode[];
  /** What it would cost as it is. */
  readonly costs?: Costs & { readonly kernels: number };
  /** Pairs that are not fused are those of the last graph. */
  readonly isLast: boolean;
}

const titles: Readonly<Record<string, string>> = {
  decompose: 'Decomposed',
  commonSubexpressions: 'Common subexpressions',
  batchNorm: 'Batch norms folded',
  epilogues: 'Epilogues',
  mergeProducts: 'Products merged',
  pointwise: 'Pointwise fused',
  reductions: 'Reductions fused',
};

export function stagesOf({ recorded, passes }: Compilation): readonly Stage[] {
  const stages: Omit<Stage, 'isLast'>[] = [
    {
      key: 'recorded',
      title: 'Recorded',
      about: 'what the program recorded, in operations that have kernels',
      graph: recorded,
      costs: passes[0] && isSame(passes[0].graph, recorded) ? passes[0] : undefined,
    },
  ];
  for (const pass of passes) {
    if (isSame(pass.graph, stages.at(-1)!.graph)) continue;
    const { name, about, graph } = pass;
    stages.push({ key: name, title: titles[name] ?? name, about, graph, costs: pass });
  }
  return stages.map((stage, i) => ({ ...stage, isLast: i === stages.length - 1 }));
}

const isSame = (a: readonly GraphNode[], b: readonly GraphNode[]): boolean =>
  a.length === b.length && a.every((node, i) => signature(node) === signature(b[i]));

const signature = ({ id, name, inputs, group }: GraphNode): string => JSON.stringify([id, name, inputs, group]);
