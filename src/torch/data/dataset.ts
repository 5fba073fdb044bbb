/**
 * @file Datasets: things with a length whose items are asked for by number, and views of them.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { randperm } from '../../base/random.ts';
import type { Generator } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { fromHost } from '../creation.ts';
import { defaultGenerator } from '../random.ts';
import { fn, p } from '../signature.ts';
import { constructed } from '../signature/constructors.ts';
import { Tensor, readTensor } from '../tensor.ts';

/** A program's own data set extends this, or has these two members. */
export abstract class Dataset<Item = unknown> {
  abstract readonly length: number;

  abstract getItem(index: number): Item | Promise<Item>;
}

/** A data set that can make a whole batch at once, which a DataLoader then takes as it is. */
export interface BatchDataset<Batch> {
  getItems(indices: readonly number[]): Batch | Promise<Batch>;
}

abstract class Rows extends Dataset<Tensor[]> implements BatchDataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(tensors: readonly Tensor[]) {
    super();
    if (tensors.length === 0) fail('TensorDataset: got no tensors');
    for (const t of tensors) {
      if (t.ndim === 0 || t.shape[0] !== tensors[0].shape[0])
        fail(
          `TensorDataset: tensors of shapes ${tensors.map((x) => x.shape).join(' and ')}; their first dimensions must be equal`,
        );
    }
    this.tensors = tensors;
  }

  override get length(): number {
    return this.tensors[0].shape[0];
  }

  override async getItem(index: number): Promise<Tensor[]> {
    const rows = await this.getItems([index]);
    return rows.map((row) => row.reshape(row.shape.slice(1)));
  }

  /** Copies rows on the host: what is trained on should not lie in device memory twice. */
  async getItems(indices: readonly number[]): Promise<Tensor[]> {
    for (const i of indices)
      if (!Number.isInteger(i) || i < 0 || i >= this.length)
        fail(`TensorDataset: item ${i} is out of range; there are ${this.length}`);
    return Promise.all(
      this.tensors.map(async (t) => {
        const host = await readTensor(t);
        const shape = t.shape.slice(1);
        const size = sizeOf(shape);
        const rows = new dtypes[t.dtype].array(indices.length * size);
        indices.forEach((i, row) => rows.set(host.subarray(i * size, (i + 1) * size), row * size));
        return fromHost(rows, [indices.length, ...shape], t.dtype, { device: t.device });
      }),
    );
  }
}

const columns = p.rest<Tensor>('a tensor', 'tensors one after another', (v) => v instanceof Tensor);

/** Rows of tensors that have equal first dimensions: item i is `[a[i], b[i], …]`. */
export class TensorDataset extends constructed(
  Rows,
  'utils.data.TensorDataset',
  [columns('tensors', [])],
  (tensors) => [tensors],
) {}

abstract class Part<Item> extends Dataset<Item> {
  readonly dataset: Dataset<Item>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<Item>, indices: readonly number[]) {
    super();
    this.dataset = dataset;
    this.indices = indices;
    if (isBatchDataset(dataset))
      Object.assign(this, { getItems: (wanted: readonly number[]) => dataset.getItems(wanted.map((i) => indices[i])) });
  }

  override get length(): number {
    return this.indices.length;
  }

  override getItem(index: number): Item | Promise<Item> {
    return this.dataset.getItem(this.indices[index]);
  }
}

/** What has a length and items by number. */
export const dataset = p.kind<Dataset<any>>(
  'a data set',
  'a TensorDataset, or what has length and getItem(index)',
  (v) => typeof v === 'object' && v !== null && 'length' in v && typeof (v as Partial<Dataset>).getItem === 'function',
  { plain: true },
)('dataset');
const indices = p.kind<readonly number[]>(
  'an array of places',
  'whole numbers in an array',
  (v) => Array.isArray(v) && v.every((i) => Number.isSafeInteger(i) && i >= 0),
);

/** Some items of another data set. */
export class Subset<Item> extends constructed(
  Part<any>,
  'utils.data.Subset',
  [dataset, indices('indices')],
  (dataset, indices) => [dataset, indices],
) {
  declare readonly dataset: Dataset<Item>;

  constructor(...given: [dataset: Dataset<Item>, indices: readonly number[]]) {
    super(...(given as [Dataset<any>, readonly number[]]));
  }
}

const lengths = p.kind<readonly number[]>(
  'an array of lengths',
  'numbers of items, or shares that add up to 1',
  (v) => Array.isArray(v) && v.every((n) => typeof n === 'number' && n >= 0),
);

/** Splits at random into parts of the given lengths or shares, as PyTorch does for the same seed. */
export const randomSplit = fn(
  'utils.data.random_split',
  [dataset, lengths('lengths'), p.generator('generator', null)],
  (dataset, lengths, generator): Subset<any>[] => {
    const whole = counts(dataset.length, lengths);
    const total = whole.reduce((a, b) => a + b, 0);
    if (total !== dataset.length)
      fail(
        `randomSplit: the lengths ${lengths.join(', ')} add up to ${total}, the data set has ${dataset.length} items`,
      );
    const order = [...randperm(generator ?? defaultGenerator, total)];
    let at = 0;
    return whole.map((length) => new Subset(dataset, order.slice(at, (at += length))));
  },
) as unknown as <Item>(
  dataset: Dataset<Item>,
  lengths: readonly number[],
  generator?: Generator | { readonly generator?: Generator },
) => Subset<Item>[];

/** Shares as numbers of items; those that are left over go to the first parts, one each, as in PyTorch. */
function counts(total: number, lengths: readonly number[]): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (sum > 1 || sum < 1 - 1e-9) return [...lengths];
  const whole = lengths.map((share) => Math.floor(total * share));
  const left = total - whole.reduce((a, b) => a + b, 0);
  return whole.map((n, i) => n + Math.floor((left + lengths.length - 1 - i) / lengths.length));
}

export function isBatchDataset(dataset: object): dataset is BatchDataset<never> {
  return 'getItems' in dataset;
}
