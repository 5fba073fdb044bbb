/**
 * Intent: a scheduler that is stepped, meets groups that the optimizer got later, has its rates changed by hand, and
 * goes on from a saved state in a scheduler that was made with other numbers, gives PyTorch's rates and momenta, and
 * fails where PyTorch fails.
 */
import { beforeAll, expect, test } from 'vitest';
import { SGD, lrScheduler } from '../../src/torch/optim/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { describeWith } from '../support/needs.ts';
import { randomNumbers } from '../support/numbers.ts';
import { runPython } from '../support/python.ts';

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  MultiplicativeLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = lrScheduler;

type Make = (optimizer: SGD) => lrScheduler.LRScheduler;

/** By PyTorch's call the same one here; a state taken from the first of a row is loaded into the second. */
const schedulers: readonly (readonly [python: string, made: Make, otherPython: string, other: Make])[] = [
  ['StepLR(o, 3, 0.5)', (o) => new StepLR(o, 3, 0.5), 'StepLR(o, 2, 0.9)', (o) => new StepLR(o, 2, 0.9)],
  [
    'MultiStepLR(o, [2, 4, 4], 0.5)',
    (o) => new MultiStepLR(o, [2, 4, 4], 0.5),
    'MultiStepLR(o, [3])',
    (o) => new MultiStepLR(o, [3]),
  ],
  [
    'ExponentialLR(o, 0.9)',
    (o) => new ExponentialLR(o, 0.9),
    'ExponentialLR(o, 0.5)',
    (o) => new ExponentialLR(o, 0.5),
  ],
  [
    'CosineAnnealingLR(o, 3, 0.01)',
    (o) => new CosineAnnealingLR(o, 3, 0.01),
    'CosineAnnealingLR(o, 5)',
    (o) => new CosineAnnealingLR(o, 5),
  ],
  [
    'CosineAnnealingLR(o, 1)',
    (o) => new CosineAnnealingLR(o, 1),
    'CosineAnnealingLR(o, 2, 0.1)',
    (o) => new CosineAnnealingLR(o, 2, 0.1),
  ],
  [
    'LambdaLR(o, lambda e: 1 / (1 + e))',
    (o) => new LambdaLR(o, (e) => 1 / (1 + e)),
    'LambdaLR(o, lambda e: 0.5 ** e)',
    (o) => new LambdaLR(o, (e) => 0.5 ** e),
  ],
  ['ConstantLR(o, 0.5, 3)', (o) => new ConstantLR(o, 0.5, 3), 'ConstantLR(o)', (o) => new ConstantLR(o)],
  [
    'LinearLR(o, 0.2, total_iters=4)',
    (o) => new LinearLR(o, 0.2, { totalIters: 4 }),
    'LinearLR(o, end_factor=0.7)',
    (o) => new LinearLR(o, { endFactor: 0.7 }),
  ],
  ['PolynomialLR(o, 6, 1.5)', (o) => new PolynomialLR(o, 6, 1.5), 'PolynomialLR(o)', (o) => new PolynomialLR(o)],
  [
    'MultiplicativeLR(o, lambda e: 1 / (1 + e))',
    (o) => new MultiplicativeLR(o, (e) => 1 / (1 + e)),
    'MultiplicativeLR(o, lambda e: 0.9)',
    (o) => new MultiplicativeLR(o, () => 0.9),
  ],
  [
    'CosineAnnealingWarmRestarts(o, 2, T_mult=2, eta_min=0.01)',
    (o) => new CosineAnnealingWarmRestarts(o, 2, 2, 0.01),
    'CosineAnnealingWarmRestarts(o, 3)',
    (o) => new CosineAnnealingWarmRestarts(o, 3),
  ],
  [
    'OneCycleLR(o, 0.5, total_steps=9)',
    (o) => new OneCycleLR(o, 0.5, 9),
    'OneCycleLR(o, 0.1, total_steps=5, anneal_strategy="linear", div_factor=4.)',
    (o) => new OneCycleLR(o, 0.1, { totalSteps: 5, annealStrategy: 'linear', divFactor: 4 }),
  ],
  [
    'OneCycleLR(o, 0.5, epochs=2, steps_per_epoch=5, pct_start=0.4, anneal_strategy="linear", three_phase=True)',
    (o) => new OneCycleLR(o, 0.5, null, 2, 5, 0.4, 'linear', { threePhase: true }),
    'OneCycleLR(o, 0.1, total_steps=5, cycle_momentum=False)',
    (o) => new OneCycleLR(o, 0.1, 5, { cycleMomentum: false }),
  ],
];

