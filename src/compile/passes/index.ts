/**
 * @file The table of passes, in the order in which they run, and what runs them.
 */
import { messageOf } from '../../base/errors.ts';
import type { Graph } from '../graph.ts';
import { batchNorm } from './batch-norm.ts';
import { commonSubexpressions } from './common-subexpressions.ts';
import { decompose } from './decompose.ts';
import { epilogues } from './epilogues.ts';
import { mergeProducts } from './merge-products.ts';
import type { Pass, Where } from './pass.ts';
import { alone, pointwise } from './pointwise.ts';
import { recompute } from './recompute.ts';
import { reductions } from './reductions.ts';

export const passes = {
  decompose: { about: 'operations that have no kernel become simpler ones, or the same in float32', run: decompose },
  commonSubexpressions: { about: 'what is computed twice is computed once', run: commonSubexpressions },
  batchNorm: { about: 'batch norms by running statistics become part of the filters before them', run: batchNorm },
  epilogues: { about: 'convolutions and products end in bias, residual, activation and pool', run: epilogues },
  mergeProducts: { about: 'products of one operand with several weights become one product', run: mergeProducts },
  recompute: { about: 'where memory is short, cheap values are computed again for late readers', run: recompute },
  pointwise: { about: 'pointwise operations share kernels', run: pointwise },
  reductions: { about: 'reductions share kernels with each other and with pointwise operations', run: reductions },
} satisfies Record<string, Pass>;

export type PassName = keyof typeof passes;

export const passNames = Object.keys(passes) as readonly PassName[];

/** Those that a program can do without: the first makes what has kernels of what has none. */
export const optionalPasses: readonly PassName[] = passNames.filter((name) => name !== 'decompose');

export interface PassOptions extends Where {
  /** Passes that are switched off. */
  readonly without?: ReadonlySet<PassName>;
  /** Told of each graph, the recorded one first. */
  readonly onGraph?: (graph: Graph, pass?: PassName) => void;
  /** Told what a person should know. */
  readonly onRemark?: (text: string) => void;
  /** Other passes under the same names. */
  readonly table?: Readonly<Record<PassName, Pass>>;
}

/** Runs the passes. One that throws is left out with a remark, unless nothing can be computed without it. */
export function runPasses(recorded: Graph, options: PassOptions): Graph {
  const { without, table = passes, onGraph, onRemark } = options;
  let graph = recorded;
  onGraph?.(graph);
  for (const name of passNames) {
    if (without?.has(name)) continue;
    try {
      graph = table[name].run(graph, options);
    } catch (error) {
      if (!optionalPasses.includes(name)) throw error;
      onRemark?.(`torch.compile: the pass ${name} failed and is left out: ${messageOf(error)}`);
      continue;
    }
    onGraph?.(graph, name);
  }
  return withGroups(graph);
}

/** The graph with each pointwise node by itself, where no pass has grouped them. */
export const withGroups = (graph: Graph): Graph =>
  graph.groups.size > 0 ? graph : graph.grouped(alone(graph), new Map());
