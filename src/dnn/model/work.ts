/**
 * @file What the invocations of a plan's kernels do, in numbers: how a product is tiled, what a block reads, how much
 * of it reaches over an edge; or what a kernel that is no product says of itself.
 */
import type { KernelTraits } from '../../gpu/kernel.ts';
import type { Config, Work } from '../algorithm.ts';
import type { BlockShape } from '../kernels/block.ts';
import { blockColumns } from '../kernels/block.ts';
import type { TileShape } from '../kernels/tile.ts';
import { tileColumns, tileRows } from '../kernels/tile.ts';

/** How a product is divided among invocations. */
export interface ProductShape {
  /** Multiply-adds that the result needs. */
  readonly fmas: number;
  readonly results: number;
  readonly invocations: number;
  readonly traits: KernelTraits;
  /** Results of an invocation, padding included, where the configuration says. */
  readonly block?: number;
  /** What a bounds-checked gather costs. */
  readonly gather: number;
  /** What reading an element costs where four are read at once. */
  readonly four: number;
  /** Invocations that run in step. */
  readonly lanes: number;
}

export interface CountedWork {
  /** Results of an invocation. */
  readonly block: number;
  /** Multiply-adds that are computed. */
  readonly fmas: number;
  /** Elements read, in units of one that is read alone from a cache, or, where `shared`, from workgroup memory. */
  readonly reads: number;
  readonly shared: boolean;
  /** Vectors of four elements read or written. */
  readonly vectors: number;
  readonly barriers: number;
}

/**
 * How many plain reads a bounds-checked gather costs: `hoisted` where the window rests while the sum runs over
 * channels, `checked` where it moves with every step, as where the sum runs over pixels.
 */
export const gatherCost = { hoisted: 2, checked: 5 };

/** Results that an invocation can keep in registers. */
const registers = 128;

function productWork(shape: ProductShape): CountedWork {
  const { invocations, results, traits, gather, four } = shape;
  const block = blockSize(shape);
  const fmas = computedFmas(shape);
  // A subgroup reads one of eight rows for all its lanes, or one of as many as it has lanes.
  const rows = traits.rowLanes ? 1 / Math.min(8, traits.rowLanes) : traits.vectorRows ? four : 1;
  const columns = traits.gathers ? gather : traits.vectorColumns ? four : 1;
  return {
    block,
    fmas,
    reads: (fmas * (rows + columns) * Math.max(1, block / registers)) / Math.sqrt(Math.min(block, registers)),
    shared: traits.tileSteps !== undefined,
    vectors: 0,
    // Two for each tile along the sum.
    barriers: traits.tileSteps === undefined ? 0 : 2 * invocations * Math.ceil(shape.fmas / results / traits.tileSteps),
  };
}

/** That of products, and what comes on top; or that of a kernel which counts its reads itself. */
export function workOf(products: readonly ProductShape[], counted: Work = {}): CountedWork {
  const { reads, gathers = 0, hoistedGathers = 0, shared = false, vectors = 0, barriers = 0 } = counted;
  const works = products.map(productWork);
  const sum = (of: (work: CountedWork) => number): number => works.reduce((total, work) => total + of(work), 0);
  if (reads === undefined)
    return {
      ...works[0],
      fmas: sum(({ fmas }) => fmas),
      reads: sum((work) => work.reads),
      vectors,
      barriers: barriers + sum((work) => work.barriers),
    };
  const [{ block, fmas }] = works;
  return {
    block,
    fmas: products[0].block === undefined ? products[0].fmas : fmas,
    reads: reads + gatherCost.checked * gathers + gatherCost.hoisted * hoistedGathers,
    shared,
    vectors,
    barriers,
  };
}

const blockSize = ({ block, results, invocations }: ProductShape): number =>
  block ?? Math.max(1, results / invocations);

/**
 * Blocks that reach over the edge are computed in full, and so are tiles that reach beyond the sum. Invocations of one
 * result each leave off where there is none for them, but those that run in step with others take their time.
 */
function computedFmas(shape: ProductShape): number {
  const { fmas, results, invocations, traits, lanes } = shape;
  const steps = fmas / results;
  const block = blockSize(shape);
  if (traits.tileSteps !== undefined)
    return Math.max(fmas, invocations * block * Math.ceil(steps / traits.tileSteps) * traits.tileSteps);
  if (block === 1) return Math.ceil(results / lanes) * lanes * steps;
  return Math.max(fmas, invocations * block * steps);
}

/** Results of an invocation's block, where the configuration has one, its own or its matmul's. */
export function blockOf(
  config: Config & { readonly block?: BlockShape; readonly tile?: TileShape | number; readonly gemmConfig?: Config },
): number | undefined {
  if (config.block) return config.block.rows * blockColumns;
  if (typeof config.tile === 'object')
    return (tileRows(config.tile) * tileColumns(config.tile)) / (config.tile.threadsM * config.tile.threadsN);
  return config.gemmConfig && blockOf(config.gemmConfig);
}
