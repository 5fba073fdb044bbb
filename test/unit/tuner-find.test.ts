/**
 * Intent: find picks the fastest kernel that is right, on a noisy machine with a coarse clock, and keeps its budget.
 */
import { describe, expect, test } from 'vitest';
import { DeviceLostError } from '../../src/base/errors.ts';
import type { StandingCandidate } from '../../src/dnn/choice/records.ts';
import { find } from '../../src/dnn/tuner/find.ts';
import { FakeBench, stream, untriedOf } from '../support/fake-bench.ts';
import type { FakeKernel, FakeOptions } from '../support/fake-bench.ts';

/**
 * Twelve kernels in random order: one best, the next 10% slower, others up to five times; a liar and one that is
 * broken.
 */
function kernelsOf(seed: number, bestNs: number): FakeKernel[] {
  const random = stream(seed + 1000);
  const kernels: FakeKernel[] = [
    { ns: bestNs },
    { ns: 1.1 * bestNs },
    ...Array.from({ length: 8 }, () => ({ ns: bestNs * (1.1 + 4 * random()) })),
    { ns: 0.5 * bestNs, fault: 'lies' },
    { ns: 0.3 * bestNs, fault: 'broken' },
  ];
  return kernels
    .map((kernel) => ({ kernel, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ kernel }) => kernel);
}

async function hits(bestNs: number, options: Omit<FakeOptions, 'seed'>): Promise<{ best: number; faulty: number }> {
  let best = 0;
  let faulty = 0;
  for (let seed = 0; seed < 100; seed++) {
    const kernels = kernelsOf(seed, bestNs);
    const { winner } = await find(untriedOf(kernels), new FakeBench(kernels, { ...options, seed }), {
      budgetMs: 10_000,
    });
    if (kernels[winner].ns === bestNs) best++;
    if (kernels[winner].fault) faulty++;
  }
  return { best, faulty };
}

describe('with the second best 10% behind', () => {
  test.for([
    ['an exact clock', 500_000, { quantumNs: 1 }],
    ['an exact clock and short kernels', 20_000, { quantumNs: 1 }],
    ['the clock of a browser', 500_000, { quantumNs: 65_536 }],
    ['the clock of a browser and short kernels', 20_000, { quantumNs: 100_000 }],
    ['a clock of milliseconds', 200_000, { quantumNs: 1_000_000 }],
    ['strong drift', 500_000, { drift: 2 }],
    ['many spikes', 500_000, { spikes: 0.15 }],
    ['a busy neighbour', 500_000, { neighbour: 0.5 }],
  ] as const)('the best of %s wins in at least 98 of 100 seeds, and never a wrong one', async ([, bestNs, options]) => {
    const { best, faulty } = await hits(bestNs, options);
    expect(best).toBeGreaterThanOrEqual(98);
    expect(faulty).toBe(0);
  });
});

