/** The main job without a browser: a program on WebGPU, its model in real PyTorch, both judged against float64. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAdapters } from '../../src/machine/adapters.ts';
import type { OpenSession } from '../../src/cli/session.ts';
import { openSession } from '../../src/cli/session.ts';
import { plainAlgorithms, allTensors, explainDifference } from '../../src/compare/why.ts';
import { localTransport } from '../../src/remote/local.ts';
import type { RemoteResult, Transport } from '../../src/remote/transport.ts';
import type { ComparisonResult, JobRequest } from '../../src/session/protocol.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter', 'python'], 'a program compared with PyTorch', () => {
  let opened: OpenSession;
  beforeAll(async () => {
    opened = await openSession((await listAdapters()).find((adapter) => adapter.software)?.name);
  });
  beforeAll(async () => {
    transport = localTransport(pythonWithTorch().path);
  });
  afterAll(() => opened?.close());

  let transport: Transport;

  async function runHere(program: string): Promise<void> {
    const result = await opened.session.run(program, { console: () => {}, progress: () => {} });
    if (!result.ok) throw new Error(result.error.message);
  }

  /** Runs a program here and its model there. */
  async function compare(
    program: string,
    request: JobRequest = {},
  ): Promise<{ comparison: ComparisonResult; source: string; given: RemoteResult }> {
    await runHere(program);
    const job = await opened.session.job(request, { repeats: 3 });
    const given = await transport.run(job);
    return { comparison: await opened.session.compare(given.report, given.tensors), source: job.program, given };
  }

  function expectAgreement(comparison: ComparisonResult): void {
    const { tensors, timings } = comparison;
    for (const tensor of allTensors(comparison))
      expect(tensor, JSON.stringify(tensor)).not.toMatchObject({ verdict: 'differs' });
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

  test("attention of every kind is PyTorch's own call there, and agrees", async () => {
    const { comparison, source } = await compare(`import { torch, nn, F } from 'wudnn'
class Attention extends nn.Module {
  q = new nn.Linear(8, 8)
  allowed = torch.tensor([[true, false, true], [true, true, false], [false, false, false]])
  forward(x) {
    const q = this.q(x)
    const causal = F.scaledDotProductAttention(q, x, x, { isCausal: true })
    return F.scaledDotProductAttention(causal, x, x, { attnMask: this.allowed, scale: 0.5 }).add(F.scaledDotProductAttention(q, x, q))
  }
}
torch.manualSeed(0)
export const y = await new Attention()(torch.randn(2, 3, 8)).data()
`);
    expectAgreement(comparison);
    expect(source).toMatch(/= F\.scaled_dot_product_attention\(\w+, \w+, \w+, is_causal=True, scale=0\.35355/);
    expect(source).toMatch(/attn_mask=\w+, scale=0\.5\)/);
  });

  test('a network in 8 bits gives the same levels there, element by element', async () => {
    const { comparison, source } = await compare(readFileSync('src/playground/examples/5-quantize.ts', 'utf8'));
    expectAgreement(comparison);
    expect(comparison.tensors.map(({ name, maxAbsError }) => [name, maxAbsError])).toEqual([['output', 0]]);
    expect(source).toContain('self.register_buffer("weight", torch.empty(16, 8, 3, 3, dtype=torch.int8))');
    expect(source).toContain(
      'x = F.conv2d((x.double() - self.inputZeroPoint), self.weight.double(), padding=1).to(torch.int32)',
    );
  });

  test('nested blocks, a Sequential, a residual, arithmetic outside of layers and a parameter of their own agree', async () => {
    const { comparison, source } = await compare(nested, { gradients: true });
    expectAgreement(comparison);
    expect(source).toContain('self.block1 = Block()\n        self.block2 = Block()');
    expect(source).toContain('self.scale = nn.Parameter(torch.empty(8, 1, 1))');
    expect(comparison.layers!.map(({ path, type }) => `${path} ${type}`)).toEqual([
      'stem Conv2d',
      'block1.body.0 Conv2d',
      'block1.body.1 ReLU',
      'block1.body.2 Conv2d',
      'block2.body.0 Conv2d',
      'block2.body.1 ReLU',
      'block2.body.2 Conv2d',
      'head Linear',
    ]);
    for (const { path, tensor, local, remote, type } of comparison.layers!) {
      expect(tensor, path).toBeDefined();
      expect(remote.ms, path).toBeGreaterThan(0);
      if (type === 'Conv2d') expect(local.algorithm, path).toBeDefined();
    }
    const { of, tensors, leftOut } = comparison.gradients!;
    expect(of).toBe('the sum of the outputs');
    expect(tensors.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['grad.stem.weight', 'grad.scale', 'grad.head.bias', 'input_grad.x']),
    );
    expect(leftOut).toEqual([]);
  });

  test('bfloat16 by autocast is named as the cause of what it does, and only there', async () => {
    const { comparison, given } = await compare(nested, { settings: { autocast: 'bfloat16' } });
    expect(comparison.tensors[0].remoteError).toBeGreaterThan(1e-3);
    const trials = await explainDifference(comparison, async ({ change, side }) => {
      if (side === 'local') return opened.session.compare(given.report, given.tensors, change);
      const again = await transport.run(
        await opened.session.job({ settings: { autocast: 'bfloat16', ...change } }, { repeats: 1 }),
      );
      return opened.session.compare(again.report, again.tensors);
    });
    // Where a transform was chosen for this side, it is a suspect too.
    const guilty = trials.filter(({ share }) => share !== 'not it');
    expect(guilty).toMatchObject([{ side: 'remote', cause: 'autocast computes in bfloat16', share: 'the cause' }]);
  });

  test('what Winograd does to this side goes away with it', async () => {
    const { comparison, given } = await compare(winograd);
    expect(comparison.tensors[0].verdict).toBe('within tolerance');
    expect(comparison.layers![0].local.algorithm).toContain('WINOGRAD_NONFUSED');
    const trials = await explainDifference(comparison, ({ change }) =>
      opened.session.compare(given.report, given.tensors, change),
    );
    expect(trials).toHaveLength(1);
    expect(trials[0]).toMatchObject({ side: 'local', change: { algorithms: plainAlgorithms } });
    // Sums of 36 products lose little by themselves: what is lost is the transforms'.
    expect(trials[0].share, JSON.stringify(trials)).not.toBe('not it');
  });

  test("training repeats the program's steps with its loss and its optimizer, and both curves are one", async () => {
    await runHere(training);
    const job = await opened.session.job({ trainingSteps: 8 });
    expect(job.program).toContain('"optimizer": "Adam"');
    expect(job.program).toContain('"weight_decay": 0.01');
    const { report } = await transport.run(job);
    const { optimizer, local, remote, largest } = await opened.session.compareTraining(report);
    expect(optimizer).toMatch(/^Adam, lr 0.01, weightDecay 0.01$/);
    expect(local.losses).toHaveLength(8);
    expect(local.losses[7]).toBeLessThan(local.losses[0]);
    expect(remote.losses).toHaveLength(8);
    expect(largest.relative).toBeLessThan(1e-4);
  });

  test('gradients of a trained model are of its own loss', async () => {
    const { comparison } = await compare(training, { gradients: true });
    expectAgreement(comparison);
    expect(comparison.gradients!.of).toBe("the program's loss");
    expect(comparison.gradients!.tensors.map(({ name }) => name)).toContain('grad.conv.weight');
  });

  test('a program that trains nothing has no steps to repeat', async () => {
    await runHere(nested);
    await expect(opened.session.job({ trainingSteps: 2 })).rejects.toThrow(/Net was not trained/);
  });
});

