/**
 * @file DataLoader: batches of a data set, in order or shuffled as PyTorch shuffles for the same seed.
 *
 * PyTorch draws a seed for worker processes at the start of each epoch and a permutation that it throws away at its end
 * (torch/utils/data/dataloader.py, sampler.py). Both are drawn here too, so that the order stays the same epoch after epoch.
 */
import { fail } from '../../base/errors.ts';
import { checkOptions } from '../../base/options.ts';
import { Generator, randperm } from '../../base/random.ts';
import { tensor } from '../creation.ts';
import { stack } from '../ops/combine.ts';
import { defaultGenerator } from '../random.ts';
import { Tensor } from '../tensor.ts';
import type { Dataset } from './dataset.ts';
import { isBatchDataset } from './dataset.ts';

export interface DataLoaderOptions<Item, Batch> {
  readonly batchSize?: number;
  readonly shuffle?: boolean;
  /** Leaves out a last batch that is not full. */
  readonly dropLast?: boolean;
  /** Where the order is drawn from; the default generator unless given. */
  readonly generator?: Generator;
  /** Makes a batch of items; by default tensors are stacked and numbers become a tensor, part by part. */
  readonly collate?: (items: Item[]) => Batch | Promise<Batch>;
}

/** `for await (const [images, labels] of new DataLoader(dataset, { batchSize: 64, shuffle: true })) …` */
export class DataLoader<Item, Batch = Item> {
  readonly dataset: Dataset<Item>;
  readonly batchSize: number;
  private readonly options: DataLoaderOptions<Item, Batch>;

  constructor(dataset: Dataset<Item>, options: DataLoaderOptions<Item, Batch> = {}) {
    checkOptions('DataLoader', options, ['batchSize', 'shuffle', 'dropLast', 'generator', 'collate']);
    const { batchSize = 1 } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) fail(`DataLoader: batchSize is ${batchSize}, not a whole number of at least 1`);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.options = options;
  }

  /** Batches an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.options.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** Only says what to write: batches are read from tensors, and that takes a promise. */
  [Symbol.iterator](): never {
    return fail('DataLoader: its batches are promised; write for await (const batch of loader)');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    for (const indices of this.batches()) yield this.load(indices);
  }

  private *batches(): Steps<number[]> {
    drawSeed(this.options.generator ?? defaultGenerator);
    let batch: number[] = [];
    for (const index of this.order()) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.options.dropLast) yield batch;
  }

  private *order(): Steps<number> {
    const { length } = this.dataset;
    if (!this.options.shuffle) {
      for (let i = 0; i < length; i++) yield i;
      return;
    }
    const generator = this.options.generator ?? new Generator(drawSeed(defaultGenerator));
    yield* randperm(generator, length);
    randperm(generator, length);
  }

  private async load(indices: readonly number[]): Promise<Batch> {
    const { collate } = this.options;
    if (!collate && isBatchDataset(this.dataset)) return this.dataset.getItems(indices);
    const items = await Promise.all(indices.map((i) => this.dataset.getItem(i)));
    return collate ? collate(items) : (collateItems(items) as Batch);
  }
}

type Steps<T> = globalThis.Generator<T, void, undefined>;

/** `torch.empty((), dtype=torch.int64).random_()` */
const drawSeed = (generator: Generator): bigint => BigInt.asUintN(63, generator.random64());

function collateItems(items: readonly unknown[]): unknown {
  const [first] = items;
  if (first instanceof Tensor) return stack(items as Tensor[]);
  if (typeof first === 'number') return tensor(items as number[], { dtype: (items as number[]).every(Number.isInteger) ? 'int32' : 'float32' });
  if (Array.isArray(first)) return first.map((_, part) => collateItems((items as unknown[][]).map((item) => item[part])));
  if (typeof first === 'object' && first !== null) return Object.fromEntries(Object.keys(first).map((key) => [key, collateItems((items as Record<string, unknown>[]).map((item) => item[key]))]));
  return fail(`DataLoader: items are of type ${typeof first}; tensors, numbers, arrays and objects of these make batches, others need { collate }`);
}
