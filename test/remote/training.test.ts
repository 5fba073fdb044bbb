/** Training: LeNet and a small ResNet follow PyTorch's loss from the same seed and the same data, and end as well. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import { engine } from '../../src/compile/engine.ts';
import { F, optim, torch } from '../../src/torch/index.ts';
import { readTensor } from '../../src/torch/tensor.ts';
import { models, datasets } from '../../src/vision/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const steps = 200;
/** So many steps are compared one by one; after them rounding has grown into another path to the same place. */
const compared = 50;
/**
 * Runs of PyTorch in float32, each from weights that are rounded otherwise; how far they lie apart is how far rounding
 * alone goes.
 */
const runs = 5;
const batchSize = 16;
const size = 28;
const testImages = 256;

/** Rates at which training is steady: at higher ones two roundings of one step end in different places. */
const cases = {
  LeNet: { make: () => new models.LeNet(), lr: 0.02 },
  ResNet: { make: () => new models.ResNet({ widths: [4, 8], depth: 1 }), lr: 0.02 },
};

const python = `
import json, struct, sys
import torch
from torch import nn
import torch.nn.functional as F
data = sys.stdin.buffer.read()
size, = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + size])
dtypes = {'F32': torch.float32, 'I32': torch.int32, 'I64': torch.int64}
t = {}
for name, entry in header.items():
    if name == '__metadata__': continue
    begin, end = entry['data_offsets']
    t[name] = torch.frombuffer(bytearray(data[8 + size + begin:8 + size + end]), dtype=dtypes[entry['dtype']]).reshape(entry['shape'])
asked = json.loads(header['__metadata__']['asked'])

class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.max_pool2d(F.relu(self.conv1(x)), 2))), 2)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))

class Block(nn.Module):
    def __init__(self, a, b, s):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(a, b, 3, s, 1, bias=False), nn.BatchNorm2d(b)
        self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.downsample = nn.Identity() if a == b and s == 1 else nn.Sequential(nn.Conv2d(a, b, 1, s, bias=False), nn.BatchNorm2d(b))
    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.downsample(x))

class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4)
        self.layers = nn.Sequential(Block(4, 4, 1), Block(4, 8, 2))
        self.fc = nn.Linear(8, 10)
    def forward(self, x):
        return self.fc(self.layers(F.relu(self.bn1(self.conv1(x)))).mean((2, 3)))

def train(name, lr, steps, dtype, noise=0.0):
    torch.manual_seed(5)
    model = eval(name)()
    with torch.no_grad():
        model = model.to(dtype)
        chance = torch.Generator().manual_seed(round(noise * 1e9))
        for p in model.parameters(): p.mul_(1 + noise * torch.randn(p.shape, generator=chance))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(t['images'].to(dtype), t['labels'].long()), batch_size=asked['batch'], shuffle=True)
    losses = []
    while len(losses) < steps:
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model.eval(), losses[:steps]

results = {}
for name, lr in asked['models'].items():
    model, losses = train(name, lr, asked['steps'], torch.float64)
    with torch.no_grad(): accuracy = (model(t['test images'].double()).argmax(1) == t['test labels']).float().mean().item()
    apart = [0.0] * asked['compared']
    for k in range(asked['runs']):
        _, rounded = train(name, lr, asked['compared'], torch.float32, k * 6e-8)
        apart = [max(a, abs(x - y) / y) for a, x, y in zip(apart, rounded, losses)]
    results[name] = {'losses': losses, 'accuracy': accuracy, 'apart': apart}
print(json.dumps(results))
`;

describeWith(['adapter', 'python'], 'training', () => {
  const training = datasets.shapes(25 * batchSize, { seed: 1, size });
  const unseen = datasets.shapes(testImages, { seed: 2, size });
  let theirs: Record<keyof typeof cases, { losses: number[]; accuracy: number; apart: number[] }>;

  beforeAll(async () => {
    await startTestEngine();
    const named = {
      images: training.tensors[0],
      labels: training.tensors[1],
      'test images': unseen.tensors[0],
      'test labels': unseen.tensors[1],
    };
    const entries = await Promise.all(
      Object.entries(named).map(
        async ([name, t]) => [name, { shape: t.shape, dtype: t.dtype, data: await readTensor(t) }] as const,
      ),
    );
    const asked = {
      steps,
      compared,
      runs,
      batch: batchSize,
      models: Object.fromEntries(Object.entries(cases).map(([name, { lr }]) => [name, lr])),
    };
    theirs = JSON.parse(
      (await runPython(python, encodeSafetensors(entries, { asked: JSON.stringify(asked) }))).toString(),
    );
  });
  afterAll(() => engine.device?.destroy());

  test.each(Object.entries(cases))('%s', async (name, { make, lr }) => {
    torch.manualSeed(5);
    const model = make().to('webgpu');
    const optimizer = new optim.SGD(model.parameters(), { lr, momentum: 0.9 });
    const loader = new torch.utils.data.DataLoader(training, { batchSize, shuffle: true });
    const losses: number[] = [];
    while (losses.length < steps) {
      for await (const [x, y] of loader) {
        optimizer.zeroGrad();
        const loss = F.crossEntropy(model(x.to('webgpu')), y.to('webgpu'));
        loss.backward();
        void optimizer.step();
        losses.push(await loss.item());
      }
    }
    model.eval();
    const [images, labels] = unseen.tensors;
    const hits = await torch.noGrad(() =>
      model(images.to('webgpu')).argmax(1).eq(labels.to('webgpu')).to('float32').mean().item(),
    );

    const expected = theirs[name as keyof typeof cases];
    expect(losses.length).toBe(expected.losses.length);
    // A rounding at one step is in all later ones, so the bound is what PyTorch's own float32 runs were off by so far.
    let apart = 0;
    const beyond = expected.apart.flatMap((rounded, i) => {
      apart = Math.max(apart, rounded);
      const error = Math.abs(losses[i] - expected.losses[i]) / expected.losses[i];
      return error <= 4 * apart + 1e-6 ? [] : [`step ${i}: ${losses[i]} where float64 has ${expected.losses[i]}`];
    });
    expect(beyond).toEqual([]);
    // Three standard deviations of the difference of two such shares.
    expect(Math.abs(hits - expected.accuracy)).toBeLessThan(3 * Math.sqrt(0.5 / testImages));
    expect(Math.min(hits, expected.accuracy)).toBeGreaterThan(0.3);
  });
});