/** What a program does between steps of training. */
type Act =
  | readonly ['step']
  | readonly ['add', lr: number]
  | readonly ['addWith', lr: number]
  | readonly ['set', lr: number]
  | readonly ['reload'];

const acts = (seed: number): Act[] => {
  const draws = randomNumbers(28, seed);
  return Array.from({ length: 14 }, (_, i): Act => {
    const [which, lr] = [(draws[2 * i] + 1) / 2, (draws[2 * i + 1] + 1) / 2];
    if (which < 0.65) return ['step'];
    if (which < 0.74) return ['add', lr];
    if (which < 0.8) return ['addWith', lr];
    return which < 0.88 ? ['set', lr] : ['reload'];
  });
};

const python = `
import copy, json, sys, warnings
import torch
from torch.optim.lr_scheduler import *
warnings.simplefilter('ignore')

def run(made, other, acts):
    p = lambda: torch.ones(1, requires_grad=True)
    o = torch.optim.SGD([{'params': [p()]}, {'params': [p()], 'lr': 0.7}], lr=0.2, momentum=0.9)
    s = eval(made, {**globals(), 'o': o})
    seen = []
    for act, *lr in acts:
        try:
            if act == 'step': s.step()
            if act == 'add': o.add_param_group({'params': [p()], 'lr': lr[0]})
            if act == 'addWith': o.add_param_group({'params': [p()], 'lr': lr[0], 'initial_lr': lr[0], 'max_lr': 0.8, 'min_lr': 0.01, 'max_momentum': 0.9, 'base_momentum': 0.7})
            if act == 'set': o.param_groups[0]['lr'] = lr[0]
            if act == 'reload':
                saved = copy.deepcopy([o.state_dict(), {k: v for k, v in s.state_dict().items() if k != 'anneal_func'}])
                functions = s.__dict__.get('lr_lambdas', []), s.__dict__.get('anneal_func')
                o = torch.optim.SGD([{'params': [p()]} for _ in o.param_groups], lr=0.3, momentum=0.5)
                s = eval(other, {**globals(), 'o': o})
                o.load_state_dict(saved[0])
                s.load_state_dict(saved[1])
                if functions[1]: s.anneal_func = functions[1]
        except Exception as error:
            seen.append('fails')
            break
        seen.append([s.last_epoch, *s.get_last_lr(), *[v for g in o.param_groups for v in (g['lr'], g['momentum'])]])
    return seen

print(json.dumps([run(*case) for case in json.load(sys.stdin)]))
`;

type RateSequence = readonly (readonly number[] | 'fails')[];

