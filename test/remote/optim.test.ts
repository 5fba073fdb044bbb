/** Optimizers, schedulers and gradient clipping: 12 steps of each give PyTorch's parameters and PyTorch's rates. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { clipGradNorm_, clipGradValue_ } from '../../src/torch/nn/utils.ts';
import { Adadelta, Adagrad, Adam, AdamW, RMSprop, SGD, lrScheduler } from '../../src/torch/optim/index.ts';
import type { Optimizer } from '../../src/torch/optim/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const steps = 12;

type Make = (parameters: torch.Tensor[]) => Optimizer<any>;
type Schedule = (optimizer: Optimizer<any>) => lrScheduler.LRScheduler;

/** By PyTorch's call: the same one here. */
const optimizers: Record<string, Make> = {
  'SGD(ps, lr=0.1)': (ps) => new SGD(ps, { lr: 0.1 }),
  'SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.01)': (ps) =>
    new SGD(ps, { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  'SGD(ps, lr=0.1, momentum=0.9, dampening=0.5)': (ps) => new SGD(ps, { lr: 0.1, momentum: 0.9, dampening: 0.5 }),
  'SGD(ps, lr=0.1, momentum=0.9, nesterov=True)': (ps) => new SGD(ps, { lr: 0.1, momentum: 0.9, nesterov: true }),
  'Adam(ps, lr=0.05)': (ps) => new Adam(ps, { lr: 0.05 }),
  'Adam(ps, lr=0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1)': (ps) =>
    new Adam(ps, { lr: 0.05, betas: [0.8, 0.95], eps: 1e-4, weightDecay: 0.1 }),
  'Adam(ps, lr=0.05, amsgrad=True)': (ps) => new Adam(ps, { lr: 0.05, amsgrad: true }),
  'AdamW(ps, lr=0.05, weight_decay=0.1)': (ps) => new AdamW(ps, { lr: 0.05, weightDecay: 0.1 }),
  'Adadelta(ps)': (ps) => new Adadelta(ps),
  'Adadelta(ps, lr=0.5, rho=0.8, eps=1e-5, weight_decay=0.1)': (ps) =>
    new Adadelta(ps, { lr: 0.5, rho: 0.8, eps: 1e-5, weightDecay: 0.1 }),
  'Adagrad(ps, lr=0.1)': (ps) => new Adagrad(ps, { lr: 0.1 }),
  'Adagrad(ps, lr=0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.5)': (ps) =>
    new Adagrad(ps, { lr: 0.1, lrDecay: 0.2, weightDecay: 0.1, initialAccumulatorValue: 0.5 }),
  'RMSprop(ps, lr=0.02)': (ps) => new RMSprop(ps, { lr: 0.02 }),
  'RMSprop(ps, lr=0.02, momentum=0.9, centered=True, weight_decay=0.1)': (ps) =>
    new RMSprop(ps, { lr: 0.02, momentum: 0.9, centered: true, weightDecay: 0.1 }),
  'SGD([{"params": ps[:1], "lr": 0.5}, {"params": ps[1:]}], lr=0.1)': (ps) =>
    new SGD([{ params: ps.slice(0, 1), lr: 0.5 }, { params: ps.slice(1) }], { lr: 0.1 }),
};

const schedules: Record<string, Schedule> = {
  'StepLR(o, 4, gamma=0.5)': (o) => new lrScheduler.StepLR(o, { stepSize: 4, gamma: 0.5 }),
  'MultiStepLR(o, [2, 5, 5], gamma=0.5)': (o) => new lrScheduler.MultiStepLR(o, [2, 5, 5], 0.5),
  'ExponentialLR(o, 0.9)': (o) => new lrScheduler.ExponentialLR(o, 0.9),
  'CosineAnnealingLR(o, 5, eta_min=0.01)': (o) => new lrScheduler.CosineAnnealingLR(o, 5, 0.01),
  'LambdaLR(o, lambda epoch: 1 / (1 + epoch))': (o) => new lrScheduler.LambdaLR(o, (epoch) => 1 / (1 + epoch)),
  'OneCycleLR(o, 0.5, total_steps=20)': (o) => new lrScheduler.OneCycleLR(o, 0.5, { totalSteps: 20 }),
  'OneCycleLR(o, 0.5, epochs=4, steps_per_epoch=4, anneal_strategy="linear", three_phase=True)': (o) =>
    new lrScheduler.OneCycleLR(o, 0.5, { epochs: 4, stepsPerEpoch: 4, annealStrategy: 'linear', threePhase: true }),
};

const clips: Record<string, (ps: torch.Tensor[]) => unknown> = {
  'clip_grad_norm_(ps, 0.5)': (ps) => clipGradNorm_(ps, 0.5),
  'clip_grad_norm_(ps, 0.5, norm_type=1.0)': (ps) => clipGradNorm_(ps, 0.5, { normType: 1 }),
  'clip_grad_norm_(ps, 0.5, norm_type=3.0)': (ps) => clipGradNorm_(ps, 0.5, { normType: 3 }),
  'clip_grad_norm_(ps, 0.5, norm_type=float("inf"))': (ps) => clipGradNorm_(ps, 0.5, { normType: Infinity }),
  'clip_grad_value_(ps, 0.1)': (ps) => clipGradValue_(ps, 0.1),
};

/** Fits a·x² + b to a sine; three parameters of different shapes, one of which gets no gradient. */
const python = `
import json, sys, warnings
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
warnings.simplefilter('ignore')
asked = json.load(sys.stdin)

def run(optimizer, schedule, clip):
    torch.manual_seed(3)
    ps = [torch.randn(4, 1, requires_grad=True), torch.randn(5, requires_grad=True), torch.randn(2, requires_grad=True)]
    x = torch.linspace(-1, 1, 5)
    o = eval('torch.optim.' + optimizer)
    s = eval('torch.optim.lr_scheduler.' + schedule) if schedule else None
    rates = []
    for _ in range(asked['steps']):
        o.zero_grad()
        ((ps[0] * x ** 2 + ps[1] - torch.sin(3 * x)) ** 2).sum().backward()
        if clip: eval(clip)
        o.step()
        rates.append([[g['lr'], g.get('momentum', g.get('betas', [0])[0] if 'betas' in g else 0)] for g in o.param_groups])
        if s: s.step()
    return {'values': [p.tolist() for p in ps], 'rates': rates}

print(json.dumps([run(*case) for case in asked['cases']]))
`;

interface Answer {
  readonly values: unknown;
  readonly rates: number[][][];
}

async function ours(make: Make, schedule?: Schedule, clip?: (ps: torch.Tensor[]) => unknown): Promise<Answer> {
  torch.manualSeed(3);
  const ps = [torch.randn(4, 1), torch.randn(5), torch.randn(2)].map((p) => p.to('webgpu').requiresGrad_());
  const x = torch.tensor([-1, -0.5, 0, 0.5, 1], { device: 'webgpu' });
  const optimizer = make(ps);
  const scheduler = schedule?.(optimizer);
  const rates: number[][][] = [];
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    const error = ps[0].mul(x.mul(x)).add(ps[1]).sub(x.mul(3).sin());
    error.mul(error).sum().backward();
    clip?.(ps);
    await optimizer.step();
    rates.push(optimizer.paramGroups.map((group) => [group.lr, group.momentum ?? group.betas?.[0] ?? 0]));
    scheduler?.step();
  }
  return { values: await Promise.all(ps.map((p) => p.tolist())), rates };
}

const flat = (values: unknown): number[] => (values as never[]).flat(9 as 1);

/** float32 loses 6e-8 of a value with each of some ten operations a step, and the quotients of Adam may double that. */
const tolerance = 12 * 20 * 6e-8;

describeWith(['adapter', 'python'], 'optimizers', () => {
  const cases: [name: string, python: [string, string | null, string | null], run: () => Promise<Answer>][] = [
    ...Object.entries(optimizers).map(([name, make]): (typeof cases)[number] => [
      name,
      [name, null, null],
      () => ours(make),
    ]),
    ...Object.entries(schedules).map(([name, schedule]): (typeof cases)[number] => [
      name,
      ['SGD(ps, lr=0.2, momentum=0.9)', name, null],
      () => ours((ps) => new SGD(ps, { lr: 0.2, momentum: 0.9 }), schedule),
    ]),
    ...Object.entries(clips).map(([name, clip]): (typeof cases)[number] => [
      name,
      ['SGD(ps, lr=0.2)', null, name],
      () => ours((ps) => new SGD(ps, { lr: 0.2 }), undefined, clip),
    ]),
    [
      'Adam under OneCycleLR',
      ['Adam(ps)', 'OneCycleLR(o, 0.5, total_steps=20)', null],
      () => ours((ps) => new Adam(ps), schedules['OneCycleLR(o, 0.5, total_steps=20)']),
    ],
  ];
  let theirs: Answer[];

  beforeAll(async () => {
    await startTestEngine();
    theirs = JSON.parse(
      (await runPython(python, JSON.stringify({ steps, cases: cases.map(([, call]) => call) }))).toString(),
    );
  });
  afterAll(() => engine.device?.destroy());

  test.each(cases.map(([name, , run], i) => [name, i, run] as const))('%s', async (_name, i, run) => {
    const result = await run();
    expect(result.rates.length).toBe(steps);
    const [rates, expectedRates] = [flat(result.rates), flat(theirs[i].rates)];
    rates.forEach((rate, n) => expect(Math.abs(rate - expectedRates[n])).toBeLessThanOrEqual(1e-12));
    const [values, expected] = [flat(result.values), flat(theirs[i].values)];
    expect(values.length).toBe(expected.length);
    const worst = Math.max(
      ...values.map((value, n) => Math.abs(value - expected[n]) / Math.max(1, Math.abs(expected[n]))),
    );
    expect(worst).toBeLessThan(tolerance);
  });
});
