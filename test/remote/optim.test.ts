/** Optimizers, schedulers and gradient clipping: 12 steps of each give PyTorch's parameters and PyTorch's rates. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { clipGradNorm_, clipGradValue_ } from '../../src/torch/nn/utils.ts';
import {
  ASGD,
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  LBFGS,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  lrScheduler,
} from '../../src/torch/optim/index.ts';
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
  'SGD(ps, lr=0.01, momentum=0.9, maximize=True)': (ps) => new SGD(ps, { lr: 0.01, momentum: 0.9, maximize: true }),
  'Adam(ps, lr=0.01, maximize=True)': (ps) => new Adam(ps, { lr: 0.01, maximize: true }),
  'AdamW(ps, lr=0.01, maximize=True)': (ps) => new AdamW(ps, { lr: 0.01, maximize: true }),
  'Adadelta(ps, maximize=True)': (ps) => new Adadelta(ps, { maximize: true }),
  'Adagrad(ps, lr=0.01, maximize=True)': (ps) => new Adagrad(ps, { lr: 0.01, maximize: true }),
  'RMSprop(ps, lr=0.01, maximize=True)': (ps) => new RMSprop(ps, { lr: 0.01, maximize: true }),
  'NAdam(ps, lr=0.05)': (ps) => new NAdam(ps, { lr: 0.05 }),
  'NAdam(ps, lr=0.05, betas=(0.8, 0.95), weight_decay=0.1, momentum_decay=0.01)': (ps) =>
    new NAdam(ps, { lr: 0.05, betas: [0.8, 0.95], weightDecay: 0.1, momentumDecay: 0.01 }),
  'RAdam(ps, lr=0.05)': (ps) => new RAdam(ps, { lr: 0.05 }),
  'RAdam(ps, lr=0.05, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1)': (ps) =>
    new RAdam(ps, { lr: 0.05, betas: [0.8, 0.9], eps: 1e-4, weightDecay: 0.1 }),
  'Adamax(ps, lr=0.05)': (ps) => new Adamax(ps, { lr: 0.05 }),
  'Adamax(ps, lr=0.05, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1, maximize=True)': (ps) =>
    new Adamax(ps, { lr: 0.05, betas: [0.8, 0.9], eps: 1e-4, weightDecay: 0.1, maximize: true }),
  'Rprop(ps)': (ps) => new Rprop(ps),
  'Rprop(ps, lr=0.1, etas=(0.4, 1.5), step_sizes=(1e-3, 0.2))': (ps) =>
    new Rprop(ps, { lr: 0.1, etas: [0.4, 1.5], stepSizes: [1e-3, 0.2] }),
  'ASGD(ps)': (ps) => new ASGD(ps),
  'ASGD(ps, lr=0.05, lambd=0.01, alpha=0.5, t0=3, weight_decay=0.1)': (ps) =>
    new ASGD(ps, { lr: 0.05, lambd: 0.01, alpha: 0.5, t0: 3, weightDecay: 0.1 }),
  'Adafactor(ps)': (ps) => new Adafactor(ps),
  'Adafactor(ps, lr=0.1, beta2_decay=-0.5, eps=(1e-4, 0.1), d=2.0, weight_decay=0.1)': (ps) =>
    new Adafactor(ps, { lr: 0.1, beta2Decay: -0.5, eps: [1e-4, 0.1], d: 2, weightDecay: 0.1 }),
  'SGD([{"params": ps[:1], "lr": 0.5}, {"params": ps[1:]}], lr=0.1)': (ps) =>
    new SGD([{ params: ps.slice(0, 1), lr: 0.5 }, { params: ps.slice(1) }], { lr: 0.1 }),
};

const schedules: Record<string, Schedule> = {
  'StepLR(o, 4, gamma=0.5)': (o) => new lrScheduler.StepLR(o, { stepSize: 4, gamma: 0.5 }),
  'MultiStepLR(o, [2, 5, 5], gamma=0.5)': (o) => new lrScheduler.MultiStepLR(o, [2, 5, 5], 0.5),
  'ExponentialLR(o, 0.9)': (o) => new lrScheduler.ExponentialLR(o, 0.9),
  'CosineAnnealingLR(o, 5, eta_min=0.01)': (o) => new lrScheduler.CosineAnnealingLR(o, 5, 0.01),
  'ConstantLR(o, factor=0.5, total_iters=4)': (o) => new lrScheduler.ConstantLR(o, { factor: 0.5, totalIters: 4 }),
  'LinearLR(o, start_factor=0.1, end_factor=0.8, total_iters=6)': (o) =>
    new lrScheduler.LinearLR(o, { startFactor: 0.1, endFactor: 0.8, totalIters: 6 }),
  'PolynomialLR(o, total_iters=8, power=2.0)': (o) => new lrScheduler.PolynomialLR(o, { totalIters: 8, power: 2 }),
  'MultiplicativeLR(o, lambda epoch: 0.9 + epoch / 100)': (o) =>
    new lrScheduler.MultiplicativeLR(o, (epoch) => 0.9 + epoch / 100),
  'CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=0.01)': (o) =>
    new lrScheduler.CosineAnnealingWarmRestarts(o, 3, { tMult: 2, etaMin: 0.01 }),
  'CyclicLR(o, 0.01, 0.1, step_size_up=3)': (o) => new lrScheduler.CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3 }),
  'CyclicLR(o, 0.01, 0.1, step_size_up=2, step_size_down=4, mode="triangular2")': (o) =>
    new lrScheduler.CyclicLR(o, 0.01, 0.1, { stepSizeUp: 2, stepSizeDown: 4, mode: 'triangular2' }),
  'CyclicLR(o, 0.01, 0.1, step_size_up=3, mode="exp_range", gamma=0.9, cycle_momentum=False)': (o) =>
    new lrScheduler.CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3, mode: 'exp_range', gamma: 0.9, cycleMomentum: false }),
  'SequentialLR(o, [LinearLR(o, 0.1, total_iters=4), CosineAnnealingLR(o, 5), StepLR(o, 2)], [4, 9])': (o) =>
    new lrScheduler.SequentialLR(
      o,
      [
        new lrScheduler.LinearLR(o, 0.1, { totalIters: 4 }),
        new lrScheduler.CosineAnnealingLR(o, 5),
        new lrScheduler.StepLR(o, 2),
      ],
      [4, 9],
    ),
  'SequentialLR(o, [ConstantLR(o), CosineAnnealingWarmRestarts(o, 2), MultiplicativeLR(o, lambda e: 0.5)], [3, 8])': (
    o,
  ) =>
    new lrScheduler.SequentialLR(
      o,
      [
        new lrScheduler.ConstantLR(o),
        new lrScheduler.CosineAnnealingWarmRestarts(o, 2),
        new lrScheduler.MultiplicativeLR(o, () => 0.5),
      ],
      [3, 8],
    ),
  'ChainedScheduler([ConstantLR(o, 0.1, total_iters=2), ExponentialLR(o, 0.9)])': (o) =>
    new lrScheduler.ChainedScheduler([
      new lrScheduler.ConstantLR(o, 0.1, { totalIters: 2 }),
      new lrScheduler.ExponentialLR(o, 0.9),
    ]),
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
from torch.optim.lr_scheduler import *
asked = json.load(sys.stdin)

class Adafactor(torch.optim.Optimizer):
    # 1.13 has none: algorithm 5 of Shazeer and Stern (2018) as PyTorch's documentation states it
    def __init__(self, params, lr=1e-2, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, beta2_decay=beta2_decay, eps=eps, d=d, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in (p for p in group['params'] if p.grad is not None):
                state, g = self.state[p], p.grad
                t = state['t'] = state.get('t', 0) + 1
                least = torch.finfo(p.dtype).eps if group['eps'][0] is None else group['eps'][0]
                keep = 1 - t ** group['beta2_decay']
                rms = lambda x: x.square().mean().sqrt()
                alpha = torch.clamp(rms(p), min=group['eps'][1]) * min(group['lr'], t ** -0.5)
                p.mul_(1 - group['lr'] * group['weight_decay'])
                if g.dim() > 1:
                    rows, columns = g.square().mean(-1, keepdim=True), g.square().mean(-2, keepdim=True)
                    r = state['r'] = keep * state.get('r', 0) + (1 - keep) * rows
                    c = state['c'] = keep * state.get('c', 0) + (1 - keep) * columns
                    v = r @ c / r.mean(-2, keepdim=True).clamp(min=least)
                else:
                    v = state['v'] = keep * state.get('v', 0) + (1 - keep) * g.square()
                u = g / v.clamp(min=least ** 2).sqrt()
                p.sub_(alpha * u / torch.clamp(rms(u) / group['d'], min=1))

torch.optim.Adafactor = Adafactor

class NAdam(torch.optim.Optimizer):
    # 1.13 multiplies by a momentum twice where it looks ahead; later versions, and Dozat (2016), once
    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group['betas']
            for p in (p for p in group['params'] if p.grad is not None):
                state = self.state[p]
                t = state['t'] = state.get('t', 0) + 1
                g = p.grad + group['weight_decay'] * p
                mu, following = (b1 * (1 - 0.5 * 0.96 ** (n * group['momentum_decay'])) for n in (t, t + 1))
                product = state['product'] = state.get('product', 1) * mu
                m = state['m'] = b1 * state.get('m', 0) + (1 - b1) * g
                v = state['v'] = b2 * state.get('v', 0) + (1 - b2) * g * g
                ahead = (1 - mu) / (1 - product) * g + following / (1 - product * following) * m
                p.sub_(group['lr'] * ahead / ((v / (1 - b2 ** t)).sqrt() + group['eps']))

if torch.__version__.startswith('1.'):
    torch.optim.NAdam = NAdam

def run(optimizer, schedule, clip):
    torch.manual_seed(3)
    ps = [torch.randn(4, 1, requires_grad=True), torch.randn(5, requires_grad=True), torch.randn(2, requires_grad=True)]
    x = torch.linspace(-1, 1, 5)
    o = eval('torch.optim.' + optimizer)
    s = eval(schedule, {**globals(), 'o': o}) if schedule else None
    rates = []
    for _ in range(asked['steps']):
        o.zero_grad()
        ((ps[0] * x ** 2 + ps[1] - torch.sin(3 * x)) ** 2).sum().backward()
        if clip: eval(clip)
        o.step()
        rates.append([[g['lr'], g.get('momentum', g.get('betas', [0])[0] if 'betas' in g else 0)] for g in o.param_groups])
        if s: s.step()
    return {'values': [p.tolist() for p in ps], 'rates': rates}

def searched(optimizer):
    torch.manual_seed(3)
    ps = [torch.randn(4, 1, requires_grad=True), torch.randn(5, requires_grad=True)]
    x = torch.linspace(-1, 1, 5)
    o = eval('torch.optim.' + optimizer)
    losses = []
    def closure():
        o.zero_grad()
        loss = ((ps[0] * x ** 2 + ps[1] - torch.sin(3 * x)) ** 4).sum()
        loss.backward()
        losses.append(loss.item())
        return loss
    returned = [o.step(closure).item() for _ in range(3)]
    return {'values': [p.tolist() for p in ps], 'losses': losses, 'returned': returned}

print(json.dumps([[run(*case) for case in asked['cases']], [searched(o) for o in asked['searched']]]))
`;

interface Searched {
  readonly values: unknown;
  readonly losses: readonly number[];
  readonly returned: readonly number[];
}

/** Optimizers that call the closure themselves. */
const searching: Record<string, (ps: torch.Tensor[]) => LBFGS> = {
  'LBFGS(ps, lr=0.1, max_iter=4)': (ps) => new LBFGS(ps, { lr: 0.1, maxIter: 4 }),
  'LBFGS(ps, lr=0.2, max_iter=5, history_size=2)': (ps) => new LBFGS(ps, { lr: 0.2, maxIter: 5, historySize: 2 }),
  'LBFGS(ps, max_iter=4, line_search_fn="strong_wolfe")': (ps) =>
    new LBFGS(ps, { maxIter: 4, lineSearchFn: 'strong_wolfe' }),
  'LBFGS(ps, lr=30, max_iter=3, line_search_fn="strong_wolfe")': (ps) =>
    new LBFGS(ps, { lr: 30, maxIter: 3, lineSearchFn: 'strong_wolfe' }),
  'LBFGS(ps, max_iter=9, max_eval=3, line_search_fn="strong_wolfe")': (ps) =>
    new LBFGS(ps, { maxIter: 9, maxEval: 3, lineSearchFn: 'strong_wolfe' }),
};