function ours(made: Make, other: Make, acts: readonly Act[]): RateSequence {
  const p = (): torch.Tensor[] => [torch.ones(1, { requiresGrad: true })];
  let optimizer = new SGD([{ params: p() }, { params: p(), lr: 0.7 }], { lr: 0.2, momentum: 0.9 });
  let scheduler = made(optimizer);
  const seen: (number[] | 'fails')[] = [];
  for (const [act, lr] of acts) {
    try {
      if (act === 'step') scheduler.step();
      if (act === 'add') optimizer.addParamGroup({ params: p(), lr });
      if (act === 'addWith')
        optimizer.addParamGroup({
          params: p(),
          lr,
          initialLr: lr,
          maxLr: 0.8,
          minLr: 0.01,
          maxMomentum: 0.9,
          baseMomentum: 0.7,
        });
      if (act === 'set') optimizer.paramGroups[0].lr = lr;
      if (act === 'reload') {
        const saved = [optimizer.stateDict(), scheduler.stateDict()] as const;
        optimizer = new SGD(
          optimizer.paramGroups.map(() => ({ params: p() })),
          { lr: 0.3, momentum: 0.5 },
        );
        scheduler = other(optimizer);
        optimizer.loadStateDict(saved[0]);
        scheduler.loadStateDict(JSON.parse(JSON.stringify(saved[1])));
      }
    } catch (error) {
      expect(String(error)).toMatch(/OneCycleLR: (step \d+ is beyond|parameter group \d was added later)/);
      seen.push('fails');
      break;
    }
    seen.push([
      scheduler.lastEpoch,
      ...scheduler.getLastLr(),
      ...optimizer.paramGroups.flatMap((group) => [group.lr, group.momentum]),
    ]);
  }
  return seen;
}

const runs = 40;

describeWith(['python'], 'schedulers', () => {
  let theirs: RateSequence[];

  beforeAll(async () => {
    const cases = schedulers.flatMap(([made, , other], k) =>
      Array.from({ length: runs }, (_, i) => [made, other, acts(k * runs + i)]),
    );
    theirs = JSON.parse((await runPython(python, JSON.stringify(cases))).toString());
  });

  test.each(schedulers.map(([name, made, , other], k) => [name, made, other, k] as const))(
    '%s',
    (_, made, other, k) => {
      for (let i = 0; i < runs; i++) {
        const sequence = acts(k * runs + i);
        const [mine, expected] = [ours(made, other, sequence), theirs[k * runs + i]];
        const said = JSON.stringify(sequence);
        expect(
          mine.map((row) => row.length),
          said,
        ).toEqual(expected.map((row) => row.length));
        mine.forEach((row, n) =>
          row === 'fails'
            ? expect(expected[n], said).toBe(row)
            : row.forEach((v, j) =>
                expect(Math.abs(v - (expected[n][j] as number)), `${said}, ${j} of ${n}`).toBeLessThan(1e-9),
              ),
        );
      }
    },
  );

  test('of measures: the rates fall where PyTorch has them fall', async () => {
    const made: readonly (readonly [python: string, make: (optimizer: SGD) => lrScheduler.ReduceLROnPlateau])[] = [
      ['ReduceLROnPlateau(o, patience=2)', (o) => new ReduceLROnPlateau(o, { patience: 2 })],
      [
        'ReduceLROnPlateau(o, "max", 0.5, 1, 0.1, "abs", cooldown=2, min_lr=[0.05, 0.2])',
        (o) => new ReduceLROnPlateau(o, 'max', 0.5, 1, 0.1, 'abs', 2, [0.05, 0.2]),
      ],
      [
        'ReduceLROnPlateau(o, "max", 0.5, 0, threshold=0.2, min_lr=0.01, eps=0.1)',
        (o) => new ReduceLROnPlateau(o, 'max', 0.5, 0, { threshold: 0.2, minLr: 0.01, eps: 0.1 }),
      ],
      [
        'ReduceLROnPlateau(o, factor=0.3, patience=1, threshold=0.05, threshold_mode="abs")',
        (o) => new ReduceLROnPlateau(o, { factor: 0.3, patience: 1, threshold: 0.05, thresholdMode: 'abs' }),
      ],
    ];
    const measures = Array.from(randomNumbers(40, 7), (v, i) => v / (1 + i / 10));
    const program = `
import json, sys, torch
from torch.optim.lr_scheduler import *
made, measures = json.load(sys.stdin)
def run(text):
    o = torch.optim.SGD([{'params': [torch.ones(1)]}, {'params': [torch.ones(1)], 'lr': 0.7}], lr=0.5)
    s = eval(text, {**globals(), 'o': o})
    seen = []
    for measure in measures:
        s.step(measure)
        seen.append([g['lr'] for g in o.param_groups])
    return seen
print(json.dumps([run(text) for text in made]))
`;
    const expected = JSON.parse(
      String(await runPython(program, JSON.stringify([made.map(([python]) => python), measures]))),
    ) as number[][][];
    made.forEach(([, make], i) => {
      const optimizer = new SGD([{ params: [torch.ones(1)] }, { params: [torch.ones(1)], lr: 0.7 }], { lr: 0.5 });
      let scheduler = make(optimizer);
      measures.forEach((measure, n) => {
        if (n === 20) {
          const saved = scheduler.stateDict();
          scheduler = make(optimizer);
          scheduler.loadStateDict(saved);
        }
        scheduler.step(measure);
        optimizer.paramGroups.forEach(({ lr }, g) => expect(lr).toBeCloseTo(expected[i][n][g], 12));
      });
    });
  });
});

