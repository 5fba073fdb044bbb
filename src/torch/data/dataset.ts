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
import type { Tensor } from '../tensor.ts';
import { readTensor } from '../tensor.ts';

/** A program's own data set extends this, or has these two members. */
export abstract class Dataset<Item = unknown> {
  abstract readonly length: number;

  abstract getItem(index: number): Item | Promise<Item>;
}

/** A data set that can make a whole batch at once, which a DataLoader then takes as it is. */
export interface BatchDataset<Batch> {
  getItems(indices: readonly number[]): Batch | Promise<Batch>;
}

/** Rows of tensors that have equal first dimensions: item i is `[a[i], b[i], …]`. */
export class TensorDataset extends Dataset<Tensor[]> implements BatchDataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: Tensor[]) {
    super();
    if (tensors.length === 0) fail('TensorDataset: got no tensors');
    for (const t of tensors) {
      if (t.ndim === 0 || t.shape[0] !== tensors[0].shape[0]) fail(`TensorDataset: tensors of shapes ${tensors.map((x) => x.shape).join(' and ')}; their first dimensions must be equal`);
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
    for (const i of indices) if (!Number.isInteger(i) || i < 0 || i >= this.length) fail(`TensorDataset: item ${i} is out of range; there are ${this.length}`);
    return Promise.all(this.tensors.map(async (t) => {
      const host = await readTensor(t);
      const shape = t.shape.slice(1);
      const size = sizeOf(shape);
      const rows = new dtypes[t.dtype].array(indices.length * size);
      indices.forEach((i, row) => rows.set(host.subarray(i * size, (i + 1) * size), row * size));
      return fromHost(rows, [indices.length, ...shape], t.dtype, { device: t.device });
    }));
  }
}

/** Some items of another data set. */
export class Subset<Item> extends Dataset<Item> {
  readonly dataset: Dataset<Item>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<Item>, indices: readonly number[]) {
    super();
    this.dataset = dataset;
    this.indices = indices;
    if (isBatchDataset(dataset)) Object.assign(this, { getItems: (wanted: readonly number[]) => dataset.getItems(wanted.map((i) => indices[i])) });
  }

  override get length(): number {
    return this.indices.length;
  }

  override getItem(index: number): Item | Promise<Item> {
    return this.dataset.getItem(this.indices[index]);
  }
}

/** Splits at random into parts of the given lengths, as PyTorch does for the same seed. */
export function randomSplit<Item>(dataset: Dataset<Item>, lengths: readonly number[], options: { readonly generator?: Generator } = {}): Subset<Item>[] {
  const total = lengths.reduce((a, b) => a + b, 0);
  if (total !== dataset.length) fail(`randomSplit: the lengths ${lengths.join(', ')} add up to ${total}, the data set has ${dataset.length} items`);
  const order = [...randperm(options.generator ?? defaultGenerator, total)];
  let at = 0;
  return lengths.map((length) => new Subset(dataset, order.slice(at, (at += length))));
}

export function isBatchDataset(dataset: object): dataset is BatchDataset<never> {
  return 'getItems' in dataset;
}
