/**
 * Intent: what the tables say of a choice is what decided it. No figure that is shown contradicts the decision, and
 * where the times do not tell candidates apart, the words say so.
 */
import { describe, expect, test } from 'vitest';
import type { AlgorithmChoice, PairedComparison } from '../../src/dnn/choice/records.ts';
import { find } from '../../src/dnn/tuner/find.ts';
import { comparePaired } from '../../src/dnn/tuner/paired.ts';
import { sourceText, verdictOf } from '../../src/dnn/choice/verdict.ts';
import { candidate, choice } from '../support/choices.ts';
import { contradictions } from '../support/contradictions.ts';
import { FakeBench, stream, untriedOf } from '../support/fake-bench.ts';
import type { FakeKernel } from '../support/fake-bench.ts';

const behind = (slower: number, low: number, high: number, rounds = 12, through?: string): PairedComparison => ({
  slower,
  interval: [low, high],
  rounds,
  ...(through !== undefined && { through }),
});
const words = (of: AlgorithmChoice): string[] =>
  of.candidates.map((c) => {
    const { text, detail } = verdictOf(of, c);
    return detail === undefined ? text : `${text} | ${detail}`;
  });

describe('a verdict', () => {
  test('tells by how much a loser is slower, how sure that is, or why it was not compared', () => {
    const decided = choice([
      candidate('DIRECT', { timeMs: 2, samples: 31, spread: 0.04 }),
      candidate('GEMM', { timeMs: 2.34, behind: behind(0.17, 0.13, 0.22) }),
      candidate('FFT', { timeMs: 2.008, behind: behind(0.004, 0.001, 0.03, 31, 'IMPLICIT_GEMM 8×8') }),
      candidate('NAIVE', { timeMs: 25, behind: behind(11.4, 9.99, 1233, 3) }),
      candidate('WINOGRAD', { status: 'disqualified', reason: 'differs from the reference' }),
      candidate('FFT_TILING', {
        status: 'not tried',
        predictedMs: 9,
        reason: 'the time budget of 10 ms was spent before it was compiled',
      }),
      candidate('ALGO_9', { status: 'not supported', reason: 'stride is 2' }),
    ]);
    expect(words(decided)).toEqual([
      'chosen',
      '17% slower | 13% to 22% slower, in 12 common rounds',
      '0.4% slower | 0.1% to 3% slower, in 31 common rounds, by way of IMPLICIT_GEMM 8×8',
      '1,100% slower | 999% to 120,000% slower, in 3 common rounds',
      'disqualified: differs from the reference',
      'not tried: the time budget of 10 ms was spent before it was compiled',
      'not supported: stride is 2',
    ]);
    expect(sourceText(decided)).toBe('measured in this run');
  });

  test('says what a measurement in the background has changed', () => {
    const timed = [candidate('DIRECT', { timeMs: 2 }), candidate('GEMM', { timeMs: 3, behind: behind(0.5, 0.4, 0.6) })];
    const since = (algo: string): string =>
      sourceText(choice(timed, { ranMeanwhile: { candidateId: algo, algo, config: '8×8' } }));
    expect(since('DIRECT')).toBe('measured in this run, in the background; it ran from the start');
    expect(since('GEMM')).toBe('measured in this run, in the background; it took the place of GEMM 8×8');
  });

  test('says where it was not decided, beside the chosen one too', () => {
    const open = choice([
      candidate('DIRECT', { timeMs: 2, samples: 6, spread: 2.4 }),
      candidate('GEMM', { timeMs: 1.98, behind: behind(-0.01, -0.2, 0.4, 6) }),
      candidate('FFT', { timeMs: 2.1, behind: behind(0.05, -0.9, 30, 1) }),
    ]);
    expect(words(open)).toEqual([
      'chosen (not decided) | not told apart from GEMM and FFT',
      'not decided | from 20% faster to 40% slower, in 6 common rounds',
      'not decided | only in 1 common round',
    ]);
    expect(sourceText(open)).toBe('measured in this run; not decided between DIRECT, GEMM and FFT');
  });

  test('says that times are unsteady where the order is sure all the same', () => {
    const [first] = words(
      choice([
        candidate('DIRECT', { timeMs: 2, samples: 6, spread: 2.4 }),
        candidate('GEMM', { timeMs: 3, behind: behind(0.5, 0.1, 0.9, 6) }),
      ]),
    );
    expect(first).toBe('chosen | its times are unsteady');
  });

  test('does not call decided what was timed alone', () => {
    const alone = choice([
      candidate('DIRECT', { timeMs: 10, samples: 3 }),
      candidate('GEMM', {
        status: 'not tried',
        predictedMs: 2,
        reason: 'the time budget was spent before it was timed',
      }),
    ]);
    expect(words(alone)[0]).toBe('chosen (not decided) | no other candidate was timed');
    expect(sourceText(alone)).toBe('measured in this run; not decided, since only one was timed');
    expect(
      words(
        choice([
          candidate('DIRECT', { timeMs: 10 }),
          candidate('FFT', { status: 'not supported', reason: 'stride is 2' }),
        ]),
      )[0],
    ).toBe('chosen');
  });

  test('of a forced candidate names its distance from the fastest, which is named too', () => {
    const forced = choice(
      [candidate('GEMM', { timeMs: 1 }), candidate('DIRECT', { timeMs: 1.17, behind: behind(0.17, 0.13, 0.22) })],
      { candidateId: 'DIRECT', source: 'forced' },
    );
    expect(words(forced)).toEqual(['fastest', 'forced | 17% slower, 13% to 22% slower, in 12 common rounds']);
  });

  test('of predictions alone speaks of predictions', () => {
    const predicted = choice(
      [
        candidate('DIRECT', { status: 'not tried', predictedMs: 2 }),
        candidate('GEMM', { status: 'not tried', predictedMs: 3 }),
      ],
      { source: 'heuristic' },
    );
    expect(words(predicted)).toEqual(['chosen', '≈ 50% slower | predicted']);
    const far = choice([predicted.candidates[0], candidate('NAIVE', { status: 'not tried', predictedMs: 1956 })]);
    expect(words(far)[1]).toBe('predicted to take over 100 times as long | predicted');
    expect(words({ ...predicted, candidateId: 'GEMM', source: 'forced' })).toEqual([
      'predicted to be as fast | predicted',
      'forced',
    ]);
  });

  test('of a measurement that was broken off says so, and not that nothing was measured', () => {
    const reason = 'the tab was hidden';
    const broken = choice(
      [
        candidate('DIRECT', { timeMs: 2, samples: 1, reason }),
        candidate('GEMM', { status: 'not tried', predictedMs: 3, reason }),
      ],
      { source: 'heuristic' },
    );
    expect(sourceText(broken)).toBe('measuring was broken off: the tab was hidden');
    expect(words(broken)).toEqual([
      'chosen (not decided) | no other candidate was timed',
      'not tried: the tab was hidden',
    ]);
  });
});