test('a cosine with restarts takes parts of epochs', () => {
  const optimizer = new SGD([torch.ones(1)], { lr: 1 });
  const scheduler = new CosineAnnealingWarmRestarts(optimizer, 2, 2);
  const rates = [0, 0.5, 1, 2, 4, 6].map((epoch) => {
    scheduler.step(epoch);
    return optimizer.paramGroups[0].lr;
  });
  const half = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;
  [1, half(0.25), half(0.5), 1, half(0.5), 1].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 12));
});

test('schedulers of several say what they cannot take', () => {
  const optimizer = new SGD([torch.ones(1)], { lr: 1 });
  const other = new SGD([torch.ones(1)], { lr: 1 });
  expect(() => new SequentialLR(optimizer, [], [])).toThrow('SequentialLR: got no schedulers; give at least one');
  expect(() => new SequentialLR(optimizer, [new ConstantLR(optimizer)], [3])).toThrow(
    'SequentialLR: 1 milestones for 1 schedulers; give one between each two',
  );
  expect(() => new ChainedScheduler([new ConstantLR(optimizer), new ConstantLR(other)])).toThrow(
    'ChainedScheduler: the scheduler at 1 sets the rates of another optimizer; all are made for one',
  );
  expect(() => new ChainedScheduler([new ReduceLROnPlateau(optimizer)])).toThrow(
    'ChainedScheduler: the scheduler at 0 is a ReduceLROnPlateau, whose step needs a measure; step it by itself',
  );
  const cyclic = new CyclicLR(new SGD([torch.ones(1)], { lr: 1, momentum: 0.9 }), 0.1, 0.2);
  expect(cyclic.getLastLr()).toEqual([0.1]);
  expect(() => new ReduceLROnPlateau(optimizer).step(torch.ones([]) as never)).toThrow(
    'step: metrics is a tensor, whose number is not on the host yet; write scheduler.step(await loss.item())',
  );
});

test('a state of several schedulers holds those of each', () => {
  const made = (): [SGD, lrScheduler.SequentialLR] => {
    const optimizer = new SGD([torch.ones(1)], { lr: 1 });
    const all = [new LinearLR(optimizer, 0.1, { totalIters: 3 }), new StepLR(optimizer, 2, 0.5)];
    return [optimizer, new SequentialLR(optimizer, all, [3])];
  };
  const [first, before] = made();
  for (let i = 0; i < 5; i++) before.step();
  const [second, after] = made();
  after.loadStateDict(JSON.parse(JSON.stringify(before.stateDict())));
  second.loadStateDict(first.stateDict());
  for (let i = 0; i < 4; i++) {
    before.step();
    after.step();
    expect(second.paramGroups[0].lr).toBe(first.paramGroups[0].lr);
  }
});
