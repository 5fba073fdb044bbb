/** The main job without a browser: a program on WebGPU, its model in real PyTorch, both judged against float64. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenSession } from '../../src/cli/session.ts';
import { openSession } from '../../src/cli/session.ts';
import { listAdapters } from '../../src/cli/adapters.ts';
import { localTransport } from '../../src/remote/local.ts';
import type { ComparisonResult } from '../../src/worker/protocol.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter', 'python'], 'a program compared with PyTorch', () => {
  let opened: OpenSession;
  beforeAll(async () => {
    opened = await openSession((await listAdapters()).find((adapter) => adapter.software)?.name);
  });
  afterAll(() => opened?.close());

  /** Runs a program here and its model there. */
  async function compare(program: string): Promise<{ comparison: ComparisonResult; source: string }> {
    const { session } = opened;
    const result = await session.run(program, { console: () => {}, progress: () => {} });
    if (!result.ok) throw new Error(result.error.message);
    const job = await session.job({ repeats: 3 });
    const { report, tensors } = await localTransport((await pythonWithTorch()).path).run(job);
    return { comparison: await session.compare(report, tensors), source: job.program };
  }

  function expectAgreement({ tensors, timings }: ComparisonResult): void {
    for (const tensor of tensors) expect(tensor, JSON.stringify(tensor)).not.toMatchObject({ verdict: 'differs' });
    expect(tensors.length).toBeGreaterThan(0);
    expect(timings.map((timing) => timing.side)).toEqual(['local', 'remote']);
    for (const { runs, medianMs } of timings) {
      expect(runs).toBeGreaterThan(0);
      expect(medianMs).toBeGreaterThan(0);
    }
  }

  test("the article's SimpleCNN agrees within 2e-5 of the rms, and prints as the article wrote it", async () => {
    const { comparison, source } = await compare(readFileSync('src/playground/examples/1-simple-cnn.ts', 'utf8'));
    expectAgreement(comparison);
    expect(comparison.tensors[0].relativeError).toBeLessThan(2e-5);
    expect(source).toContain(`\
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2, 2)

    def forward(self, x):
        x = self.conv1(x)
        x = self.relu(x)
        x = self.pool(x)
        return x
`);
  });

  test('a network in 8 bits gives the same levels there, element by element', async () => {
    const { comparison, source } = await compare(readFileSync('src/playground/examples/5-quantize.ts', 'utf8'));
    expectAgreement(comparison);
    expect(comparison.tensors.map(({ name, maxAbsError }) => [name, maxAbsError])).toEqual([['output', 0]]);
    expect(source).toContain('self.register_buffer("weight", torch.empty(16, 8, 3, 3, dtype=torch.int8))');
    expect(source).toContain('x = F.conv2d((x.double() - self.inputZeroPoint), self.weight.double(), padding=1).to(torch.int32)');
  });

  test('nested blocks, a Sequential, a residual, arithmetic outside of layers and a parameter of their own agree', async () => {
    const { comparison, source } = await compare(`
      import { torch, nn, F } from 'wudnn'
      class Block extends nn.Module {
        constructor(channels) {
          super()
          this.body = new nn.Sequential(new nn.Conv2d(channels, channels, { kernelSize: 3, padding: 1 }), new nn.ReLU(), new nn.Conv2d(channels, channels, { kernelSize: 1 }))
        }
        forward(x) { return F.relu(x.add(this.body(x))) }
      }
      class Net extends nn.Module {
        constructor() {
          super()
          this.stem = new nn.Conv2d(3, 8, { kernelSize: 3, stride: 2, padding: 1 })
          this.block1 = new Block(8)
          this.block2 = new Block(8)
          this.scale = new nn.Parameter(torch.randn(8, 1, 1))
          this.head = new nn.Linear(8, 5)
        }
        forward(x) {
          x = this.block2(this.block1(this.stem(x)))
          x = x.mul(this.scale).mul(0.5)
          return this.head(x.mean([2, 3]))
        }
      }
      torch.manualSeed(1)
      const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu')
      const model = new Net().to(device)
      export const output = model(torch.randn(2, 3, 16, 16).to(device))
    `);
    expectAgreement(comparison);
    expect(source).toContain('self.block1 = Block()\n        self.block2 = Block()');
    expect(source).toContain('self.scale = nn.Parameter(torch.empty(8, 1, 1))');
  });
});
