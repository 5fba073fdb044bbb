/**
 * @file DataLoader: batches of a data set, in order or shuffled as PyTorch shuffles for the same seed.
 *
 * PyTorch draws a seed for worker processes at the start of each epoch and a permutation that it throws away at its end
 * (torch/utils/data/dataloader.py, sampler.py). Both are drawn here too, so that the order stays the same epoch after
 * epoch.
 */
import { fail } from '../../base/errors.ts';
import { Generator, randperm } from '../../base/random.ts';
import { tensor } from '../creation.ts';
import { stack } from '../ops/combine.ts';
import { defaultGenerator } from '../random.ts';
import { p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor } from '../tensor.ts';
import type { Dataset } from './dataset.ts';
import { dataset, isBatchDataset } from './dataset.ts';

interface Settings {
  readonly shuffle: boolean;
  /** Makes a batch of items; by default tensors are stacked and numbers become a tensor, part by part. */
  readonly collate: ((items: any[]) => unknown) | null;
  /** Leaves out a last batch that is not full. */
  readonly dropLast: boolean;
  /** Where the order is drawn from; the default generator unless given. */
  readonly generator: Generator | null;
}

abstract class Loader<Item, Batch> {
  readonly dataset: Dataset<Item>;
  readonly batchSize: number;
  private readonly options: Settings;

  constructor(dataset: Dataset<Item>, batchSize: number, options: Settings) {
    if (batchSize < 1) fail(`DataLoader: batchSize is ${batchSize}, not a whole number of at least 1`);
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
    return (collate ?? collateItems)(items) as Batch;
  }
}

const chosen = 'give a torch.utils.data.Subset of the indices in the order that you want';
/** Ways to load ahead in other processes; here items are read as they are asked for, in the same order. */
const ahead = {
  numWorkers: p.int('numWorkers', 0),
  pinMemory: p.flag('pinMemory', false),
  timeout: p.float('timeout', 0),
  prefetchFactor: p.int('prefetchFactor', null),
  persistentWorkers: p.flag('persistentWorkers', false),
  pinMemoryDevice: p.text('pinMemoryDevice', ''),
  inOrder: p.flag('inOrder', true),
};

/** What is mostly given by name. */
export interface DataLoaderOptions<Item, Batch> {
  readonly batchSize?: number;
  readonly shuffle?: boolean | null;
  readonly dropLast?: boolean;
  readonly generator?: Generator | null;
  readonly collateFn?: ((items: Item[]) => Batch | Promise<Batch>) | null;
}

/** `for await (const [images, labels] of new DataLoader(dataset, { batchSize: 64, shuffle: true })) …` */
export class DataLoader<Item, Batch = Item> extends constructed(
  Loader<any, any>,
  'utils.data.DataLoader',
  [
    dataset,
    p.int('batchSize', 1),
    p.flag('shuffle', null),
    p.refused('sampler', null, chosen),
    p.refused('batchSampler', null, chosen),
    ahead.numWorkers,
    p.callback('collateFn', null),
    ahead.pinMemory,
    p.flag('dropLast', false),
    ahead.timeout,
    p.refused('workerInitFn', null, 'there are no worker processes'),
    p.refused('multiprocessingContext', null, 'there are no worker processes'),
    p.generator('generator', null),
    '*',
    ahead.prefetchFactor,
    ahead.persistentWorkers,
    ahead.pinMemoryDevice,
    ahead.inOrder,
  ],
  (
    dataset,
    batchSize,
    shuffle,
    _sampler,
    _batchSampler,
    _numWorkers,
    collate,
    _pinMemory,
    dropLast,
    _timeout,
    _workerInitFn,
    _multiprocessingContext,
    generator,
  ) => [dataset, batchSize, { shuffle: shuffle ?? false, collate, dropLast, generator }],
) {
  constructor(
    ...given:
      | [dataset: Dataset<Item>, options?: DataLoaderOptions<Item, Batch>]
      | [
          dataset: Dataset<Item>,
          batchSize: number,
          shuffle?: boolean | null | DataLoaderOptions<Item, Batch>,
          ...others: unknown[],
        ]
  ) {
    super(...(given as [Dataset<Item>]));
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    yield* super[Symbol.asyncIterator]() as AsyncGenerator<Batch>;
  }
}

type Steps<T> = globalThis.Generator<T, void, undefined>;

/** `torch.empty((), dtype=torch.int64).random_()` */
const drawSeed = (generator: Generator): bigint => BigInt.asUintN(63, generator.random64());

function collateItems(items: readonly unknown[]): unknown {
  const [first] = items;
  if (first instanceof Tensor) return stack(items as Tensor[]);
  if (typeof first === 'number')
    return tensor(items as number[], { dtype: (items as number[]).every(Number.isInteger) ? 'int64' : 'float32' });
  if (Array.isArray(first))
    return first.map((_, part) => collateItems((items as unknown[][]).map((item) => item[part])));
  if (typeof first === 'object' && first !== null)
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        collateItems((items as Record<string, unknown>[]).map((item) => item[key])),
      ]),
    );
  return fail(
    `DataLoader: items are of type ${typeof first}; tensors, numbers, arrays and objects of these make batches, others need { collateFn }`,
  );
}
