/**
 * @file Intent: autocast and the gradient scaler do what PyTorch's do: each function under autocast of the cpu, a run
 * of steps with infinities planted, and the loss of a small LeNet that is trained in bfloat16.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { snakeCase } from '../../src/base/python.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import { policyOf } from '../../src/torch/autocast-policy.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import type { Case } from '../ops/case.ts';
import { evaluateCases } from '../ops/evaluate.ts';
import type { Results } from '../ops/evaluate.ts';
import { askPyTorch } from '../ops/golden.ts';
import { judge } from '../ops/judge.ts';
import { autocastCase, firstCases, hasSeveral } from '../support/autocast-cases.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

/** In the lower precision from PyTorch 2.0 on; 1.13, the oldest that must pass, leaves them in float32. */
const later = ['convTranspose1d', 'convTranspose2d', 'prelu'];

const isListed = (c: Case): boolean => policyOf(snakeCase(c.op), 'cpu') !== undefined;

describeWith(['python'], "PyTorch's autocast of the cpu", () => {
  const cases = [...firstCases.values()]
    .filter(({ op }) => !later.includes(op))
    .flatMap((c) =>
      (['none', 'all', 'the first'] as const)
        // Of unlisted functions PyTorch 1.13 takes operands of two dtypes where later ones refuse them.
        .filter((which) => which !== 'the first' || (hasSeveral(c) && isListed(c)))
        .map((which) => ({ ...autocastCase(c, 'bfloat16', which), slack: 4 * (c.slack ?? 1) })),
    );
  let answers: readonly Results[];
  beforeAll(async () => {
    answers = (await askPyTorch(cases)).results;
  }, 120_000);

  test.each([...new Set(cases.map(({ op }) => op))])('%s', async (operation) => {
    const asked = cases.flatMap((c, i) => (c.op === operation && answers[i].size > 0 ? [i] : []));
    const ours = await evaluateCases(
      asked.map((i) => cases[i]),
      'cpu',
    );
    expect(asked.flatMap((i, at) => judge(cases[i], ours[at], answers[i]).complaints)).toEqual([]);
  });

  test('has answered nearly all', () => {
    expect(answers.filter((of) => of.size > 0).length).toBeGreaterThan(0.95 * cases.length);
  });
});

describeWith(['python', 'adapter'], 'the gradient scaler', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  test.each(['cpu', 'webgpu'] as const)("skips, backs off and grows as PyTorch's, on %s", async (device) => {
    const factors = ['1', '2', 'inf', '1', 'nan', 'inf', '1', '1', '1', '0.5', 'inf', '1', '1', '1'];
    const settings = { initScale: 1024, growthFactor: 4, backoffFactor: 0.25, growthInterval: 3 };
    const program = readFileSync(new URL('../support/grad-scaler.py', import.meta.url), 'utf8');
    const asked = Object.fromEntries(Object.entries(settings).map(([name, value]) => [snakeCase(name), value]));
    const theirs = JSON.parse(String(await runPython(program, JSON.stringify({ ...asked, factors })))) as unknown[];
    const scaler = new torch.amp.GradScaler(device, settings);
    const w = torch.tensor([0.5, -0.25], { device, requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 0.125, momentum: 0.5 });
    const ours: unknown[] = [];
    for (const [i, factor] of factors.entries()) {
      optimizer.zeroGrad();
      scaler
        .scale(
          w
            .mul(w)
            .mul(Number(factor.replace('inf', 'Infinity')))
            .sum(),
        )
        .backward();
      if (i % 2) scaler.unscale_(optimizer);
      await scaler.step(optimizer);
      await scaler.update();
      const state = scaler.stateDict();
      ours.push([await w.tolist(), state.scale, state.growthTracker]);
    }
    expect(ours).toEqual(theirs);
  });

  test('goes on from a saved state', async () => {
    const saved = new torch.amp.GradScaler({ initScale: 8, growthInterval: 7 }).stateDict();
    const scaler = new torch.amp.GradScaler();
    scaler.loadStateDict(saved as never);
    expect(scaler.stateDict()).toEqual(saved);
    expect(new torch.amp.GradScaler({ enabled: false }).stateDict()).toEqual({});
  });
});

const steps = 12;
const trainProgram = `
import json, sys
import torch
import torch.nn as nn
import torch.nn.functional as F

class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))

curves = []
for enabled in (True, False):
    torch.manual_seed(3)
    net = LeNet()
    x, labels = torch.randn(8, 1, 28, 28), torch.arange(8)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(${steps}):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            loss = F.cross_entropy(net(x), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    curves.append(losses)
json.dump(curves, sys.stdout)
`;

class LeNet extends nn.Module<[torch.Tensor], torch.Tensor> {
  readonly conv1 = new nn.Conv2d(1, 6, 5, { padding: 2 });
  readonly conv2 = new nn.Conv2d(6, 16, 5);
  readonly fc1 = new nn.Linear(400, 120);
  readonly fc2 = new nn.Linear(120, 84);
  readonly fc3 = new nn.Linear(84, 10);

  override forward(x: torch.Tensor): torch.Tensor {
    const first = F.maxPool2d(F.relu(this.conv1(x)), 2);
    const second = F.maxPool2d(F.relu(this.conv2(first)), 2);
    return this.fc3(F.relu(this.fc2(F.relu(this.fc1(second.flatten(1))))));
  }
}

async function trained(device: DeviceType, enabled: boolean): Promise<number[]> {
  torch.manualSeed(3);
  const net = new LeNet().to(device);
  const x = torch.randn(8, 1, 28, 28).to(device);
  const labels = torch.arange(8).to(device);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    const loss = torch.autocast({ deviceType: device, dtype: 'bfloat16', enabled }, () =>
      F.crossEntropy(net(x), labels),
    );
    loss.backward();
    await optimizer.step();
    losses.push(await loss.item());
  }
  return losses;
}

/** The largest distance of two curves, relative to the first loss. */
const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((loss, i) => Math.abs(loss - b[i]))) / a[0];

describeWith(['python', 'adapter'], 'LeNet under autocast', () => {
  let theirs: readonly number[][];
  beforeAll(async () => {
    await startTestEngine();
    theirs = JSON.parse(String(await runPython(trainProgram))) as number[][];
  }, 120_000);
  afterAll(() => engine.device?.destroy());

  test.each(['cpu', 'webgpu'] as const)("follows PyTorch's losses, on %s", async (device) => {
    const ours = await trained(device, true);
    expect(distance(theirs[0], ours)).toBeLessThan(2 ** -6);
    expect(ours.at(-1)!).toBeLessThan(0.9 * ours[0]);
  });

  test('control: switched off it follows the float32 losses, which differ', async () => {
    const ours = await trained('cpu', false);
    expect(distance(theirs[1], ours)).toBeLessThan(1e-4);
    expect(distance(theirs[0], ours)).toBeGreaterThan(1e-4);
  });
});