async function searched(make: (ps: torch.Tensor[]) => LBFGS): Promise<Searched> {
  torch.manualSeed(3);
  const ps = [torch.randn(4, 1), torch.randn(5)].map((p) => p.to('webgpu').requiresGrad_());
  const x = torch.tensor([-1, -0.5, 0, 0.5, 1], { device: 'webgpu' });
  const optimizer = make(ps);
  const losses: torch.Tensor[] = [];
  const returned: number[] = [];
  for (let i = 0; i < 3; i++) {
    const loss = await optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = ps[0].mul(x.mul(x)).add(ps[1]).sub(x.mul(3).sin()).pow(4).sum();
      loss.backward();
      losses.push(loss);
      return loss;
    });
    returned.push(Number(await loss.item()));
  }
  return {
    values: await Promise.all(ps.map((p) => p.tolist())),
    losses: await Promise.all(losses.map(async (loss) => Number(await loss.item()))),
    returned,
  };
}

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
  let theirsSearched: Searched[];

  beforeAll(async () => {
    await startTestEngine();
    const asked = { steps, cases: cases.map(([, call]) => call), searched: Object.keys(searching) };
    [theirs, theirsSearched] = JSON.parse((await runPython(python, JSON.stringify(asked))).toString());
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

  // Each search divides differences of gradients, which have lost digits, so its end is compared in six digits less.
  test.each(Object.entries(searching).map(([name, make], i) => [name, make, i] as const))('%s', async (_, make, i) => {
    const [mine, expected] = [await searched(make), theirsSearched[i]];
    expect(mine.losses.length).toBe(expected.losses.length);
    const close = (a: number, b: number): void => expect(Math.abs(a - b) / Math.max(1, Math.abs(b))).toBeLessThan(1e-3);
    mine.losses.forEach((loss, n) => close(loss, expected.losses[n]));
    mine.returned.forEach((loss, n) => close(loss, expected.returned[n]));
    flat(mine.values).forEach((value, n) => close(value, flat(expected.values)[n]));
  });

  test('a step with a closure gives what the closure gives, and takes the gradient that it made', async () => {
    const p = torch.tensor([1, 2], { requiresGrad: true });
    const optimizer = new SGD([p], { lr: 0.5 });
    const step = (): torch.Tensor => {
      optimizer.zeroGrad();
      const loss = p.mul(p).sum();
      loss.backward();
      return loss;
    };
    expect(await (await optimizer.step(step)).item()).toBe(5);
    expect(await p.tolist()).toEqual([0, 0]);
    expect(await (await optimizer.step(async () => step())).item()).toBe(0);
  });
});