describe('every candidate is reported', () => {
  const kernels: FakeKernel[] = [
    { ns: 1e6 },
    { ns: 5e6 },
    { ns: 1e5, fault: 'lies' },
    { ns: 1e5, fault: 'broken' },
    { ns: 2e5, fault: 'flaky' },
  ];

  test('while it goes on, with how far each is: nobody is timed before it is right', async () => {
    const standings: (readonly StandingCandidate[])[] = [];
    const { records, winner } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1 }), {
      budgetMs: 10_000,
      onStanding: (standing) => void standings.push(standing),
    });
    const stages = ['waiting', 'compiled', 'verified', 'timed'];
    const stagesOf = (i: number): number[] => standings.map((standing) => stages.indexOf(standing[i].stage));
    expect(stagesOf(winner)).toEqual(stagesOf(winner).toSorted()); // nobody goes back
    expect(new Set(stagesOf(winner))).toEqual(new Set([1, 2, 3]));
    expect(standings.at(-1)![winner].timeMs).toBeCloseTo(records[winner].timeMs!, 6);
    const liar = kernels.findIndex(({ fault }) => fault === 'lies');
    expect(standings.some((standing) => standing[liar].timeMs !== undefined)).toBe(false);
    expect(standings.at(-1)![liar].status).toBe('disqualified');
  });

  test('losers with their times, failures with their reasons', async () => {
    const { records, winner, measured } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1 }), {
      budgetMs: 10_000,
    });
    expect(records.map((r) => r.status)).toEqual(['success', 'success', 'disqualified', 'failed', 'disqualified']);
    expect([winner, measured]).toEqual([0, true]);
    expect(records[1].timeMs).toBeGreaterThan(3);
    expect(records[1].samples).toBeLessThan(records[0].samples!);
    expect(records[1].behind!.interval[0]).toBeGreaterThan(0);
    expect(records[1].reason).toBeUndefined();
    expect(records[3].reason).toBe('kernel 3: the driver refused it');
    expect(records[0].reason).toBeUndefined();
  });

  test('a limit leaves the rest untried, by number', async () => {
    const { records } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1 }), {
      budgetMs: 10_000,
      limit: 2,
    });
    expect(records.map((r) => r.status)).toEqual(['success', 'success', 'not tried', 'not tried', 'not tried']);
    expect(records[2].reason).toBe('benchmarkLimit is 2, and this is number 3 by prediction');
  });

  test('where none is right there is no winner', async () => {
    const wrong: FakeKernel[] = [
      { ns: 1e5, fault: 'lies' },
      { ns: 1e5, fault: 'broken' },
      { ns: 1e5, fault: 'flaky' },
    ];
    const { winner, measured } = await find(untriedOf(wrong), new FakeBench(wrong, { seed: 1 }), { budgetMs: 10_000 });
    expect([winner, measured]).toEqual([-1, false]);
  });
});

describe('batches, by what the model expects', () => {
  const winnerOf = async (
    kernels: readonly FakeKernel[],
    options: FakeOptions,
    budgetMs: number,
  ): Promise<FakeKernel & { readonly tried: number }> => {
    const { winner, records } = await find(untriedOf(kernels), new FakeBench(kernels, options), { budgetMs });
    return { ...kernels[winner], tried: records.filter(({ status }) => status === 'success').length };
  };

  test('a slow compiler leaves time to tell the likely ones apart, and the unlikely ones untried', async () => {
    const likely: FakeKernel[] = [
      { ns: 22e6, predictedMs: 10 },
      { ns: 20e6, predictedMs: 12 },
      { ns: 24e6, predictedMs: 15 },
      { ns: 23e6, predictedMs: 19 },
    ];
    const kernels = [...likely, ...Array.from({ length: 20 }, (_, i) => ({ ns: 60e6 + 5e6 * i, predictedMs: 30 + i }))];
    let best = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { ns, tried } = await winnerOf(kernels, { seed, compileMs: 300 }, 5000);
      if (ns === 20e6) best++;
      expect(tried).toBeLessThan(kernels.length);
    }
    expect(best).toBeGreaterThanOrEqual(98);
  });

  test('the best still wins where the model took it for six times slower', async () => {
    const kernels: FakeKernel[] = [
      { ns: 2e6, predictedMs: 1 },
      { ns: 3e6, predictedMs: 1.5 },
      { ns: 5e6, predictedMs: 3 },
      { ns: 1.8e6, predictedMs: 6 },
    ];
    for (let seed = 0; seed < 20; seed++)
      expect(await winnerOf(kernels, { seed }, 10_000)).toMatchObject({ ns: 1.8e6, tried: 4 });
  });

  test('a batch with no time for its rounds leaves the winner of the one before, whatever a few samples say', async () => {
    const kernels: FakeKernel[] = [
      { ns: 20e6, predictedMs: 10 },
      { ns: 24e6, predictedMs: 12 },
      ...Array.from({ length: 8 }, () => ({ ns: 22e6, predictedMs: 25 })),
    ];
    let stays = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { predictedMs } = await winnerOf(kernels, { seed, noise: 0.1, spikes: 0.1, compileMs: 20 }, 2000);
      if (predictedMs! < 25) stays++;
    }
    expect(stays).toBeGreaterThanOrEqual(98);
  });

  test('where the winner of a batch turns out to be wrong, those that were slower are timed again', async () => {
    const kernels: FakeKernel[] = [
      { ns: 3e6, predictedMs: 1 },
      { ns: 1e6, predictedMs: 1.5, fault: 'flaky' },
      { ns: 5e6, predictedMs: 3 },
      { ns: 6e6, predictedMs: 9 },
    ];
    const { records, winner, measured } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1 }), {
      budgetMs: 10_000,
    });
    expect([winner, measured, records[1].status]).toEqual([0, true, 'disqualified']);
    expect(records[0].reason).toBeUndefined();
  });

  test('a hidden tab ends them all', async () => {
    const kernels: FakeKernel[] = [
      { ns: 2e6, predictedMs: 1 },
      { ns: 3e6, predictedMs: 1.5 },
      { ns: 5e6, predictedMs: 3 },
    ];
    const bench = new FakeBench(kernels, { seed: 1 });
    bench.interruption = () => (bench.now() > 25 ? 'the tab was hidden' : undefined);
    const { winner, measured, records } = await find(untriedOf(kernels), bench, { budgetMs: 1000 });
    expect([winner >= 0, measured, records[2].status, records[2].reason]).toEqual([
      true,
      false,
      'not tried',
      'the tab was hidden',
    ]);
  });
});