describe('a pair', () => {
  test('is decided where all but a few rounds say the same, and more clearly the fewer they are', () => {
    const slower = (ratio: number, rounds: number): boolean =>
      comparePaired(Array<number>(rounds).fill(ratio), Array<number>(rounds).fill(1))!.interval[0] > 0;
    expect([slower(1.04, 5), slower(1.05, 5), slower(1.001, 31), slower(10, 1), slower(32, 1)]).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  test('of times that the clock does not show is not decided', () => {
    expect(comparePaired([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])).toMatchObject({ slower: 0, rounds: 5 });
    expect(comparePaired([], [1])).toBeUndefined();
  });
});

test('no figure contradicts the decision, whatever the kernels, the noise, the clock and the budget are', async () => {
  let [undecided, decided, chains] = [0, 0, 0];
  for (let seed = 0; seed < 400; seed++) {
    const random = stream(seed + 5000);
    const kernels = Array.from({ length: 2 + Math.floor(10 * random()) }, (): FakeKernel => {
      const ns = 10 ** (4 + 3 * random());
      return {
        ns: random() < 0.5 ? ns : 1e6 * (1 + 0.2 * random()),
        predictedMs: (ns / 1e6) * 4 ** (random() - 0.5),
        fault: random() < 0.1 ? 'lies' : random() < 0.1 ? 'flaky' : undefined,
      };
    });
    const bench = new FakeBench(kernels, {
      seed,
      noise: 0.5 * random() ** 2,
      spikes: 0.2 * random(),
      neighbour: random() < 0.3 ? 0.5 : 0,
      drift: 3 * random(),
      quantumNs: random() < 0.5 ? 1 : 100_000,
    });
    const { records, winner, measured } = await find(untriedOf(kernels), bench, {
      budgetMs: 20 + 3000 * random() ** 2,
    });
    if (winner < 0) continue;
    const order = [winner, ...records.map((_, i) => i).filter((i) => i !== winner)];
    const record = choice(
      order.map((i) => records[i]),
      { source: measured ? 'measured' : 'heuristic' },
    );
    expect(contradictions(record), `seed ${seed}`).toEqual([]);
    if (sourceText(record).includes('not decided')) undecided++;
    else decided++;
    if (records.some(({ behind: pair }) => pair?.through !== undefined)) chains++;
  }
  expect(Math.min(undecided, decided, chains)).toBeGreaterThan(10); // each kind was among them
});
