/** Data: batches come in PyTorch's order for the same seed, epoch after epoch, and splits are PyTorch's. */
import { expect, test } from 'vitest';
import { torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const { DataLoader, TensorDataset, randomSplit } = torch.utils.data;

const python = `
import json
import torch
from torch.utils.data import DataLoader, TensorDataset, random_split
dataset = TensorDataset(torch.arange(10))
epochs = lambda loader: [[b[0].tolist() for b in loader] for _ in range(3)]
torch.manual_seed(7)
out = {'default': epochs(DataLoader(dataset, batch_size=4, shuffle=True))}
out['generator'] = epochs(DataLoader(dataset, batch_size=3, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(9)))
out['ordered'] = epochs(DataLoader(dataset, batch_size=4))
out['after'] = torch.rand(2).tolist()
torch.manual_seed(8)
out['split'] = [list(part.indices) for part in random_split(dataset, [7, 3])]
print(json.dumps(out))
`;

async function epochs(loader: InstanceType<typeof DataLoader<torch.Tensor[]>>): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    const batches: unknown[] = [];
    for await (const [batch] of loader) batches.push(await batch.tolist());
    all.push(batches);
  }
  return all;
}

describeWith(['python'], 'data', () => {
  const dataset = new TensorDataset(torch.arange(10));

  test('order, splits, and what is drawn after them', async () => {
    const theirs = JSON.parse((await runPython(python)).toString());
    torch.manualSeed(7);
    const ours: Record<string, unknown> = {
      default: await epochs(new DataLoader(dataset, { batchSize: 4, shuffle: true })),
    };
    ours.generator = await epochs(
      new DataLoader(dataset, { batchSize: 3, shuffle: true, dropLast: true, generator: new torch.Generator(9) }),
    );
    ours.ordered = await epochs(new DataLoader(dataset, { batchSize: 4 }));
    ours.after = await torch.rand(2).tolist();
    torch.manualSeed(8);
    ours.split = randomSplit(dataset, [7, 3]).map((part) => part.indices);
    expect(ours).toEqual(theirs);
  });

  test('items of a program become batches part by part', async () => {
    class Squares extends torch.utils.data.Dataset<[torch.Tensor, number]> {
      override readonly length = 5;
      override getItem(i: number): [torch.Tensor, number] {
        return [torch.tensor([i, i * i]), i];
      }
    }
    const loader = new DataLoader<[torch.Tensor, number], [torch.Tensor, torch.Tensor]>(new Squares(), {
      batchSize: 2,
    });
    expect(loader.length).toBe(3);
    const seen: unknown[] = [];
    for await (const [points, labels] of loader) seen.push([await points.tolist(), await labels.tolist()]);
    expect(seen).toEqual([
      [
        [
          [0, 0],
          [1, 1],
        ],
        [0, 1],
      ],
      [
        [
          [2, 4],
          [3, 9],
        ],
        [2, 3],
      ],
      [[[4, 16]], [4]],
    ]);
  });

  test('what cannot be a data set or a batch is refused', () => {
    expect(() => new TensorDataset(torch.zeros(2), torch.zeros(3))).toThrow(/first dimensions must be equal/);
    expect(() => new DataLoader(dataset, { batchSize: 0 })).toThrow(/batchSize is 0/);
    expect(() => randomSplit(dataset, [5, 4])).toThrow(/add up to 9, the data set has 10/);
  });
});
