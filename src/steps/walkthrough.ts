/**
 * @file An algorithm step by step, as data: grids of numbers, and for every step which of them it reads, which it
 * writes, and what it costs. Nothing here draws.
 */
import type { SmallConvolution } from './convolution.ts';

/** Where a kernel keeps a grid's numbers. */
export type Keeping = 'memory' | 'workgroup' | 'registers';

/** A matrix of numbers that appear as steps write them. */
export interface Grid {
  readonly id: string;
  /** `'x, channel 0'` */
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly keeping: Keeping;
  /** What is known before the first step; row-major. */
  readonly given?: readonly number[];
  /** A number means a place of another grid, so it has no shade. */
  readonly isIndex?: boolean;
  /** Grids of one row of the picture have the same one. */
  readonly row: number;
}

/** A number of a grid, by its place in row-major order. */
export type Place = readonly [grid: string, index: number];

export interface Costs {
  readonly multiplications: number;
  readonly additions: number;
  /** Numbers read from memory and written to it, by 4 bytes. */
  readonly bytes: number;
}

export interface Step {
  /** What happens, in a sentence. */
  readonly text: string;
  /** The arithmetic of one number that it writes. */
  readonly formula?: string;
  readonly reads: readonly Place[];
  readonly writes: readonly (readonly [grid: string, index: number, value: number])[];
  /** Of this step alone. */
  readonly costs: Costs;
}

export interface Scene {
  readonly grids: readonly Grid[];
  readonly steps: readonly Step[];
}

/** An algorithm that can be walked through. */
export interface Walkthrough {
  /** cuDNN's name of the algorithm. */
  readonly name: string;
  readonly direction: 'forward' | 'backward data' | 'backward filter';
  /** The idea, in a sentence. */
  readonly about: string;
  /** Why it cannot do this convolution; `undefined` where it can. */
  readonly refuses?: (convolution: SmallConvolution) => string | undefined;
  readonly scene: (convolution: SmallConvolution) => Scene;
}

const free: Costs = { multiplications: 0, additions: 0, bytes: 0 };

const bytesOfNumber = 4;

/** Gathers grids and steps in the order in which they come. */
export class SceneBuilder {
  private readonly grids: Grid[] = [];
  private readonly steps: Step[] = [];
  private readonly keepings = new Map<string, Keeping>();

  grid(grid: Grid): string {
    this.grids.push(grid);
    this.keepings.set(grid.id, grid.keeping);
    return grid.id;
  }

  /** A step's bytes are counted from what it reads from memory and writes there, unless they are told. */
  step(
    step: Omit<Step, 'costs' | 'reads' | 'writes'> & Partial<Pick<Step, 'reads' | 'writes'>> & Partial<Costs>,
  ): void {
    const { text, formula, reads = [], writes = [], multiplications = 0, additions = 0 } = step;
    const inMemory = [...reads, ...writes].filter(([grid]) => this.keepings.get(grid) === 'memory').length;
    const costs = { multiplications, additions, bytes: step.bytes ?? inMemory * bytesOfNumber };
    this.steps.push({ text, formula, reads, writes, costs });
  }

  get scene(): Scene {
    return { grids: this.grids, steps: this.steps };
  }
}

/** The numbers of every grid after so many steps; `undefined` where nothing has been written yet. */
export function valuesAfter(
  { grids, steps }: Scene,
  count: number,
): ReadonlyMap<string, readonly (number | undefined)[]> {
  const values = new Map<string, (number | undefined)[]>(
    grids.map(({ id, rows, columns, given }) => [
      id,
      given ? [...given] : Array<undefined>(rows * columns).fill(undefined),
    ]),
  );
  for (const { writes } of steps.slice(0, count))
    for (const [grid, index, value] of writes) values.get(grid)![index] = value;
  return values;
}

/** What so many steps cost together. */
export const costsAfter = ({ steps }: Scene, count: number): Costs =>
  steps
    .slice(0, count)
    .reduce(
      (sum, { costs }) => ({
        multiplications: sum.multiplications + costs.multiplications,
        additions: sum.additions + costs.additions,
        bytes: sum.bytes + costs.bytes,
      }),
      free,
    );