const nested = `
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
`;

const winograd = `
import { torch, nn } from 'wudnn'
torch.manualSeed(1)
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu')
class Net extends nn.Module {
  constructor() {
    super()
    this.conv = new nn.Conv2d(4, 8, { kernelSize: 3, padding: 1, algo: 'WINOGRAD_NONFUSED' })
  }
  forward(x) { return this.conv(x) }
}
export const output = new Net().to(device)(torch.randn(1, 4, 32, 32).to(device))
`;

const training = `
import { torch, nn, F, optim } from 'wudnn'
torch.manualSeed(1)
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu')
class Net extends nn.Module {
  constructor() {
    super()
    this.conv = new nn.Conv2d(1, 4, { kernelSize: 3 })
    this.norm = new nn.BatchNorm2d(4)
    this.head = new nn.Linear(4, 3)
  }
  forward(x) { return this.head(F.tanh(this.norm(this.conv(x))).mean([2, 3])) }
}
const model = new Net().to(device)
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 0.01 })
const [images, labels] = [torch.randn(8, 1, 8, 8).to(device), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1], { dtype: 'int32' }).to(device)]
for (let step = 0; step < 3; step++) {
  optimizer.zeroGrad()
  const loss = F.crossEntropy(model(images), labels)
  loss.backward()
  optimizer.step()
  await loss.item()
}
`;