describe('the budget', () => {
  test('is kept but for the step that had begun, whatever it is', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const budgetMs = 20 + 20 * seed;
      const kernels = kernelsOf(seed, 3e6);
      const bench = new FakeBench(kernels, { seed, quantumNs: 100_000 });
      const { tuningMs, records, winner } = await find(untriedOf(kernels), bench, { budgetMs });
      // Spikes make one step up to four times as long as it was expected to be; the winner is verified once more.
      expect(tuningMs).toBeLessThan(budgetMs + 8 * 5 + 4 * bench.longestStepMs);
      expect(kernels[winner].fault).toBeUndefined();
      for (const { status, reason } of records) if (status === 'not tried') expect(reason).toMatch(/budget/);
    }
  });

  test('leaves room for comparing, however slow the compiler is', async () => {
    const kernels: FakeKernel[] = Array.from({ length: 16 }, (_, i) => ({ ns: 1e6 * (1 + i) }));
    const { records, tuningMs } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1, compileMs: 250 }), {
      budgetMs: 3000,
    });
    const tried = records.filter(({ status }) => status === 'success');
    expect(tried.length).toBeGreaterThanOrEqual(4);
    expect(tuningMs).toBeLessThan(3000);
  });

  test('of nothing tries nothing and says so', async () => {
    const kernels: FakeKernel[] = [{ ns: 1e6 }, { ns: 2e6 }];
    const bench = new FakeBench(kernels, { seed: 1 });
    const { records, winner, tuningMs } = await find(untriedOf(kernels), bench, { budgetMs: 0 });
    expect([winner, tuningMs, bench.now()]).toEqual([-1, 0, 0]);
    expect(records.map((r) => r.reason)).toEqual(['the time budget is 0 ms', 'the time budget is 0 ms']);
  });

  test('that is smaller than one run still tries the likely best', async () => {
    const kernels: FakeKernel[] = [{ ns: 1e9 }, { ns: 2e9 }];
    const { records, winner, measured } = await find(untriedOf(kernels), new FakeBench(kernels, { seed: 1 }), {
      budgetMs: 1,
    });
    expect([winner, measured]).toEqual([0, true]);
    expect(records[1].status).toBe('not tried');
  });
});

describe('trouble in the middle', () => {
  const kernels: FakeKernel[] = [{ ns: 2e6 }, { ns: 1e6 }, { ns: 4e6 }];

  test('a lost device ends the search with its reason', async () => {
    const bench = new FakeBench(kernels, { seed: 1 });
    bench.lostAtMs = 40;
    await expect(find(untriedOf(kernels), bench, { budgetMs: 1000 })).rejects.toThrow(DeviceLostError);
  });

  test('a tab that is hidden while samples are taken gives a right kernel, unmeasured', async () => {
    const bench = new FakeBench(kernels, { seed: 1 });
    bench.interruption = () => (bench.now() > 25 ? 'the tab was hidden' : undefined);
    const { winner, measured, records } = await find(untriedOf(kernels), bench, { budgetMs: 1000 });
    expect([winner >= 0, measured]).toEqual([true, false]);
    expect(records[winner].reason).toBe('the tab was hidden');
  });
});
